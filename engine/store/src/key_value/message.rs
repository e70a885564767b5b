//! What sled's messages say, without where in its source they come from.
//!
//! sled puts its crate, a path of the machine that built it, and a line in front of every error on
//! its way up, and makes a new error of it, which does not know the system's number any more.

use std::io;

/// What stands between a place in the source and what was said there.
const ARROW: &str = " -> ";
/// What a place in the source begins with.
const PLACE: &str = "sled:";

/// `text` without places in sled's source.
pub(super) fn without_places(text: &str) -> String {
    let mut kept = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once(ARROW) {
        match before.rfind(PLACE) {
            Some(place) => kept.push_str(&before[..place]),
            None => kept.extend([before, ARROW]),
        }
        rest = after;
    }
    kept + rest
}

/// The error as the system gave it, if it did.
pub(super) fn original(error: io::Error) -> io::Error {
    if error.raw_os_error().is_some() {
        return error;
    }
    let text = without_places(&error.to_string());
    let number = text.rsplit_once("(os error ").and_then(|(_, end)| end.strip_suffix(')'));
    match number.and_then(|number| number.parse().ok()) {
        Some(number) => io::Error::from_raw_os_error(number),
        None => io::Error::new(error.kind(), text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_in_the_source_are_left_out_however_many_and_wherever() {
        for (text, expected) in [
            ("sled:/a/src/heap.rs:530 -> crc mismatch", "crc mismatch"),
            ("sled:/a/b.rs:1 -> sled:/a/c.rs:22 -> crc mismatch", "crc mismatch"),
            (
                "an error: Custom { error: \"sled:/a.rs:1 -> x\" }",
                "an error: Custom { error: \"x\" }",
            ),
            ("a -> b", "a -> b"),
            ("sled: it", "sled: it"),
            ("", ""),
        ] {
            assert_eq!(without_places(text), expected);
        }
    }

    #[test]
    fn what_the_system_said_is_told_with_its_number() {
        let system = io::Error::from_raw_os_error(24);
        let told = io::Error::new(system.kind(), format!("sled:/a.rs:1 -> {system}"));
        assert_eq!(original(told).raw_os_error(), Some(24));
        assert_eq!(original(system).raw_os_error(), Some(24));
        let other = original(io::Error::other("sled:/a.rs:1 -> it failed (os error x)"));
        assert_eq!(other.to_string(), "it failed (os error x)");
    }
}
