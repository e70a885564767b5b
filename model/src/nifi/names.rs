//! Names for what NiFi tells apart by ids: each is a name here, and of its own.

use std::collections::HashSet;

use crate::read::names::{FLOW_NAME_MAX_BYTES, OTHER_FILES};

/// The most characters of a name.
const NAME_MAX_CHARACTERS: usize = 128;

/// A name as near to `theirs` as a name can be; `otherwise` where nothing of it is left.
pub(super) fn name(theirs: &str, otherwise: &str) -> String {
    let fit = |letter: char| match letter {
        '/' => '-',
        letter if letter.is_control() => ' ',
        letter => letter,
    };
    let fitting: String = theirs.trim().chars().map(fit).take(NAME_MAX_CHARACTERS).collect();
    let fitting = fitting.trim();
    if fitting.is_empty() { otherwise.to_owned() } else { fitting.to_owned() }
}

/// The name of a flow, and so of a file.
pub(super) fn flow_name(theirs: &str) -> String {
    let mut fitting = String::new();
    for letter in theirs.trim().chars().take(NAME_MAX_CHARACTERS) {
        if fitting.len() + letter.len_utf8() > FLOW_NAME_MAX_BYTES {
            break;
        }
        let is_fit = letter.is_alphanumeric() || matches!(letter, '_' | '.');
        match (is_fit, fitting.ends_with('-')) {
            (true, _) => fitting.push(letter),
            (false, false) => fitting.push('-'),
            (false, true) => {}
        }
    }
    let mut fitting = fitting.trim_start_matches(['.', '-']).trim_end_matches('-');
    while let Some(rest) = OTHER_FILES.iter().find_map(|end| fitting.strip_suffix(end)) {
        fitting = rest;
    }
    if fitting.is_empty() { "flow".to_owned() } else { fitting.to_owned() }
}

/// Names that are taken.
#[derive(Default)]
pub(super) struct Taken(HashSet<String>);

impl Taken {
    /// `name`, or with a number behind it where it is taken.
    pub(super) fn unique(&mut self, name: String) -> String {
        if self.0.insert(name.clone()) {
            return name;
        }
        // As many numbers as there are names, so that one is free.
        for number in 2..=self.0.len() + 2 {
            let ending = format!(" {number}");
            let room = NAME_MAX_CHARACTERS - ending.len();
            let short: String = name.chars().take(room).collect();
            let numbered = format!("{}{ending}", short.trim_end());
            if self.0.insert(numbered.clone()) {
                return numbered;
            }
        }
        name
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_stay_as_they_are_where_they_can() {
        for (theirs, ours) in [
            ("Get recordings", "Get recordings"),
            (" a/b\n", "a-b"),
            ("", "Funnel"),
            ("\t", "Funnel"),
        ] {
            assert_eq!(name(theirs, "Funnel"), ours, "{theirs}");
        }
        let mut taken = Taken::default();
        let unique = ["a", "a", "a 2", "a"].map(|name| taken.unique(name.to_owned()));
        assert_eq!(unique, ["a", "a 2", "a 2 2", "a 3"]);
        for (theirs, ours) in
            [("NiFi Flow", "NiFi-Flow"), ("..a/ b--", "a-b"), ("", "flow"), ("a.layout.tests", "a")]
        {
            assert_eq!(flow_name(theirs), ours, "{theirs}");
        }
    }

    proptest! {
        #[test]
        fn whatever_they_are_they_become_names(theirs in "\\PC{0,150}|[a/. \\n-]{0,10}") {
            let mut taken = Taken::default();
            for _ in 0..3 {
                let ours = taken.unique(name(&theirs, "Label"));
                prop_assert!(crate::read::names::check_name(&ours).is_ok(), "{ours:?}");
            }
            let ours = flow_name(&theirs);
            prop_assert!(crate::read::names::check_flow_name(&ours).is_ok(), "{ours:?}");
        }
    }
}
