//! From the properties to what the clients are configured with. No environment is read here.

use object_store::ClientConfigKey;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey as S3};
use object_store::azure::{AzureConfigKey as Azure, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey as Google};
use tutti_sdk::Properties;

use super::*;

fn properties(url: &str, more: &[(&str, &str)]) -> PutObjectProperties {
    let mut values = vec![("Object Store URL", url), ("Bucket", "songs")];
    values.extend(more);
    let values = values.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    PutObjectProperties::parse(&values.collect(), &[]).unwrap()
}

fn s3(
    environment: &[(S3, &str)],
    url: &str,
    more: &[(&str, &str)],
) -> Result<(AmazonS3Builder, Within), ProcessError> {
    let builder = environment
        .iter()
        .fold(AmazonS3Builder::new(), |builder, &(key, value)| builder.with_config(key, value));
    let properties = properties(url, more);
    s3::configure(builder, &properties, &properties.object_store_url, "songs")
}

fn told(error: &ProcessError) -> String {
    format!("{}; {}", error.chain(), error.help().unwrap_or_default())
}

#[test]
fn an_s3_url_says_the_bucket_the_prefix_and_the_address() {
    const ENDPOINT: (&str, &str) = ("Endpoint", "https://store.example:9878/");
    const BY_HOST: (&str, &str) = ("Path Style Access", "false");
    for (url, more, bucket, prefix, endpoint) in [
        ("s3://mine/a%20b/", &[][..], "mine", "a b/songs", None),
        ("s3a://mine", &[BY_HOST], "mine", "songs", None),
        ("s3:///", &[ENDPOINT], "songs", "", Some("https://store.example:9878")),
        ("s3:///", &[ENDPOINT, BY_HOST], "songs", "", Some("https://songs.store.example:9878")),
        ("http://ozone:9878/", &[], "songs", "", Some("http://ozone:9878")),
        // Whoever gives an address alone cannot mean the host name: it would be another host.
        ("http://127.0.0.1:9878", &[BY_HOST], "songs", "", Some("http://127.0.0.1:9878")),
    ] {
        let (builder, place) = s3(&[], url, more).unwrap();
        assert_eq!(builder.get_config_value(&S3::Bucket).as_deref(), Some(bucket), "{url}");
        assert_eq!(builder.get_config_value(&S3::S3Endpoint).as_deref(), endpoint, "{url}");
        assert_eq!(place.prefix.as_ref(), prefix, "{url}");
        let allow_http = S3::Client(ClientConfigKey::AllowHttp);
        let is_plain = endpoint.is_some_and(|endpoint| endpoint.starts_with("http:"));
        assert_eq!(builder.get_config_value(&allow_http), Some(is_plain.to_string()), "{url}");
        // Without a key a store of one's own is asked without a signature, the provider's is not.
        let skips = builder.get_config_value(&S3::SkipSignature);
        assert_eq!(skips, Some(endpoint.is_some().to_string()), "{url}");
    }
}

#[test]
fn the_flow_counts_more_than_the_environment() {
    let environment = [
        (S3::Endpoint, "http://general:1"),
        (S3::S3Endpoint, "http://special:2"),
        (S3::Region, "elsewhere"),
        (S3::AccessKeyId, "their id"),
        (S3::SecretAccessKey, "their secret"),
        (S3::VirtualHostedStyleRequest, "true"),
    ];
    let flow = [
        ("Endpoint", "http://flow:3"),
        ("Region", "here"),
        ("Access Key ID", "id"),
        ("Secret Access Key", "secret"),
    ];
    for (url, more, endpoint, region, id) in [
        ("s3:///", &flow[..], "http://flow:3", "here", "id"),
        ("http://url:4", &[], "http://url:4", "elsewhere", "their id"),
        ("s3:///", &[], "http://special:2", "elsewhere", "their id"),
    ] {
        let (builder, _) = s3(&environment, url, more).unwrap();
        for (key, expected) in [
            (S3::S3Endpoint, endpoint),
            (S3::Region, region),
            (S3::AccessKeyId, id),
            (S3::VirtualHostedStyleRequest, "false"),
            (S3::SkipSignature, "false"),
            (S3::Client(ClientConfigKey::AllowHttp), "true"),
        ] {
            let value = builder.get_config_value(&key);
            assert_eq!(value.as_deref(), Some(expected), "{url} {key:?}");
        }
    }
    let (builder, _) = s3(&environment[..1], "s3://mine", &[]).unwrap();
    let value = builder.get_config_value(&S3::S3Endpoint);
    assert_eq!(value.as_deref(), Some("http://general:1"));
}

#[test]
fn an_address_that_none_can_be_is_told() {
    const BY_HOST: (&str, &str) = ("Path Style Access", "false");
    for (environment, more, expected) in [
        ("localhost:9878", &[][..], "\"localhost:9878\", of the environment variable AWS_ENDPOINT"),
        ("store", &[], "\"store\", of the environment variable AWS_ENDPOINT_URL_S3"),
        ("", &[("Endpoint", "localhost:9878")], "\"localhost:9878\" is no address of an object"),
        ("http://127.0.0.1:1", &[BY_HOST], "\"songs\" cannot stand in the host name of"),
        ("http://[::1]:1", &[BY_HOST], "set \"Path Style Access\" to true"),
    ] {
        let told = told(&s3(&[(S3::Endpoint, environment)], "s3:///", more).err().unwrap());
        assert!(told.contains(expected), "{told}");
    }
}

#[test]
fn a_google_url_says_the_bucket_and_the_prefix() {
    for (url, bucket, prefix) in [("gs://mine/a/b", "mine", "a/b/songs"), ("gs:///", "songs", "")] {
        let properties = properties(url, &[("Service Account Key", "{}")]);
        let (builder, place) = google::configure(
            GoogleCloudStorageBuilder::new(),
            &properties,
            &properties.object_store_url,
            "songs",
        )
        .unwrap();
        assert_eq!(builder.get_config_value(&Google::Bucket).as_deref(), Some(bucket));
        let account = builder.get_config_value(&Google::ServiceAccountKey);
        assert_eq!(account.as_deref(), Some("{}"));
        assert_eq!(place.prefix.as_ref(), prefix);
    }
}

#[test]
fn an_azure_url_says_the_container_and_the_prefix() {
    let more = [
        ("Access Key ID", "account"),
        ("Secret Access Key", "c2VjcmV0"),
        ("Endpoint", "http://localhost:10000/account"),
    ];
    for (url, container, prefix) in [("az://mine/a", "mine", "a/songs"), ("azure:///", "songs", "")]
    {
        let properties = properties(url, &more);
        let builder = MicrosoftAzureBuilder::new();
        let url: &Url = &properties.object_store_url;
        let (builder, place) = azure::configure(builder, &properties, url, "songs").unwrap();
        for (key, expected) in [
            (Azure::ContainerName, container),
            (Azure::AccountName, "account"),
            (Azure::AccessKey, "c2VjcmV0"),
            (Azure::Endpoint, "http://localhost:10000/account"),
            (Azure::Client(ClientConfigKey::AllowHttp), "true"),
        ] {
            assert_eq!(builder.get_config_value(&key).as_deref(), Some(expected), "{url}");
        }
        assert_eq!(place.prefix.as_ref(), prefix);
        builder.build().unwrap();
    }
}
