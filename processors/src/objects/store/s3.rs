//! S3, and what speaks it: the provider's own, or a store at an address of its own.

use std::sync::Arc;

use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey, Checksum};
use object_store::path::Path;
use tutti_sdk::ProcessError;
use tutti_sdk::model::spec::PropertyKind;
use url::Url;

use super::super::address::without_secrets;
use super::answers::Answers;
use super::{
    Credentials, Place, Stores, Within, bucket_of, check_bucket, checked, client, has, retry,
    unusable,
};

pub(super) fn open(stores: &Stores, bucket: &str) -> Result<Place, ProcessError> {
    let (builder, place) = configure(AmazonS3Builder::from_env(), stores, bucket)?;
    Ok(place.of(Arc::new(builder.build().map_err(|error| unusable(&stores.url, error))?)))
}

/// What the properties say, over what the builder has from the environment.
pub(super) fn configure(
    mut builder: AmazonS3Builder,
    stores: &Stores,
    bucket: &str,
) -> Result<(AmazonS3Builder, Within), ProcessError> {
    let url: &Url = &stores.url;
    let is_endpoint = is_address(url);
    let (bucket, place) = if is_endpoint {
        check_bucket(bucket)?;
        let uri = format!("{}/{bucket}", url.as_str().trim_end_matches('/'));
        (bucket.to_owned(), Within { prefix: Path::default(), uri })
    } else {
        bucket_of(url, bucket)?
    };
    let endpoint = endpoint(&builder, stores)?;
    let in_path = stores.access.is_path_style || is_endpoint;
    if let Some(endpoint) = &endpoint {
        let whole = if in_path { endpoint.clone() } else { with_bucket(endpoint, &bucket)? };
        // Of the library's two keys the one that counts more, or else the environment might win.
        let whole = whole.as_str().trim_end_matches('/');
        builder = builder.with_config(AmazonS3ConfigKey::S3Endpoint, whole);
    }
    builder = builder
        .with_bucket_name(bucket)
        .with_virtual_hosted_style_request(!in_path)
        .with_client_options(client(endpoint.as_ref()))
        .with_http_connector(Answers::of(stores.purpose))
        .with_retry(retry(stores));
    if let Some(region) = &stores.access.region {
        builder = builder.with_region(region);
    }
    if let Some(id) = &stores.access.key_id {
        builder = builder.with_access_key_id(id);
    }
    if let Some(secret) = &stores.access.secret_access_key {
        builder = builder.with_secret_access_key(secret.expose());
    }
    let is_signed = is_signed(&builder, stores, endpoint.is_some())?;
    // A store checks what it gets against the SHA-256 that is signed. Without that, there is a
    // checksum; not with it, as some stores refuse what they do not know.
    let unsigned_payload = builder.get_config_value(&AmazonS3ConfigKey::UnsignedPayload);
    if !is_signed || unsigned_payload.as_deref() == Some("true") {
        builder = builder.with_checksum_algorithm(Checksum::SHA256);
    }
    Ok((builder.with_skip_signature(!is_signed), place))
}

/// Fails when nothing gives the right to use the store.
pub(super) fn check_credentials(stores: &Stores) -> Result<(), ProcessError> {
    let builder = AmazonS3Builder::from_env();
    let endpoint = endpoint(&builder, stores)?;
    is_signed(&builder, stores, endpoint.is_some()).map(drop)
}

/// Whether requests are signed. Those to a store of one's own are not where nothing is given to
/// sign them with.
fn is_signed(
    builder: &AmazonS3Builder,
    stores: &Stores,
    is_own: bool,
) -> Result<bool, ProcessError> {
    use AmazonS3ConfigKey as Key;
    let have = |keys: &[Key]| keys.iter().all(|key| has(builder.get_config_value(key)));
    let given = stores.access.key_id.is_some()
        || stores.access.secret_access_key.is_some()
        || have(&[Key::AccessKeyId])
        || have(&[Key::SecretAccessKey])
        || have(&[Key::WebIdentityTokenFile, Key::RoleArn])
        || have(&[Key::ContainerCredentialsRelativeUri])
        || have(&[Key::ContainerCredentialsFullUri, Key::ContainerAuthorizationTokenFile]);
    if is_own && !given && stores.access.credentials == Credentials::Key {
        return Ok(false);
    }
    let skips = builder.get_config_value(&Key::SkipSignature).as_deref() == Some("true");
    super::is_signed(
        stores,
        skips,
        given,
        "give a key as \"Access Key ID\" and \"Secret Access Key\", or as AWS_ACCESS_KEY_ID and \
         AWS_SECRET_ACCESS_KEY in the environment",
    )
}

/// The address of the store, where it is not the provider's own.
fn endpoint(builder: &AmazonS3Builder, stores: &Stores) -> Result<Option<Url>, ProcessError> {
    let url: &Url = &stores.url;
    let named = if is_address(url) { Some(url) } else { stores.access.endpoint.as_deref() };
    match named {
        Some(named) => Ok(Some(checked(named)?.clone())),
        None => environment(builder),
    }
}

fn is_address(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// The address that the environment names.
fn environment(builder: &AmazonS3Builder) -> Result<Option<Url>, ProcessError> {
    let value = |key| builder.get_config_value(&key);
    let named = value(AmazonS3ConfigKey::S3Endpoint).or_else(|| value(AmazonS3ConfigKey::Endpoint));
    let Some(text) = named else { return Ok(None) };
    // What it says is not told: it may hold a password.
    let wrong = || {
        ProcessError::user(
            "the environment variable AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL is no address of an \
             object store without a user, a password and a query",
        )
        .with_help("set it to an address such as http://localhost:9878, or unset it")
    };
    let endpoint = without_secrets(&text, &PropertyKind::Url).map_err(|_| wrong())?;
    if checked(&endpoint).is_err() {
        return Err(wrong());
    }
    Ok(Some(endpoint))
}

/// The endpoint with the bucket in its host name: the library leaves that to its users.
fn with_bucket(endpoint: &Url, bucket: &str) -> Result<Url, ProcessError> {
    let mut whole = endpoint.clone();
    let named = endpoint.domain().map(|domain| whole.set_host(Some(&format!("{bucket}.{domain}"))));
    match named {
        Some(Ok(())) => Ok(whole),
        _ => Err(ProcessError::user(format!(
            "the bucket \"{bucket}\" cannot stand in the host name of \"{endpoint}\""
        ))
        .with_help("set \"Path Style Access\" to true")),
    }
}
