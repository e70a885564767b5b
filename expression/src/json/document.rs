//! Whole documents, and paths into them by themselves: for processors that look into content.

use super::Path;
use super::evaluate::Found;
use super::value::Json;
use crate::error::JsonError;

impl Json {
    /// Reads a document of which nothing but white space is left over.
    ///
    /// # Errors
    /// Where it is not JSON, is nested deeper than Jackson allows, or goes on behind its value.
    pub fn document(text: &str) -> Result<Self, JsonError> {
        let (value, end) = Self::parse_prefix(text).map_err(JsonError)?;
        let rest = text.get(end..).unwrap_or_default();
        match rest.find(|letter| !matches!(letter, ' ' | '\t' | '\n' | '\r')) {
            Some(behind) => {
                Err(JsonError(format!("it goes on behind its end at byte {}", end + behind)))
            }
            None => Ok(value),
        }
    }

    /// Whether it is neither array nor object.
    pub fn is_scalar(&self) -> bool {
        !matches!(self, Self::Array(_) | Self::Object(_))
    }
}

/// A path into JSON in Jayway's dialect, such as `$.address.city` or `$..[?(@.age > 18)].name`.
#[derive(Debug, Clone)]
pub struct JsonPath {
    text: String,
    path: Path,
}

impl JsonPath {
    /// Compiles a path; one that begins neither with `$` nor with `@` is taken from the root.
    ///
    /// # Errors
    /// Where it is no path.
    pub fn parse(text: &str) -> Result<Self, JsonError> {
        Ok(Self { text: text.to_owned(), path: Path::compile(text)? })
    }

    /// What lies at the path in `document`: for a path that leads to one place the value there,
    /// for any other an array of all that it leads to. `None` where there is no such place.
    ///
    /// # Errors
    /// Where it leads to too many places.
    pub fn read<'d>(&self, document: &'d Json) -> Result<Option<Found<'d>>, JsonError> {
        Ok(self.path.read(document)?)
    }

    /// The path as it was written.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

impl Found<'_> {
    /// Whether it is neither array nor object. The keys of an object are one text to NiFi.
    pub fn is_scalar(&self) -> bool {
        match self {
            Self::Json(json) => json.is_scalar(),
            Self::Keys(_) => true,
        }
    }

    /// The values of an array, `None` of anything else.
    pub fn elements(&self) -> Option<&[Json]> {
        match self {
            Self::Json(json) => match &**json {
                Json::Array(items) => Some(items),
                _ => None,
            },
            Self::Keys(_) => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_has_one_value() {
        assert!(Json::document(" {\"a\": [1, 2]}\r\n\t ").is_ok());
        assert!(Json::document("7").is_ok());
        for (text, told) in [
            ("{\"a\":1}\n{\"a\":2}", "it goes on behind its end at byte 8"),
            ("{\"a\":1", "it ends too early near byte 6"),
            ("", "it ends too early"),
        ] {
            let error = Json::document(text).unwrap_err().to_string();
            assert!(error.contains(told) || error.contains("an object needs"), "{text}: {error}");
        }
    }

    #[test]
    fn what_is_found_has_the_shape_of_its_path() {
        let document = Json::document("{\"a\":[1,{\"b\":2}],\"c\":\"x\"}").unwrap();
        let find = |path: &str| JsonPath::parse(path).unwrap();
        let (a, c, all, no) = (find("$.a"), find("$.c"), find("$.a[*]"), find("$.x.y"));
        let a = a.read(&document).unwrap().unwrap();
        assert_eq!(a.elements().map(<[Json]>::len), Some(2));
        let c = c.read(&document).unwrap().unwrap();
        assert!(c.is_scalar() && c.elements().is_none() && !a.is_scalar());
        assert_eq!(all.read(&document).unwrap().unwrap().elements().map(<[Json]>::len), Some(2));
        assert!(no.read(&document).unwrap().is_none());
        assert!(JsonPath::parse("$.").is_err());
    }
}
