//! What can be a name.

/// The most characters of a name.
const NAME_MAX_CHARACTERS: usize = 128;
/// Names of files are shorter, with what is put behind them.
pub(crate) const FLOW_NAME_MAX_BYTES: usize = 200;
/// What the names of a flow's other files end with, before `.json`.
pub(crate) const OTHER_FILES: [&str; 3] = [".layout", ".tests", ".schema"];

/// What is wrong, and what would be right.
type Wrong = (String, &'static str);

/// Checks the name of a component, a context or a group.
pub(crate) fn check_name(name: &str) -> Result<(), Wrong> {
    let help = "a name has 1 to 128 characters, no \"/\" and no line breaks, and neither begins \
                nor ends with a space";
    if name.is_empty() {
        return Err(("an empty name".to_owned(), help));
    }
    if name.chars().count() > NAME_MAX_CHARACTERS {
        return Err(("the name is too long".to_owned(), help));
    }
    if name.contains('/') {
        let help = "\"/\" stands between a group and what is in it: write something else";
        return Err((format!("\"{name}\" has a \"/\""), help));
    }
    if name.chars().any(char::is_control) || name.trim() != name {
        return Err((format!("{name:?} has space or control characters in the wrong place"), help));
    }
    Ok(())
}

/// Checks the name of a flow, which is that of a file as well.
pub(crate) fn check_flow_name(name: &str) -> Result<(), Wrong> {
    let is_fit = |letter: char| letter.is_alphanumeric() || matches!(letter, '-' | '_' | '.');
    let help = "the name of a flow is that of its file: letters, digits, \"-\", \"_\" and \".\" \
                (not first), at most 128, not ending in \".layout\", \".tests\" or \".schema\"";
    let is_right = !name.is_empty()
        && name.chars().count() <= NAME_MAX_CHARACTERS
        && name.chars().all(is_fit)
        && name.len() <= FLOW_NAME_MAX_BYTES
        && !name.starts_with('.')
        && !OTHER_FILES.iter().any(|end| name.ends_with(end));
    if is_right { Ok(()) } else { Err((format!("{name:?} is not a name for a flow"), help)) }
}

/// Checks the name of a test.
pub(super) fn check_test_name(name: &str) -> Result<(), Wrong> {
    let help = "the name of a test has 1 to 128 characters and no line breaks, and neither begins \
                nor ends with a space";
    let is_right = !name.is_empty()
        && name.chars().count() <= NAME_MAX_CHARACTERS
        && !name.chars().any(char::is_control)
        && name.trim() == name;
    if is_right { Ok(()) } else { Err((format!("{name:?} is not a name for a test"), help)) }
}

/// Checks the name of a parameter; as in NiFi.
pub(crate) fn check_parameter_name(name: &str) -> Result<(), Wrong> {
    let is_fit =
        |letter: char| letter.is_ascii_alphanumeric() || matches!(letter, '-' | '_' | '.' | ' ');
    let help = "the name of a parameter has letters, digits, spaces, \"-\", \"_\" and \".\", \
                at most 128";
    let is_right = !name.is_empty()
        && name.len() <= NAME_MAX_CHARACTERS
        && name.chars().all(is_fit)
        && name.trim() == name;
    if is_right { Ok(()) } else { Err((format!("{name:?} is not a name for a parameter"), help)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same cases hold for the page in the browser, which tells while somebody types.
    #[test]
    fn a_name_is_right_or_wrong_for_everybody() {
        let cases = include_str!("../../tests/shared/names.json");
        let cases: serde_json::Value = serde_json::from_str(cases).unwrap();
        let is_right = |kind: &str, name: &str| match kind {
            "component" => check_name(name).is_ok(),
            _ => check_flow_name(name).is_ok(),
        };
        for kind in ["component", "flow"] {
            for (member, expected) in [("right", true), ("wrong", false)] {
                let names = cases[kind][member].as_array().unwrap();
                for name in names.iter().map(|name| name.as_str().unwrap()) {
                    assert_eq!(is_right(kind, name), expected, "{kind} {name:?}");
                }
            }
        }
    }

    #[test]
    fn names_are_checked() {
        for right in ["Get recordings", "è", "a.b", "a -> b"] {
            assert_eq!(check_name(right), Ok(()), "{right}");
        }
        for wrong in ["", " a", "a ", "a/b", "a\nb", &"a".repeat(129)] {
            assert!(check_name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_of_flows_are_names_of_files() {
        assert_eq!(check_flow_name("audio-features_2.1"), Ok(()));
        for wrong in ["", "..", ".a", "a b", "a/b", "a\\b", "a.layout", "a.tests"] {
            assert!(check_flow_name(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn names_of_parameters_are_nifis() {
        assert_eq!(check_parameter_name("my input-2.x_y"), Ok(()));
        for wrong in ["", " a", "a:b", "a}", "é"] {
            assert!(check_parameter_name(wrong).is_err(), "{wrong}");
        }
    }
}
