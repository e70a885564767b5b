//! The URLs of an object store, as the properties hold them.
//!
//! Refuses what names no store before anything runs: a mistake here could write anywhere. Refuses
//! what may be secret too, without telling it: these URLs are logged and kept in provenance.

use std::ops::Deref;
use std::path::PathBuf;

use tutti_sdk::model::spec::{PropertyKind, ValueError};
use tutti_sdk::property::PropertyType;
use url::Url;

const SCHEMES: &str = "begin the URL with file, memory, s3, http, https, gs or az";

/// A URL that names an object store.
#[derive(Debug)]
pub(crate) struct StoreUrl {
    url: Url,
    kind: StoreKind,
}

/// What kind of store a URL names.
#[derive(Debug)]
pub(crate) enum StoreKind {
    /// This folder of the machine.
    Folder(PathBuf),
    /// One in memory.
    Memory,
    /// S3, or what speaks it.
    S3,
    /// Google Cloud Storage.
    Google,
    /// Azure Blob Storage.
    Azure,
}

impl StoreUrl {
    pub(crate) fn store_kind(&self) -> &StoreKind {
        &self.kind
    }
}

impl Deref for StoreUrl {
    type Target = Url;

    fn deref(&self) -> &Url {
        &self.url
    }
}

impl PropertyType for StoreUrl {
    fn kind() -> PropertyKind {
        PropertyKind::Url
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        let text = text.trim();
        let url = without_secrets(text, kind)?;
        let rest = text.get(url.scheme().len() + 1..).unwrap_or_default();
        let kind = match url.scheme() {
            "file" => StoreKind::Folder(folder(&url, rest)?),
            "memory" => StoreKind::Memory,
            "http" | "https" => StoreKind::S3,
            "s3" | "s3a" => with_bucket(&url, text, rest, StoreKind::S3)?,
            "gs" => with_bucket(&url, text, rest, StoreKind::Google)?,
            "az" | "azure" => with_bucket(&url, text, rest, StoreKind::Azure)?,
            other => {
                return Err(ValueError::new(format!("there is no object store \"{other}:\""))
                    .with_help(SCHEMES));
            }
        };
        Ok(Self { url, kind })
    }
}

/// The address of a store that is not the provider's own.
#[derive(Debug)]
pub(crate) struct Endpoint(Url);

impl Deref for Endpoint {
    type Target = Url;

    fn deref(&self) -> &Url {
        &self.0
    }
}

impl PropertyType for Endpoint {
    fn kind() -> PropertyKind {
        PropertyKind::Url
    }

    fn parse(text: &str, kind: &PropertyKind) -> Result<Self, ValueError> {
        without_secrets(text.trim(), kind).map(Self)
    }
}

/// The URL, unless it has or may be meant to have a user, a password, a query or a fragment: none
/// of them finds a store, and each may hold a secret. What is wrong is told without the text then.
pub(crate) fn without_secrets(text: &str, kind: &PropertyKind) -> Result<Url, ValueError> {
    let refused = || {
        let error = ValueError::new(
            "the address of an object store must not have a user, a password, a query or a \
             fragment (\"@\" before the path, \"?\" or \"#\")",
        );
        error.hiding_value().with_help(
            "give keys with the sensitive properties \"Access Key ID\", \"Secret Access Key\" and \
             \"Service Account Key\", and write \"?\", \"#\" and \"@\" of a name as %3F, %23 and \
             %40",
        )
    };
    if text.contains(['?', '#']) {
        return Err(refused());
    }
    // Only in a folder's whole path is an "@" a letter like any other.
    let rest = text.split_once(':').map_or(text, |(_, rest)| rest);
    let is_folder =
        text.starts_with("file:///") || text.starts_with("file:/") && !rest.starts_with("//");
    let authority = rest.trim_start_matches(['/', '\\']).split(['/', '\\']).next();
    if !is_folder && authority.is_some_and(|authority| authority.contains('@')) {
        return Err(refused());
    }
    let url = <Url as PropertyType>::parse(text, kind)?;
    if url.username().is_empty() && url.password().is_none() { Ok(url) } else { Err(refused()) }
}

fn names_host(url: &Url) -> bool {
    url.host_str().is_some_and(|host| !host.is_empty())
}

/// The kind of a URL that names a bucket; with a third slash the bucket is said to stand elsewhere.
fn with_bucket(
    url: &Url,
    text: &str,
    rest: &str,
    kind: StoreKind,
) -> Result<StoreKind, ValueError> {
    if names_host(url) || rest.starts_with("///") {
        return Ok(kind);
    }
    let scheme = url.scheme();
    Err(ValueError::new(format!("\"{text}\" names no bucket")).with_help(format!(
        "write \"{scheme}://BUCKET\", or \"{scheme}:///\" for the one that the property \"Bucket\" \
         names"
    )))
}

/// A folder of this machine by its whole path, and not the one that holds everything.
fn folder(url: &Url, rest: &str) -> Result<PathBuf, ValueError> {
    let path = rest.strip_prefix("//localhost").or(rest.strip_prefix("//")).unwrap_or(rest);
    let is_whole = !names_host(url) && path.starts_with('/');
    let Some(folder) = url.to_file_path().ok().filter(|_| is_whole) else {
        let path = path.trim_start_matches('/');
        let path = if path.is_empty() { "data/objects" } else { path };
        return Err(ValueError::new(format!(
            "\"file:{rest}\" does not name a folder of this machine by its whole path"
        ))
        .with_help(format!("write three slashes and the whole path, as in \"file:///{path}\"")));
    };
    if url.path().trim_matches('/').is_empty() {
        return Err(ValueError::new(format!(
            "\"file:{rest}\" is the root of all folders, and no place for objects"
        ))
        .with_help("name a folder, as in \"file:///data/objects\""));
    }
    Ok(folder)
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
            "file:///data/a@b",
            "s3://bucket/a@b",
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
    fn what_may_hold_a_secret_is_refused_and_not_told() {
        for text in [
            "http://user:PW@host",
            "https://PW@host/path",
            "https://host/?sig=PW",
            "https://host/a#PW",
            "s3://key:PW@bucket",
            "s3:key:PW@bucket",
            "s3:///key:PW@bucket",
            "http:\\\\user:PW@host",
            "gs://bucket?key=PW",
            "az://container?sv=1&sig=PW",
            "file:///data?PW",
            "file://user:PW@host/data",
            "file:user:PW@host",
            "memory://user:PW@name",
            "ftp://user:PW@host",
            "http://user:PW@host:99999",
            "http://user:PW@",
            "user:PW@host",
            "//user:PW@host",
        ] {
            let kind = StoreUrl::kind();
            let errors = [parse(text).err(), Endpoint::parse(text, &kind).err()];
            for error in errors.map(Option::unwrap) {
                assert!(!format!("{error:?}").contains("PW"), "{text}: {error:?}");
                assert!(error.hides_value, "{text}: the excerpt would show it");
                let help = error.help.as_deref().unwrap_or_default();
                assert!(help.contains("\"Secret Access Key\""), "{text}: {error:?}");
            }
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
