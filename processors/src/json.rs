//! Content that is JSON, for what looks into it: read whole, within a bound.

use std::borrow::Cow;
use std::io::Read;

use tutti_sdk::property::{Choice, DataSize};
use tutti_sdk::{Found, Json, ProcessError};

use crate::text::{CharacterSet, TextReader};

/// What stands for a value that is null.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum NullRepresentation {
    /// Nothing.
    #[choice("empty string")]
    Empty,
    /// The word `null`.
    #[choice("the string 'null'")]
    Null,
}

impl NullRepresentation {
    fn text(self) -> &'static str {
        match self {
            Self::Empty => "",
            Self::Null => "null",
        }
    }

    /// A value as a text: a text without quotes, and arrays and objects as JSON.
    pub(crate) fn text_of(self, json: &Json) -> Cow<'_, str> {
        match json {
            Json::Null => Cow::Borrowed(self.text()),
            Json::Text(text) => Cow::Borrowed(text),
            Json::Array(_) | Json::Object(_) => Cow::Owned(json.to_string()),
            scalar => Cow::Owned(scalar.scalar_text()),
        }
    }

    /// What was found as a text.
    pub(crate) fn text_of_found(self, found: &Found<'_>) -> String {
        match found {
            Found::Json(json) => self.text_of(json).into_owned(),
            Found::Keys(_) => found.text(),
        }
    }
}

/// The JSON that `reader` gives, of at most `max` bytes.
pub(crate) fn read(reader: impl Read, max: DataSize) -> Result<Json, ProcessError> {
    let text = TextReader::new(reader, CharacterSet::Utf8).read_all(max)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let wrong =
        |cause: String| ProcessError::user("the content is not JSON to look into").caused_by(cause);
    match Json::document(text) {
        Ok(Json::Null) => Err(wrong("it is null".to_owned())),
        Ok(json) => Ok(json),
        Err(error) => Err(wrong(error.to_string()).with_help(
            "see what makes it; where it has a document in each line, split it with SplitText",
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn error(text: &[u8], max: u64) -> String {
        read(text, DataSize(max)).unwrap_err().chain()
    }

    #[test]
    fn what_is_not_json_is_told() {
        assert!(read(&b"\xef\xbb\xbf{\"a\": [1]}\n"[..], DataSize(99)).is_ok());
        assert!(error(b"null", 9).ends_with("it is null"));
        assert!(error(b"", 9).contains("ends too early"));
        assert!(error(b"{}\n{}", 9).contains("it goes on behind its end at byte 3"));
        assert!(error(b"\"\xff\"", 9).contains("no text in UTF-8"));
        assert!(error(b"[1, 2]", 5).contains("Maximum Buffer Size"));
    }

    #[test]
    fn values_become_texts() {
        let json =
            Json::document("[null, true, 1.50, \"a\\\"\", [\"b\", 1], 12345678901234567890123]");
        let Ok(Json::Array(values)) = json else { panic!("{json:?}") };
        let texts = |null: NullRepresentation| {
            values.iter().map(|each| null.text_of(each).into_owned()).collect::<Vec<_>>()
        };
        let expected = ["", "true", "1.5", "a\"", "[\"b\",1]", "12345678901234567890123"];
        assert_eq!(texts(NullRepresentation::Empty), expected);
        assert_eq!(texts(NullRepresentation::Null)[0], "null");
    }
}
