//! Google Cloud Storage.

use std::sync::Arc;

use object_store::gcp::GoogleCloudStorageBuilder;
use tutti_sdk::ProcessError;
use url::Url;

use super::{Place, PutObjectProperties, Within, bucket_of, client, retry, unusable};

pub(super) fn open(
    properties: &PutObjectProperties,
    url: &Url,
    bucket: &str,
) -> Result<Place, ProcessError> {
    // The library refuses two accounts: the one of the flow counts.
    let builder = match properties.service_account_key {
        Some(_) => GoogleCloudStorageBuilder::new(),
        None => GoogleCloudStorageBuilder::from_env(),
    };
    let (builder, place) = configure(builder, properties, url, bucket)?;
    Ok(place.of(Arc::new(builder.build().map_err(|error| unusable(url, error))?)))
}

/// What the properties say, over what the builder has from the environment.
pub(super) fn configure(
    mut builder: GoogleCloudStorageBuilder,
    properties: &PutObjectProperties,
    url: &Url,
    bucket: &str,
) -> Result<(GoogleCloudStorageBuilder, Within), ProcessError> {
    let (bucket, place) = bucket_of(url, bucket)?;
    builder = builder
        .with_bucket_name(bucket)
        .with_client_options(client(None))
        .with_retry(retry(properties));
    if let Some(account) = &properties.service_account_key {
        builder = builder.with_service_account_key(account.expose());
    }
    Ok((builder, place))
}
