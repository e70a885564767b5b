//! What holds for every page: one title, and no way that leads nowhere.

/// Folders at the root; a path in backquotes that begins with one of them must exist.
const ROOTS: &[&str] = &[
    ".ci/",
    "audio/",
    "cli/",
    "docs/",
    "engine/",
    "expression/",
    "flows/",
    "model/",
    "processors/",
    "python/",
    "sdk/",
    "server/",
    "tests/",
    "web-ui/",
    "xtask/",
];

/// Checks one page; `exists` knows the paths of the repository, and the tests in them.
pub(super) fn check(
    name: &str,
    text: &str,
    exists: &dyn Fn(&str) -> bool,
    wrong: &mut Vec<String>,
) {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut fenced = false;
    let mut titles = 0;
    for (index, line) in text.lines().enumerate() {
        fenced ^= line.trim_start().starts_with("```");
        if fenced {
            continue;
        }
        titles += usize::from(line.starts_with("# "));
        let links = links(line).filter_map(|link| resolve(folder, link));
        for path in links.filter(|path| !exists(path)) {
            wrong.push(format!("{name}:{}: there is no \"{path}\"", index + 1));
        }
        let is_there = |path: &str| exists(path) || exists(&format!("{folder}/{path}"));
        for path in quoted(line).filter(|path| !is_there(path)) {
            wrong.push(format!("{name}:{}: there is no \"{path}\"", index + 1));
        }
    }
    if titles != 1 {
        wrong.push(format!("{name}: {titles} headings of the first level, not one"));
    }
}

/// The targets of `[text](target)`.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// Paths in backquotes, where they are plainly meant as such: whole, of a folder or of a file with
/// an extension, and without a part that the reader is to fill in. A test may be named after its
/// file, as `FILE::NAME`.
fn quoted(line: &str) -> impl Iterator<Item = &str> {
    let inside = line.split('`').skip(1).step_by(2);
    inside.filter(|text| {
        let path = text.split("::").next().unwrap_or_default();
        let last = path.rsplit('/').next().unwrap_or_default();
        let is_whole = last.is_empty() || last.contains('.');
        let is_plain = !path.contains([' ', '*', '<', '{', '$', ':']) && !path.contains("NAME");
        is_whole && is_plain && ROOTS.iter().any(|root| path.starts_with(root))
    })
}

/// A link as a path of the repository; nothing for the web and for places within the page.
fn resolve(folder: &str, link: &str) -> Option<String> {
    let path = link.split('#').next().filter(|path| !path.is_empty())?;
    if path.contains("://") || path.starts_with("mailto:") {
        return None;
    }
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in path.split('/') {
        match part {
            "." | "" => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    Some(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn wrong(name: &str, text: &str) -> Vec<String> {
        let mut wrong = Vec::new();
        check(name, text, &|path| ["docs/there.md", "docs/a.rs::b"].contains(&path), &mut wrong);
        wrong
    }

    #[test]
    fn ways_are_followed_from_where_they_begin() {
        let text = "# A\n[x](there.md#place) [y](../docs/there.md) `docs/there.md` [z](#here)\n";
        assert_eq!(wrong("docs/a.md", text), Vec::<String>::new());
        let text = "# A\n[x](there.md) and `docs/gone.md`\n```sh\ncat `docs/gone`\n```\n";
        assert_eq!(wrong("a.md", text).len(), 2);
        assert_eq!(wrong("a.md", "# A\n`docs/a.rs::b` `docs/a.rs::c`\n").len(), 1);
    }

    #[test]
    fn a_page_has_one_title() {
        assert_eq!(wrong("a.md", "text\n").len(), 1);
        assert_eq!(wrong("a.md", "# A\n# B\n").len(), 1);
        assert_eq!(wrong("a.md", "# A\n```sh\n# a comment\n```\n").len(), 0);
    }
}
