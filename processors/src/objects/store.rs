//! Which store, from the properties.

mod answers;
mod azure;
mod google;
mod s3;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, LazyLock};
use std::time::Duration;

use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ClientOptions, ObjectStore, RetryConfig};
use parking_lot::Mutex;
use tutti_sdk::{ProcessError, ProcessorContext};
use url::Url;

use super::Purpose;
use super::access::{Access, Credentials};
use super::address::{StoreKind, StoreUrl};
use super::key;
use crate::files::emptied;
use crate::files::paths;

/// Stores in memory by name; they last as long as the process.
static IN_MEMORY: LazyLock<Mutex<BTreeMap<String, Arc<InMemory>>>> = LazyLock::new(Mutex::default);

/// The store in memory of that name.
pub(crate) fn in_memory(name: &str) -> Arc<InMemory> {
    Arc::clone(IN_MEMORY.lock().entry(name.to_owned()).or_default())
}

/// What takes objects.
#[derive(Clone)]
pub(crate) enum Store {
    /// This folder.
    Folder(PathBuf),
    /// What its client reaches.
    Client(Arc<dyn ObjectStore>),
}

/// A store, and where in it the objects go.
#[derive(Clone)]
pub(crate) struct Place {
    pub(crate) store: Store,
    /// What comes before every key.
    pub(crate) prefix: Path,
    /// How the place is called in events: a URL without secrets and without a `/` at its end.
    pub(crate) uri: String,
    /// The place whatever it is called: a folder has one name of its own.
    pub(crate) turns: String,
}

/// Places that are kept open; a bucket may be an expression.
const PLACES_MAX: usize = 64;

/// The places of one store that a processor uses.
pub(crate) struct Stores {
    url: StoreUrl,
    access: Access,
    purpose: Purpose,
    places: Mutex<BTreeMap<String, Place>>,
}

impl Stores {
    pub(crate) fn new(url: StoreUrl, access: Access, purpose: Purpose) -> Self {
        Self { url, access, purpose, places: Mutex::default() }
    }

    /// How long one request may take.
    pub(crate) fn request_timeout(&self) -> Duration {
        self.access.request_timeout
    }

    /// Fails when nothing gives the right to use the store. Asks nobody.
    pub(crate) fn check_credentials(&self) -> Result<(), ProcessError> {
        match self.url.store_kind() {
            StoreKind::Folder(_) | StoreKind::Memory => Ok(()),
            StoreKind::S3 => s3::check_credentials(self),
            StoreKind::Google => google::check_credentials(self),
            StoreKind::Azure => azure::check_credentials(self),
        }
    }

    /// The place for objects of `bucket`.
    pub(crate) async fn place(
        self: &Arc<Self>,
        context: &ProcessorContext,
        bucket: &str,
    ) -> Result<Place, ProcessError> {
        if let Some(place) = self.places.lock().get(bucket) {
            return Ok(place.clone());
        }
        let (this, name) = (Arc::clone(self), bucket.to_owned());
        let place = context.blocking(move || this.open(&name)).await??;
        let mut places = self.places.lock();
        if places.len() >= PLACES_MAX {
            places.clear();
        }
        places.insert(bucket.to_owned(), place.clone());
        Ok(place)
    }

    fn open(&self, bucket: &str) -> Result<Place, ProcessError> {
        match self.url.store_kind() {
            StoreKind::Folder(path) => folder(self, path, bucket),
            StoreKind::Memory => {
                let place = within(&self.url, bucket)?;
                Ok(place.of(in_memory(self.url.host_str().unwrap_or_default())))
            }
            StoreKind::S3 => s3::open(self, bucket),
            StoreKind::Google => google::open(self, bucket),
            StoreKind::Azure => azure::open(self, bucket),
        }
    }
}

/// Whether the environment gives something: a variable that is empty gives nothing.
fn has(value: Option<String>) -> bool {
    value.is_some_and(|value| !value.is_empty())
}

/// Whether requests are signed: not when the flow or, by `skips`, the environment says so. Fails
/// when nothing is `given` to sign them with.
fn is_signed(stores: &Stores, skips: bool, given: bool, help: &str) -> Result<bool, ProcessError> {
    match stores.access.credentials {
        Credentials::Anonymous => Ok(false),
        _ if skips => Ok(false),
        Credentials::InstanceRole => Ok(true),
        Credentials::Key if given => Ok(true),
        Credentials::Key => {
            let url: &Url = &stores.url;
            Err(ProcessError::user(format!("there are no credentials for \"{url}\"")).with_help(
                format!(
                    "{help}; or set \"Credentials\" to \"instance role\", on a machine of the \
                     provider's cloud that has one, or to \"anonymous\""
                ),
            ))
        }
    }
}

/// A place without its store.
struct Within {
    prefix: Path,
    uri: String,
}

impl Within {
    fn of(self, store: Arc<dyn ObjectStore>) -> Place {
        let turns = self.uri.clone();
        Place { store: Store::Client(store), prefix: self.prefix, uri: self.uri, turns }
    }
}

/// The URL's path and the bucket below it as one prefix.
fn within(url: &Url, bucket: &str) -> Result<Within, ProcessError> {
    let above = Path::from_url_path(url.path()).map_err(|error| unusable(url, error))?;
    let prefix = above.parts().chain(key::path(bucket, "bucket")?.parts()).collect::<Path>();
    let uri = format!("{}://{}/{prefix}", url.scheme(), url.host_str().unwrap_or_default());
    Ok(Within { prefix, uri })
}

/// The bucket itself: the URL's host, with `Bucket` as a prefix below, or `Bucket` where the URL
/// names none.
fn bucket_of(url: &Url, bucket: &str) -> Result<(String, Within), ProcessError> {
    if let Some(host) = url.host_str().filter(|host| !host.is_empty()) {
        check_bucket(host)?;
        return Ok((host.to_owned(), within(url, bucket)?));
    }
    check_bucket(bucket)?;
    let uri = format!("{}://{bucket}", url.scheme());
    Ok((bucket.to_owned(), Within { prefix: Path::default(), uri }))
}

/// A bucket's name becomes a part of an address, as it is. What else a store asks of it, it tells.
fn check_bucket(bucket: &str) -> Result<(), ProcessError> {
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.$".contains(&byte);
    if bucket.bytes().all(is_plain) && bucket.bytes().any(|byte| byte != b'.') {
        return Ok(());
    }
    Err(ProcessError::user(format!("{bucket:?} cannot be the name of a bucket"))
        .with_help("name it with letters, digits, \"-\", \"_\" and \".\" only"))
}

fn folder(stores: &Stores, folder: &std::path::Path, bucket: &str) -> Result<Place, ProcessError> {
    let prefix = key::path(bucket, "bucket")?;
    let below = folder.join(prefix.as_ref());
    if matches!(stores.purpose, Purpose::Put { .. }) {
        paths::make_folder(&below)?;
    }
    // Where it is not there yet, it is known by what it lies in.
    let real = emptied::resolved(&below);
    let uri = format!("{}/{prefix}", stores.url.as_str().trim_end_matches('/'));
    let turns = paths::to_text(&real);
    Ok(Place { store: Store::Folder(folder.to_path_buf()), prefix, uri, turns })
}

/// The options of every client; `http:` only where the flow or the environment names it.
fn client(endpoint: Option<&Url>) -> ClientOptions {
    ClientOptions::new()
        .with_allow_http(endpoint.is_some_and(|url| url.scheme() == "http"))
        // Whoever asks watches the time, by the session's clock.
        .with_timeout_disabled()
        .with_connect_timeout_disabled()
}

fn retry(stores: &Stores) -> RetryConfig {
    RetryConfig {
        max_retries: stores.access.maximum_retries as usize,
        retry_timeout: stores.access.request_timeout.min(Duration::from_secs(280)),
        ..RetryConfig::default()
    }
}

fn unusable(url: &Url, error: impl std::error::Error + Send + Sync + 'static) -> ProcessError {
    ProcessError::user(format!("\"{url}\" cannot be used as an object store")).caused_by(error)
}

/// An address that the library can send requests to.
fn checked(endpoint: &Url) -> Result<&Url, ProcessError> {
    if matches!(endpoint.scheme(), "http" | "https") && endpoint.has_host() {
        return Ok(endpoint);
    }
    Err(ProcessError::user(format!("\"{endpoint}\" is no address of an object store"))
        .with_help("begin it with http:// or https://, as in http://localhost:9878"))
}
