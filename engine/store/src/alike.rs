//! Which messages say the same: what tells one flowfile from another is left out of them, so that
//! ten thousand files that cannot be read are one line with a count, and push nothing else out.
//!
//! It only looks at the text. Two messages that differ in words alone are never the same.

use tutti_model::bulletin::{Bulletin, Level};

/// Stands for what was left out.
const DATA: char = '*';
/// Of a longer message the beginning tells what kind it is.
const LENGTH_MAX: usize = 4_096;
/// So many digits without a sign of another base are hardly a word.
const HEX_MIN: usize = 8;
const QUOTES: [char; 3] = ['"', '\'', '`'];

/// What a bulletin has in common with those that it is counted with. Only warnings and errors have
/// their data left out: what is less was asked for because of the data.
pub(crate) fn fingerprint(bulletin: &Bulletin) -> String {
    if bulletin.level < Level::Warning {
        return bulletin.message.clone();
    }
    outline(&bulletin.message, bulletin.filename.as_deref())
}

/// A message about the flowfile with this name, without its data: what stands in quotes, the name,
/// numbers, paths, addresses and numbers in hexadecimal.
pub fn outline(message: &str, filename: Option<&str>) -> String {
    // A name such as "file" is a word of the message more often than it is the name.
    let filename = filename.filter(|name| !name.chars().all(char::is_alphabetic));
    let mut rest = &message[..message.floor_char_boundary(LENGTH_MAX)];
    let mut outline = String::new();
    let mut before = ' ';
    let mut is_unclosed = [false; QUOTES.len()];
    while let Some(next) = rest.chars().next() {
        if next.is_whitespace() {
            outline.push(' ');
            before = next;
            rest = rest.trim_start();
            continue;
        }
        let is_bounded = !before.is_alphanumeric();
        let quote = QUOTES.iter().position(|quote| *quote == next);
        let quoted = quote.filter(|quote| is_bounded && !is_unclosed[*quote]).and_then(|quote| {
            let length = quoted(rest, next);
            is_unclosed[quote] = length.is_none();
            length
        });
        let named = || filename.filter(|_| is_bounded).and_then(|name| starts_with(rest, name));
        let length = if let Some(length) = quoted.or_else(named) {
            leave_out(&mut outline);
            length
        } else {
            let length = word(rest);
            if is_data(&rest[..length]) {
                leave_out(&mut outline);
            } else {
                outline.push_str(&rest[..length]);
            }
            length
        };
        before = rest[..length].chars().next_back().unwrap_or(before);
        rest = &rest[length..];
    }
    outline
}

/// Several in a row are as one: a list says the same, however long it is.
fn leave_out(outline: &mut String) {
    let kept = outline.trim_end_matches([' ', ',']);
    if kept.ends_with(DATA) {
        outline.truncate(kept.len());
    } else {
        outline.push(DATA);
    }
}

/// The bytes of what begins with a quote and ends with the same before no letter.
fn quoted(text: &str, quote: char) -> Option<usize> {
    let mut characters = text.char_indices().skip(1).peekable();
    while let Some((index, character)) = characters.next() {
        if character == '\\' {
            characters.next();
        } else if character == quote
            && characters.peek().is_none_or(|(_, after)| !after.is_alphanumeric())
        {
            return Some(index + quote.len_utf8());
        }
    }
    None
}

fn starts_with(text: &str, name: &str) -> Option<usize> {
    let after = text.strip_prefix(name).filter(|_| !name.is_empty())?;
    let is_bounded = after.chars().next().is_none_or(|after| !after.is_alphanumeric());
    is_bounded.then_some(name.len())
}

/// The bytes of a word, at least one: up to white space, or a quote that may begin something.
fn word(text: &str) -> usize {
    let mut before = None;
    for (index, character) in text.char_indices() {
        let begins = |before: char| QUOTES.contains(&character) && !before.is_alphanumeric();
        if character.is_whitespace() || before.is_some_and(begins) {
            return index;
        }
        before = Some(character);
    }
    text.len()
}

fn is_data(word: &str) -> bool {
    let bare = word.trim_matches(|character: char| !character.is_alphanumeric());
    let is_digit = |byte: u8| byte.is_ascii_hexdigit() || byte == b'-';
    let is_hex = bare.len() >= HEX_MIN && bare.bytes().all(is_digit);
    is_hex
        || word.contains(|each: char| each.is_numeric() || ['/', '\\', '@'].contains(&each))
        || bare.contains('.')
}

#[cfg(test)]
mod tests {
    use super::*;

    use proptest::prelude::*;

    /// Kinds of messages, each as it is told of several flowfiles.
    const KINDS: &[&[(&str, &str)]] = &[
        &[
            (r#"there is a file "/out/f1.mp3" already"#, "f1.mp3"),
            (r#"there is a file "/out/a b.mp3" already"#, "a b.mp3"),
            (r#"there is a file "/other/say \"hi\".mp3" already"#, "say \"hi\".mp3"),
            (r#"there is a file "say "hi".mp3" already"#, "say \"hi\".mp3"),
        ],
        &[(r#"there is no folder "/out""#, "f1.mp3"), (r#"there is no folder "/in""#, "f2.mp3")],
        &[
            ("cannot decode: it begins with the text 'no audio 99'", "a"),
            ("cannot decode: it begins with the text 'no audio at all'", "b"),
        ],
        &[
            ("line 12 is longer than 1,000 bytes", "a.txt"),
            ("line 7 is longer than 99 bytes", "b.txt"),
        ],
        &[
            ("the flowfile 0c2a6f6e-55a4-4b56-9c1e-3e1d0f7f5a11 is not there", "a"),
            ("the flowfile ffffffff-ffff-ffff-ffff-ffffffffffff is not there", "b"),
        ],
        &[("the hash deadbeef is of others", "a"), ("the hash cafebabe is of others", "b")],
        &[
            ("cannot connect to 10.0.0.1:80: timed out", "a"),
            ("cannot connect to [::1]:8080: timed out", "a"),
            ("cannot connect to http://there/a?b: timed out", "a"),
            ("cannot connect to store.example.com: timed out", "a"),
        ],
        &[("cannot connect to 10.0.0.1:80: refused", "a")],
        &[
            ("the store does not have: my song (live)", "my song (live)"),
            ("the store does not have: other song", "other song"),
        ],
        &[("the processor's file was lost", "file"), ("the processor's file was lost", "lost")],
        &[(r#"these were left out: "a", "b", "c""#, "a"), (r#"these were left out: "d""#, "d")],
        &[("a quote ' that never ends", "a")],
        &[("a quote ' that never ends, either", "a")],
    ];

    #[test]
    fn what_differs_in_data_is_the_same_and_what_differs_in_words_is_not() {
        let mut kinds: Vec<String> = Vec::new();
        for kind in KINDS {
            let outlines: Vec<_> =
                kind.iter().map(|(message, name)| outline(message, Some(name))).collect();
            assert!(outlines.iter().all(|each| *each == outlines[0]), "{outlines:#?}");
            assert!(!kinds.contains(&outlines[0]), "{kinds:#?} has {}", outlines[0]);
            kinds.push(outlines[0].clone());
        }
    }

    #[test]
    fn what_is_told_because_of_its_data_is_kept_apart() {
        let of = |level, message: &str| {
            fingerprint(&Bulletin::new(level, tutti_model::flowfile::Timestamp(0), "Log", message))
        };
        assert_eq!(of(Level::Warning, "size: 1"), of(Level::Warning, "size: 2"));
        assert_ne!(of(Level::Info, "size: 1"), of(Level::Info, "size: 2"));
    }

    #[test]
    fn a_message_of_quotes_takes_no_longer_than_another() {
        // Looked for anew from each, what closes them would be looked for 4,096 times.
        let message = " \"a".repeat(1_000_000);
        assert!(outline(&message, None).len() <= LENGTH_MAX);
    }

    proptest! {
        #[test]
        fn whatever_stands_in_quotes_counts_for_nothing(name in "\\PC{0,40}", text in "\\PC*") {
            let told = outline(&format!("cannot read {name:?} now"), Some(&name));
            prop_assert_eq!(told, outline("cannot read \"x\" now", None));
            let _any = outline(&text, Some(&name));
        }
    }
}
