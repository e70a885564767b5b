//! Content that is text, and which kind of it.

use serde::Deserialize as _;
use serde::de::IgnoredAny;

use super::Kind;
use crate::text::{CharacterSet, Decoder};

/// What kinds of text are called by, in small letters.
const BY_NAME: &[(&str, Kind)] = &[
    (".csv", Kind::new("text/csv", "csv")),
    (".tsv", Kind::new("text/tab-separated-values", "tsv")),
    (".md", Kind::new("text/markdown", "md")),
    (".css", Kind::new("text/css", "css")),
    (".js", Kind::new("text/javascript", "js")),
    (".m3u", Kind::new("audio/x-mpegurl", "m3u")),
    (".m3u8", Kind::new("audio/x-mpegurl", "m3u")),
    (".yaml", Kind::new("application/yaml", "yaml")),
    (".yml", Kind::new("application/yaml", "yaml")),
    (".toml", Kind::new("application/toml", "toml")),
    (".json", Kind::new("application/json", "json")),
    (".xml", Kind::new("application/xml", "xml")),
    (".html", Kind::new("text/html", "html")),
];
/// How text begins that is told by that, in small letters.
const BY_BEGINNING: &[(&str, Kind)] = &[
    ("<!doctype html", Kind::new("text/html", "html")),
    ("<html", Kind::new("text/html", "html")),
    ("<svg", Kind::new("image/svg+xml", "svg")),
    ("<?xml", Kind::new("application/xml", "xml")),
    ("#!", Kind::new("application/x-sh", "sh")),
];
/// Characters of the beginning that are compared.
const BEGINNING_CHARACTERS: usize = 20;

/// The kind of text that begins with a mark of its character set.
pub(super) fn marked(bytes: &[u8], is_all: bool, name: &str) -> Option<Kind> {
    let (charset, called) = match bytes {
        [0xff, 0xfe, ..] => (CharacterSet::Utf16, "UTF-16LE"),
        [0xfe, 0xff, ..] => (CharacterSet::Utf16, "UTF-16BE"),
        [0xef, 0xbb, 0xbf, ..] => (CharacterSet::Utf8, "UTF-8"),
        _ => return None,
    };
    let text = decoded(bytes, is_all, charset)?;
    Some(kind(text.trim_start_matches('\u{feff}'), is_all, name, called))
}

/// The kind of text, if it is text.
pub(super) fn identify(bytes: &[u8], is_all: bool, name: &str) -> Option<Kind> {
    if bytes.is_empty() {
        return None;
    }
    if let Some(text) = decoded(bytes, is_all, CharacterSet::Utf8) {
        return Some(kind(&text, is_all, name, "UTF-8"));
    }
    // Bytes that are characters in neither of the sets that have 256 of them.
    let is_control = |byte: &u8| (0x80..0xa0).contains(byte);
    if bytes.iter().any(is_control) {
        return None;
    }
    let text = decoded(bytes, is_all, CharacterSet::Latin1)?;
    Some(kind(&text, is_all, name, "ISO-8859-1"))
}

/// The text of `bytes`, where they are one, and one without characters that no text has.
fn decoded(bytes: &[u8], is_all: bool, charset: CharacterSet) -> Option<String> {
    let mut text = String::new();
    Decoder::new(charset).decode(bytes, is_all, &mut text).ok()?;
    let is_foreign = |letter: char| {
        letter.is_ascii_control() && !matches!(letter, '\t' | '\n' | '\r' | '\u{c}' | '\u{1b}')
    };
    (!text.contains(is_foreign)).then_some(text)
}

fn kind(text: &str, is_all: bool, name: &str, charset: &'static str) -> Kind {
    let begun = text.trim_start();
    let beginning: String =
        begun.chars().take(BEGINNING_CHARACTERS).collect::<String>().to_lowercase();
    let by_beginning = BY_BEGINNING.iter().find(|(begin, _)| beginning.starts_with(begin));
    let name = name.to_lowercase();
    let by_name = || BY_NAME.iter().find(|(end, _)| name.ends_with(end));
    let kind = match by_beginning {
        Some((_, kind)) => *kind,
        None if is_json(begun, is_all) => Kind::new("application/json", "json"),
        None => by_name().map_or(Kind::new("text/plain", "txt"), |(_, kind)| *kind),
    };
    Kind { charset: Some(charset), ..kind }
}

/// Whether `text` is an array or an object, or the beginning of one.
fn is_json(text: &str, is_all: bool) -> bool {
    if !text.starts_with(['{', '[']) {
        return false;
    }
    let mut reader = serde_json::Deserializer::from_str(text);
    match IgnoredAny::deserialize(&mut reader) {
        Ok(_) => reader.end().is_ok() || !is_all,
        Err(error) => error.is_eof() && !is_all,
    }
}
