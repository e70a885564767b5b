//! Google Cloud Storage.

use std::path::Path;
use std::sync::Arc;

use object_store::StaticCredentialProvider;
use object_store::gcp::{GcpCredential, GoogleCloudStorageBuilder, GoogleConfigKey};
use tutti_sdk::ProcessError;

use super::answers::Answers;
use super::{Place, Purpose, Stores, Within, bucket_of, client, has, retry, unusable};

/// Where Google's own tools leave credentials, below the user's folder.
const DEFAULT_CREDENTIALS: &str = ".config/gcloud/application_default_credentials.json";

pub(super) fn open(stores: &Stores, bucket: &str) -> Result<Place, ProcessError> {
    let (builder, place) = configure(builder(stores), stores, bucket)?;
    let is_signed = is_signed(&builder, stores, has_default_credentials())?;
    let store = if is_signed { builder } else { anonymous(builder, stores.purpose) }.build();
    Ok(place.of(Arc::new(store.map_err(|error| unusable(&stores.url, error))?)))
}

/// The library skips signatures only when it reads: to put something it would ask the metadata
/// service nevertheless, unless it is given a credential.
pub(super) fn anonymous(
    builder: GoogleCloudStorageBuilder,
    purpose: Purpose,
) -> GoogleCloudStorageBuilder {
    let none = GcpCredential { bearer: String::new() };
    builder
        .with_skip_signature(true)
        .with_credentials(Arc::new(StaticCredentialProvider::new(none)))
        .with_http_connector(Answers::of(purpose).anonymous())
}

/// Fails when nothing gives the right to use the store.
pub(super) fn check_credentials(stores: &Stores) -> Result<(), ProcessError> {
    is_signed(&builder(stores), stores, has_default_credentials()).map(drop)
}

/// The library refuses two accounts: the one of the flow counts.
fn builder(stores: &Stores) -> GoogleCloudStorageBuilder {
    match stores.access.service_account_key {
        Some(_) => GoogleCloudStorageBuilder::new(),
        None => GoogleCloudStorageBuilder::from_env(),
    }
}

fn has_default_credentials() -> bool {
    std::env::var_os("HOME").is_some_and(|home| Path::new(&home).join(DEFAULT_CREDENTIALS).exists())
}

/// Whether requests are signed.
pub(super) fn is_signed(
    builder: &GoogleCloudStorageBuilder,
    stores: &Stores,
    has_default: bool,
) -> Result<bool, ProcessError> {
    use GoogleConfigKey as Key;
    let given = stores.access.service_account_key.is_some()
        || has_default
        || [Key::ServiceAccount, Key::ServiceAccountKey, Key::ApplicationCredentials]
            .iter()
            .any(|key| has(builder.get_config_value(key)));
    super::is_signed(
        stores,
        builder.get_config_value(&Key::SkipSignature).as_deref() == Some("true"),
        given,
        "give a service account's key as \"Service Account Key\", or its file as \
         GOOGLE_APPLICATION_CREDENTIALS in the environment",
    )
}

/// What the properties say, over what the builder has from the environment.
pub(super) fn configure(
    mut builder: GoogleCloudStorageBuilder,
    stores: &Stores,
    bucket: &str,
) -> Result<(GoogleCloudStorageBuilder, Within), ProcessError> {
    let (bucket, place) = bucket_of(&stores.url, bucket)?;
    builder = builder
        .with_bucket_name(bucket)
        .with_client_options(client(None))
        .with_http_connector(Answers::of(stores.purpose))
        .with_retry(retry(stores));
    if let Some(account) = &stores.access.service_account_key {
        builder = builder.with_service_account_key(account.expose());
    }
    Ok((builder, place))
}
