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
pub(crate) fn path(text: &str, what: &str) -> Result<Path, ProcessError> {
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

/// The path in a store of an object that is there, by the key that the store has it under.
pub(crate) fn existing(text: &str) -> Result<Path, ProcessError> {
    let failed = |error| {
        ProcessError::user(format!("{text:?} cannot be the key of an object"))
            .caused_by(error)
            .with_help("give it as the attribute \"object.key\" has it")
    };
    let key = Path::parse(text).map_err(|error| failed(error.to_string()))?;
    if key.as_ref().is_empty() { Err(failed("it is empty".to_owned())) } else { Ok(key) }
}

/// The path in a store of the folder that is to hold all keys, or of everything.
pub(crate) fn prefix(text: &str) -> Result<Path, ProcessError> {
    let parsed = match text.strip_prefix('/') {
        Some(_) => Err("no key begins with \"/\"".to_owned()),
        None => Path::parse(text).map_err(|error| error.to_string()),
    };
    parsed.map_err(|why| {
        ProcessError::user(format!("{text:?} cannot be the beginning of keys"))
            .caused_by(why)
            .with_help("write it as keys have it, without a \"/\" in front, as in \"2024/\"")
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
        for text in ["a b/Ärger & co.wav.json", "line%0Aend", "100% pure", "take#7", "%2E%2E/a"] {
            assert_eq!(existing(text).unwrap().as_ref(), text, "as the store has it");
        }
        assert_eq!(prefix("2024/").unwrap().as_ref(), "2024");
        assert!(prefix("/2024").is_err() && prefix("a//b").is_err());
        for text in ["", "/", "a//b", "../a", "a/.", "a\nb"] {
            let error = existing(text).unwrap_err();
            assert!(error.to_string().contains("cannot be the key"), "{text:?}");
        }
        for text in ["", "/", "./", "a//b", "a/.//b"] {
            let error = path(text, "object key").unwrap_err();
            assert!(error.to_string().contains("has an empty part"), "{text:?}");
        }
    }
}
