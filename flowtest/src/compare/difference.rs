//! Two texts of several lines, side by side.

/// Equal lines that are shown before and after what differs.
const CONTEXT: usize = 2;
/// The most lines that are shown of what differs, of each text.
const LINES_MAX: usize = 20;

/// What differs, with the lines around it: `-` what was expected, `+` what came.
pub(super) fn lines(expected: &str, got: &str) -> Vec<String> {
    let expected: Vec<&str> = expected.split('\n').collect();
    let got: Vec<&str> = got.split('\n').collect();
    let alike = |pairs: &mut dyn Iterator<Item = (&&str, &&str)>| {
        pairs.take_while(|(one, other)| one == other).count()
    };
    let before = alike(&mut expected.iter().zip(&got));
    let left = expected.len().min(got.len()) - before;
    let after = alike(&mut expected.iter().rev().zip(got.iter().rev()).take(left));
    let mut shown = vec![format!("expected (-) and got (+), from line {}:", before + 1)];
    let context =
        |lines: &[&str]| -> Vec<String> { lines.iter().map(|line| format!("  {line}")).collect() };
    shown.extend(context(&expected[before.saturating_sub(CONTEXT)..before]));
    for (sign, all) in [('-', &expected), ('+', &got)] {
        let differing = &all[before..all.len() - after];
        let lines = differing.iter().take(LINES_MAX);
        shown.extend(lines.map(|line| format!("{sign} {line}")));
        if differing.len() > LINES_MAX {
            shown.push(format!("{sign} … {} lines more", differing.len() - LINES_MAX));
        }
    }
    let end = expected.len() - after;
    shown.extend(context(&expected[end..expected.len().min(end + CONTEXT)]));
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_differs_is_shown_with_what_is_around() {
        let shown = lines("a\nb\nc\nd\ne\nf", "a\nb\nc\nX\nY\ne\nf");
        let expected = [
            "expected (-) and got (+), from line 4:",
            "  b",
            "  c",
            "- d",
            "+ X",
            "+ Y",
            "  e",
            "  f",
        ];
        assert_eq!(shown, expected);
        assert_eq!(lines("a\na", "a")[1..], ["  a", "- a"]);
        assert!(lines(&"a\n".repeat(50), "").contains(&"- … 30 lines more".to_owned()));
    }
}
