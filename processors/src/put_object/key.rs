//! The name of an object, safe in every store.

use std::fmt::Write as _;

use object_store::path::Path;
use tutti_sdk::ProcessError;

/// A path in a store from what a flow says. Without loss: two different texts never make one path,
/// but for `./`, which stands for nothing wherever it is, and for `/` at both ends.
///
/// Control characters, parts that are `..`, a name that is `.`, and a `#` before a number at the
/// end of a part (which listings of a folder leave out) are written as `%HH`; so is a `%` that two
/// hexadecimal digits follow, so that it cannot be mistaken for one of those.
pub(super) fn path(text: &str, what: &str) -> Result<Path, ProcessError> {
    // The folder that files are picked up from is `./` to those right in it, wherever a flow puts
    // that: `songs/${path}${filename}` is to be `songs/a.wav`.
    let below: String = text.split_inclusive('/').filter(|part| *part != "./").collect();
    let parts: Vec<String> = below.trim_matches('/').split('/').map(safe_part).collect();
    if parts.iter().any(String::is_empty) {
        return Err(ProcessError::user(format!("the {what} {text:?} has an empty part"))
            .with_help("check the attributes that it is made from"));
    }
    Path::parse(parts.join("/")).map_err(|error| {
        ProcessError::user(format!("{text:?} cannot be the {what}")).caused_by(error)
    })
}

fn safe_part(part: &str) -> String {
    if part == "." || part == ".." {
        return part.replace('.', "%2E");
    }
    let mut safe = String::with_capacity(part.len());
    for (at, letter) in part.char_indices() {
        let rest = &part[at + letter.len_utf8()..];
        let is_odd = match letter {
            '%' => rest.len() >= 2 && rest.bytes().take(2).all(|byte| byte.is_ascii_hexdigit()),
            '#' => !rest.is_empty() && rest.bytes().all(|byte| byte.is_ascii_digit()),
            _ => letter.is_ascii_control(),
        };
        if is_odd {
            // Writing to a text cannot fail.
            let _ = write!(safe, "%{:02X}", u32::from(letter));
        } else {
            safe.push(letter);
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn odd_names_are_safe_and_different() {
        for (text, expected) in [
            ("a b/Ärger & co.wav.json", "a b/Ärger & co.wav.json"),
            ("line\nend", "line%0Aend"),
            ("line%0Aend", "line%250Aend"),
            ("100% pure", "100% pure"),
            ("../../etc/passwd", "%2E%2E/%2E%2E/etc/passwd"),
            ("/take#7", "take%237"),
            ("./a.wav", "a.wav"),
            ("./../a", "%2E%2E/a"),
            ("songs/./a.wav", "songs/a.wav"),
            ("/././songs/./", "songs"),
            ("a./.b", "a./.b"),
            (".", "%2E"),
            ("a/.", "a/%2E"),
            ("a#b", "a#b"),
        ] {
            assert_eq!(path(text, "object key").unwrap().as_ref(), expected);
        }
        for text in ["", "/", "./", "a//b", "a/.//b"] {
            let error = path(text, "object key").unwrap_err();
            assert!(error.to_string().contains("has an empty part"), "{text:?}");
        }
    }
}
