//! What holds for every file of Rust.

const LINES_MAX: usize = 500;
const COLUMNS_MAX: usize = 100;

/// Test modules that are named for what they test need no introduction.
const TESTS: &[&str] = &["/tests.rs", "_tests.rs"];

pub(super) fn check(name: &str, text: &str, wrong: &mut Vec<String>) {
    let lines = text.lines().count();
    if lines > LINES_MAX {
        wrong.push(format!("{name}: {lines} lines, over {LINES_MAX}"));
    }
    if !text.starts_with("//!") && !TESTS.iter().any(|end| name.ends_with(end)) {
        wrong.push(format!("{name}: does not begin with what the module is for (`//!`)"));
    }
    for (index, line) in text.lines().enumerate() {
        if line.chars().count() > COLUMNS_MAX {
            wrong.push(format!("{name}:{}: longer than {COLUMNS_MAX} columns", index + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn long_files_long_lines_and_no_introduction_are_told() {
        let mut wrong = Vec::new();
        super::check("src/a.rs", &format!("{}\n{}", "x".repeat(101), "\n".repeat(500)), &mut wrong);
        assert_eq!(wrong.len(), 3, "{wrong:?}");
        wrong.clear();
        super::check("src/a.rs", "//! What it is for.\n", &mut wrong);
        super::check("src/a/tests.rs", "use super::*;\n", &mut wrong);
        assert_eq!(wrong, Vec::<String>::new());
    }
}
