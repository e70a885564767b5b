//! Azure Blob Storage.

use std::sync::Arc;

use object_store::azure::{AzureConfigKey, MicrosoftAzureBuilder};
use tutti_sdk::ProcessError;

use super::answers::Answers;
use super::{Place, Stores, Within, bucket_of, checked, client, has, retry, unusable};

const KEY_HELP: &str = "give the name of the storage account as \"Access Key ID\" and its key as \
                        \"Secret Access Key\", or as AZURE_STORAGE_ACCOUNT_NAME and \
                        AZURE_STORAGE_ACCOUNT_KEY in the environment";

pub(super) fn open(stores: &Stores, bucket: &str) -> Result<Place, ProcessError> {
    let builder = MicrosoftAzureBuilder::from_env();
    let (builder, place) = configure(builder, stores, bucket)?;
    let is_signed = is_signed(&builder, stores)?;
    let built = builder.with_skip_signature(!is_signed).build();
    let built = built.map_err(|error| unusable(&stores.url, error).with_help(KEY_HELP))?;
    Ok(place.of(Arc::new(built)))
}

/// Fails when nothing gives the right to use the store.
pub(super) fn check_credentials(stores: &Stores) -> Result<(), ProcessError> {
    is_signed(&MicrosoftAzureBuilder::from_env(), stores).map(drop)
}

/// Whether requests are signed.
pub(super) fn is_signed(
    builder: &MicrosoftAzureBuilder,
    stores: &Stores,
) -> Result<bool, ProcessError> {
    use AzureConfigKey as Key;
    let have = |keys: &[Key]| keys.iter().all(|key| has(builder.get_config_value(key)));
    let says = |key| builder.get_config_value(&key).as_deref() == Some("true");
    let given = stores.access.secret_access_key.is_some()
        || have(&[Key::AccessKey])
        || have(&[Key::Token])
        || have(&[Key::SasKey])
        || have(&[Key::ClientId, Key::AuthorityId, Key::ClientSecret])
        || have(&[Key::ClientId, Key::AuthorityId, Key::FederatedTokenFile])
        || have(&[Key::FabricTokenServiceUrl, Key::FabricWorkloadHost])
        || have(&[Key::MsiEndpoint])
        || says(Key::UseAzureCli)
        || says(Key::UseEmulator);
    super::is_signed(stores, says(Key::SkipSignature), given, KEY_HELP)
}

/// What the properties say, over what the builder has from the environment.
pub(super) fn configure(
    mut builder: MicrosoftAzureBuilder,
    stores: &Stores,
    bucket: &str,
) -> Result<(MicrosoftAzureBuilder, Within), ProcessError> {
    let (bucket, place) = bucket_of(&stores.url, bucket)?;
    let endpoint = stores.access.endpoint.as_deref().map(checked).transpose()?;
    builder = builder
        .with_container_name(bucket)
        .with_client_options(client(endpoint))
        .with_http_connector(Answers::of(stores.purpose))
        .with_retry(retry(stores));
    if let Some(account) = &stores.access.key_id {
        builder = builder.with_account(account);
    }
    if let Some(secret) = &stores.access.secret_access_key {
        builder = builder.with_access_key(secret.expose());
    }
    if let Some(endpoint) = endpoint {
        builder = builder.with_endpoint(endpoint.as_str().trim_end_matches('/').to_owned());
    }
    Ok((builder, place))
}
