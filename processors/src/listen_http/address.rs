//! What it listens for: properties of their own forms.

use tutti_sdk::ProcessError;
use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::{PropertyType, Regex};

/// A path without a slash at its end, but for the root's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct BasePath(String);

impl BasePath {
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether `path` is this one.
    pub(super) fn is(&self, path: &str) -> bool {
        self.0.trim_end_matches('/') == path.trim_end_matches('/')
    }

    /// Whether `path` is the one of the health check below this.
    pub(super) fn is_health(&self, path: &str) -> bool {
        let below = path.strip_prefix(self.0.trim_end_matches('/'));
        below.is_some_and(|below| below == "/healthcheck")
    }
}

impl PropertyType for BasePath {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        let is_plain =
            |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~%!$&'()*+,;=:@".contains(&byte);
        if !text.bytes().all(is_plain) {
            let error = ValueError::new(format!("\"{text}\" cannot be the path of a URL"));
            return Err(error.with_help("write letters, digits and \"/\", other characters as %HH"));
        }
        Ok(Self(format!("/{}", text.trim_matches('/'))))
    }
}

/// A regular expression for names of headers.
#[derive(Debug, Clone)]
pub(super) struct HeaderNames(Regex);

impl HeaderNames {
    /// Whether `name` matches, as a whole and in whatever letters.
    pub(super) fn matches(&self, name: &str) -> Result<bool, ProcessError> {
        self.0.matches(name)
    }
}

impl PropertyType for HeaderNames {
    fn kind() -> PropertyKind {
        Regex::kind()
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        // As it is written first, so that errors speak of that.
        Regex::parse(text, kind)?;
        Regex::parse(&format!("(?i){text}"), kind).map(Self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn path(text: &str) -> BasePath {
        BasePath::parse(text, &PropertyKind::Text).unwrap()
    }

    #[test]
    fn slashes_at_the_ends_make_no_difference() {
        for text in ["a/b", "/a/b", "a/b/", "//a/b//"] {
            let base = path(text);
            assert_eq!(base.as_str(), "/a/b");
            assert!(base.is("/a/b") && base.is("/a/b/"));
            assert!(!base.is("/a/b/c") && !base.is("/a") && !base.is("/"));
            assert!(base.is_health("/a/b/healthcheck") && !base.is_health("/a/bhealthcheck"));
        }
        let root = path("");
        assert!(root.is("/") && root.is_health("/healthcheck") && !root.is("/a"));
        assert_eq!(root.as_str(), "/");
    }

    #[test]
    fn what_is_no_path_is_refused_with_a_word_on_what_is() {
        for text in ["a b", "ü", "a?b", "a#b"] {
            assert!(BasePath::parse(text, &PropertyKind::Text).unwrap_err().help.is_some());
        }
    }

    #[test]
    fn names_of_headers_match_in_whatever_letters() {
        let names = HeaderNames::parse("X-.*", &Regex::kind()).unwrap();
        assert!(names.matches("x-take").unwrap() && !names.matches("take").unwrap());
        assert!(HeaderNames::parse("(", &Regex::kind()).is_err());
    }
}
