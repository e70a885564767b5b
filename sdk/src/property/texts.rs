//! Texts, folders, addresses and secrets.

use std::fmt;
use std::path::PathBuf;

use tutti_model::spec::{PropertyKind, ValueError};
use url::Url;

use super::PropertyType;

impl PropertyType for String {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        Ok(text.to_owned())
    }

    fn parse_owned(text: Self, _: &PropertyKind) -> Result<Self, ValueError> {
        Ok(text)
    }
}

/// A folder on this machine. Whether it exists is not asked here: it may appear later.
impl PropertyType for PathBuf {
    fn kind() -> PropertyKind {
        PropertyKind::Directory
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        if text.is_empty() {
            return Err(ValueError::new("the folder's name is empty")
                .with_help("write the path of a folder, as in \"/data/recordings\""));
        }
        if text.contains('\0') {
            return Err(ValueError::new("a folder's name cannot hold the character U+0000"));
        }
        Ok(text.into())
    }
}

impl PropertyType for Url {
    fn kind() -> PropertyKind {
        PropertyKind::Url
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        Self::parse(text).map_err(|error| {
            let help = if text.starts_with('/') {
                format!("for a folder write \"file://{text}\"")
            } else {
                "write a scheme and an address, as in \"https://example.org/\"; of a folder the \
                 whole path, as in \"file:///data/features\""
                    .into()
            };
            ValueError::new(format!("\"{text}\" is not a URL: {error}")).with_help(help)
        })
    }
}

/// A text that must not be shown: its `Debug` holds nothing of it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

impl Secret {
    /// The text, for whom it is meant.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Secret(…)")
    }
}

impl PropertyType for Secret {
    fn kind() -> PropertyKind {
        PropertyKind::Text
    }

    fn parse(text: &str, _: &PropertyKind) -> Result<Self, ValueError> {
        Ok(Self(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_where_a_url_belongs_is_shown_as_one() {
        let help = |text| {
            let error = <Url as PropertyType>::parse(text, &PropertyKind::Url).unwrap_err();
            error.help.unwrap_or_default()
        };
        assert_eq!(help("/data/out"), "for a folder write \"file:///data/out\"");
        assert!(help("data/out").contains("https://"));
        assert!(help("data/out").contains("of a folder the whole path, as in \"file:///"));
    }
}
