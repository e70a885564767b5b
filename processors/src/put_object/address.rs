//! The URL of an object store, as the property holds it.
//!
//! Refuses what names no store before anything runs: a mistake here could write anywhere.

use std::ops::Deref;

use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::PropertyType;
use url::Url;

const SCHEMES: &str = "begin the URL with file, memory, s3, http, https, gs or az";

/// A URL that names an object store.
#[derive(Debug)]
pub(crate) struct StoreUrl(Url);

impl Deref for StoreUrl {
    type Target = Url;

    fn deref(&self) -> &Url {
        &self.0
    }
}

impl PropertyType for StoreUrl {
    fn kind() -> PropertyKind {
        PropertyKind::Url
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        let text = text.trim();
        let url = <Url as PropertyType>::parse(text, kind)?;
        let is_named = url.host_str().is_some_and(|host| !host.is_empty());
        let rest = text.get(url.scheme().len() + 1..).unwrap_or_default();
        match url.scheme() {
            "file" => check_folder(&url, rest)?,
            "memory" | "http" | "https" => {}
            // With a third slash the bucket is said to stand elsewhere.
            "s3" | "s3a" | "gs" | "az" | "azure" if is_named || rest.starts_with("///") => {}
            scheme @ ("s3" | "s3a" | "gs" | "az" | "azure") => {
                return Err(ValueError::new(format!("\"{text}\" names no bucket")).with_help(
                    format!(
                        "write \"{scheme}://BUCKET\", or \"{scheme}:///\" for the one that the \
                         property \"Bucket\" names"
                    ),
                ));
            }
            other => {
                return Err(ValueError::new(format!("there is no object store \"{other}:\""))
                    .with_help(SCHEMES));
            }
        }
        Ok(Self(url))
    }
}

/// A folder of this machine by its whole path, and not the one that holds everything.
fn check_folder(url: &Url, rest: &str) -> Result<(), ValueError> {
    let names_host = url.host_str().is_some_and(|host| !host.is_empty());
    let path = rest.strip_prefix("//localhost").or(rest.strip_prefix("//")).unwrap_or(rest);
    if names_host || !path.starts_with('/') || url.to_file_path().is_err() {
        let path = path.trim_start_matches('/');
        let path = if path.is_empty() { "data/objects" } else { path };
        return Err(ValueError::new(format!(
            "\"file:{rest}\" does not name a folder of this machine by its whole path"
        ))
        .with_help(format!("write three slashes and the whole path, as in \"file:///{path}\"")));
    }
    if url.path().trim_matches('/').is_empty() {
        return Err(ValueError::new(format!(
            "\"file:{rest}\" is the root of all folders, and no place for objects"
        ))
        .with_help("name a folder, as in \"file:///data/objects\""));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(text: &str) -> Result<StoreUrl, ValueError> {
        StoreUrl::parse(text, &StoreUrl::kind())
    }

    #[test]
    fn what_names_a_store_is_taken() {
        for text in [
            "file:///data/objects",
            "file:///data/with%20blank/",
            "file:/data",
            "file://localhost/data",
            "memory://name",
            "s3://bucket",
            "s3:///",
            "s3a://bucket/prefix",
            "gs://bucket",
            "az://container/prefix",
            "azure:///",
            "http://localhost:9878",
            "https://store.example",
        ] {
            assert!(parse(text).is_ok(), "{text}: {:?}", parse(text));
        }
    }

    #[test]
    fn what_names_none_is_refused_with_what_would_be_right() {
        for (text, message, help) in [
            ("file:", "by its whole path", "file:///data/objects"),
            ("file://", "by its whole path", "file:///data/objects"),
            ("file:///", "root of all folders", "file:///data/objects"),
            ("file:///..", "root of all folders", "file:///data/objects"),
            ("file:relative/x", "by its whole path", "file:///relative/x"),
            ("file://relative/x", "by its whole path", "file:///relative/x"),
            ("s3://", "names no bucket", "s3://BUCKET"),
            ("gs:", "names no bucket", "gs://BUCKET"),
            ("az://", "names no bucket", "az://BUCKET"),
            ("ftp://x", "no object store \"ftp:\"", "begin the URL with file"),
            ("/data/objects", "is not a URL", "file:///data/objects"),
            ("objects", "is not a URL", "write a scheme"),
        ] {
            let error = parse(text).err().unwrap();
            assert!(error.message.contains(message), "{text}: {error:?}");
            let told = error.help.as_deref().unwrap_or_default();
            assert!(told.contains(help), "{text}: {error:?}");
        }
    }
}
