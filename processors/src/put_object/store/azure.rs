//! Azure Blob Storage.

use std::sync::Arc;

use object_store::azure::MicrosoftAzureBuilder;
use tutti_sdk::ProcessError;
use url::Url;

use super::{Place, PutObjectProperties, Within, bucket_of, checked, client, retry, unusable};

pub(super) fn open(
    properties: &PutObjectProperties,
    url: &Url,
    bucket: &str,
) -> Result<Place, ProcessError> {
    let builder = MicrosoftAzureBuilder::from_env();
    let (builder, place) = configure(builder, properties, url, bucket)?;
    let built = builder.build().map_err(|error| {
        unusable(url, error).with_help(
            "give the name of the storage account as \"Access Key ID\" and its key as \"Secret \
             Access Key\", or AZURE_STORAGE_ACCOUNT_NAME and AZURE_STORAGE_ACCOUNT_KEY in the \
             environment",
        )
    })?;
    Ok(place.of(Arc::new(built)))
}

/// What the properties say, over what the builder has from the environment.
pub(super) fn configure(
    mut builder: MicrosoftAzureBuilder,
    properties: &PutObjectProperties,
    url: &Url,
    bucket: &str,
) -> Result<(MicrosoftAzureBuilder, Within), ProcessError> {
    let (bucket, place) = bucket_of(url, bucket)?;
    let endpoint = properties.endpoint.as_ref().map(checked).transpose()?;
    builder = builder
        .with_container_name(bucket)
        .with_client_options(client(endpoint))
        .with_retry(retry(properties));
    if let Some(account) = &properties.access_key_id {
        builder = builder.with_account(account);
    }
    if let Some(secret) = &properties.secret_access_key {
        builder = builder.with_access_key(secret.expose());
    }
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/').to_owned());
    }
    Ok((builder, place))
}
