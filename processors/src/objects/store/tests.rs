//! From the properties to what the clients are configured with. No environment is read here.

use object_store::ClientConfigKey;
use object_store::ObjectStoreExt;
use object_store::aws::{AmazonS3Builder, AmazonS3ConfigKey as S3};
use object_store::azure::{AzureConfigKey as Azure, MicrosoftAzureBuilder};
use object_store::gcp::{GoogleCloudStorageBuilder, GoogleConfigKey as Google};
use std::sync::atomic::{AtomicU64, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use tutti_sdk::Properties;
use tutti_sdk::property::PropertyType;

use super::*;

fn stores_of(url: &str, more: &[(&str, &str)]) -> Stores {
    let values = more.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    let access = Access::parse(&values.collect(), &[]).unwrap();
    let url = StoreUrl::parse(url, &StoreUrl::kind()).unwrap();
    Stores::new(url, access, Purpose::Put { creates: false })
}

fn s3(
    environment: &[(S3, &str)],
    url: &str,
    more: &[(&str, &str)],
) -> Result<(AmazonS3Builder, Within), ProcessError> {
    let builder = environment
        .iter()
        .fold(AmazonS3Builder::new(), |builder, &(key, value)| builder.with_config(key, value));
    s3::configure(builder, &stores_of(url, more), "songs")
}

fn told(error: &ProcessError) -> String {
    format!("{}; {}", error.chain(), error.help().unwrap_or_default())
}

#[test]
fn an_s3_url_says_the_bucket_the_prefix_and_the_address() {
    const ENDPOINT: (&str, &str) = ("Endpoint", "https://store.example:9878/");
    const BY_HOST: (&str, &str) = ("Path Style Access", "false");
    const KEY: (&str, &str) = ("Access Key ID", "id");
    for (url, more, bucket, prefix, endpoint) in [
        ("s3://mine/a%20b/", &[KEY][..], "mine", "a b/songs", None),
        ("s3a://mine", &[KEY, BY_HOST], "mine", "songs", None),
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
        ("localhost:9878", &[][..], "variable AWS_ENDPOINT_URL_S3 or AWS_ENDPOINT_URL is no"),
        ("http://user:PW@host", &[], "is no address of an object store without a user"),
        ("store", &[], "the environment variable AWS_ENDPOINT_URL_S3"),
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
        let stores = stores_of(url, &[("Service Account Key", "{}")]);
        let builder = GoogleCloudStorageBuilder::new();
        let (builder, place) = google::configure(builder, &stores, "songs").unwrap();
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
        let builder = MicrosoftAzureBuilder::new();
        let (builder, place) = azure::configure(builder, &stores_of(url, &more), "songs").unwrap();
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

#[test]
fn without_credentials_a_store_of_the_provider_is_not_asked() {
    let role = ("Credentials", "instance role");
    let anonymous = ("Credentials", "anonymous");
    let key = [("Access Key ID", "id"), ("Secret Access Key", "secret")];
    let account = ("Service Account Key", "{}");
    let own = ("Endpoint", "http://localhost:1");
    let signed = |url: &str, more: &[(&str, &str)], s3_environment: &[(S3, &str)]| {
        let stores = stores_of(url, more);
        match stores.url.store_kind() {
            StoreKind::S3 => s3(s3_environment, url, more).map(|(builder, _)| {
                builder.get_config_value(&S3::SkipSignature).as_deref() == Some("false")
            }),
            StoreKind::Google => {
                google::is_signed(&GoogleCloudStorageBuilder::new(), &stores, false)
            }
            _ => azure::is_signed(&MicrosoftAzureBuilder::new(), &stores),
        }
    };
    for url in ["s3://mine", "gs://mine", "az://mine"] {
        let told = told(&signed(url, &[], &[]).unwrap_err());
        let parts = [url, "there are no credentials", "in the environment", "instance role"];
        assert!(parts.iter().all(|part| told.contains(part)), "{told}");
        assert!(signed(url, &[role], &[]).unwrap(), "{url}");
        assert!(!signed(url, &[anonymous], &[]).unwrap(), "{url}");
    }
    for (url, more, environment, is_signed) in [
        ("s3://mine", &key[..], &[][..], true),
        ("s3://mine", &[], &[(S3::AccessKeyId, "id"), (S3::SecretAccessKey, "secret")], true),
        ("s3://mine", &[], &[(S3::WebIdentityTokenFile, "/f"), (S3::RoleArn, "r")], true),
        ("s3://mine", &[], &[(S3::ContainerCredentialsRelativeUri, "/x")], true),
        ("s3://mine", &[], &[(S3::SkipSignature, "true")], false),
        ("s3:///", &[own], &[], false),
        ("http://localhost:1", &[], &[], false),
        ("s3:///", &[own, role], &[], true),
        ("s3:///", &[own, key[0], key[1]], &[], true),
        ("gs://mine", &[account], &[], true),
        ("az://mine", &key, &[], true),
        ("az://mine", &[key[1]], &[], true),
    ] {
        assert_eq!(signed(url, more, environment).unwrap(), is_signed, "{url} {more:?}");
    }
    for environment in [&[(S3::RoleArn, "r")][..], &[(S3::AccessKeyId, "")]] {
        assert!(signed("s3://mine", &[], environment).is_err());
    }
    let google = |key| {
        let builder = GoogleCloudStorageBuilder::new().with_config(key, "/file");
        google::is_signed(&builder, &stores_of("gs://mine", &[]), false)
    };
    assert!(google(Google::ApplicationCredentials).unwrap());
    assert!(google(Google::BaseUrl).is_err());
    assert!(
        google::is_signed(&GoogleCloudStorageBuilder::new(), &stores_of("gs://mine", &[]), true)
            .unwrap()
    );
}

#[test]
fn a_bucket_is_a_part_of_an_address() {
    let bucket = |url: &str, name: &str| {
        let url = url.parse().unwrap();
        bucket_of(&url, name).map(|(bucket, _)| bucket)
    };
    for name in ["audio-features", "a.b_c", "$web"] {
        assert_eq!(bucket("az:///", name).unwrap(), name);
    }
    for (url, name) in [
        ("s3:///", "a b"),
        ("s3:///", "Björk"),
        ("gs:///", ".."),
        ("az:///", "a/b"),
        ("s3://ö", ""),
    ] {
        let told = told(&bucket(url, name).unwrap_err());
        assert!(told.contains("cannot be the name of a bucket"), "{told}");
    }
    let stores = stores_of("http://localhost:1", &[]);
    assert!(s3::configure(AmazonS3Builder::new(), &stores, "a b").is_err());
}

/// A server that answers every request with `head` and a body that does not end, but for a bound
/// beyond what any client should take. Hands back how many bytes it sent.
async fn without_end(head: &'static str) -> (Url, Arc<AtomicU64>) {
    const CHUNK_BYTES: usize = 64 * 1024;
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
    let sent = Arc::<AtomicU64>::default();
    let counted = Arc::clone(&sent);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let counted = Arc::clone(&counted);
            tokio::spawn(async move {
                let mut asked = Vec::new();
                while !asked.ends_with(b"{}") && stream.read_buf(&mut asked).await.unwrap() > 0 {}
                let head = format!("HTTP/1.1 {head}\r\netag: \"1\"\r\n\r\n");
                stream.write_all(head.as_bytes()).await.unwrap();
                let chunk = vec![b'x'; CHUNK_BYTES];
                while counted.load(Ordering::Relaxed) < ENDLESS_BYTES
                    && stream.write_all(&chunk).await.is_ok()
                {
                    counted.fetch_add(chunk.len() as u64, Ordering::Relaxed);
                }
            });
        }
    });
    (url, sent)
}

/// What such a server sends when nobody stops it.
const ENDLESS_BYTES: u64 = 256 * 1024 * 1024;

/// A store of each kind at that address.
fn stores(address: &Url) -> [(&'static str, Arc<dyn ObjectStore>); 3] {
    let endpoint = [("Endpoint", address.as_str()), ("Maximum Retries", "0")];
    let (s3, _) = s3(&[], "s3:///", &endpoint).unwrap();
    let account = [("Access Key ID", "account"), ("Secret Access Key", "c2VjcmV0")];
    let stores = stores_of("az:///", &[&endpoint[..], &account].concat());
    let azure = MicrosoftAzureBuilder::new();
    let (azure, _) = azure::configure(azure, &stores, "songs").unwrap();
    let google =
        GoogleCloudStorageBuilder::new().with_base_url(address.as_str().trim_end_matches('/'));
    let (google, _) = google::configure(google, &stores, "songs").unwrap();
    let google =
        google::anonymous(google.with_client_options(client(Some(address))), stores.purpose);
    [
        ("s3", Arc::new(s3.build().unwrap())),
        ("azure", Arc::new(azure.build().unwrap())),
        ("google", Arc::new(google.build().unwrap())),
    ]
}

#[tokio::test]
async fn without_a_signature_nothing_identifies_who_puts() {
    for index in [0, 2] {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap()).parse().unwrap();
        let (kind, store) = stores(&url).into_iter().nth(index).unwrap();
        let server = async move {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut asked = Vec::new();
            while !asked.ends_with(b"{}") && stream.read_buf(&mut asked).await.unwrap() > 0 {}
            let answer = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\netag: \"1\"\r\n\r\n";
            stream.write_all(answer.as_bytes()).await.unwrap();
            String::from_utf8(asked).unwrap().to_lowercase()
        };
        let location = Path::from("a");
        let (asked, put) = tokio::join!(server, store.put(&location, "{}".into()));
        put.unwrap();
        assert!(asked.starts_with("put /songs/a "), "{kind}: {asked}");
        assert!(!asked.contains("authorization"), "{kind}: {asked}");
    }
}

#[tokio::test]
async fn an_answer_without_end_is_cut() {
    for (head, told) in [
        ("500 Internal Server Error", "500 Internal Server Error: xxxx"),
        ("403 Forbidden", "403 Forbidden: xxxx"),
        // Nor does room for it have to be there.
        ("400 Bad Request\r\ncontent-length: 9223372036854775807", "400 Bad Request: xxxx"),
        ("200 OK", "the answer has more than 65536 bytes"),
    ] {
        let (url, sent) = without_end(head).await;
        for (kind, store) in stores(&url) {
            let error = store.put(&Path::from("a"), "{}".into()).await.unwrap_err().to_string();
            assert!(error.contains(told), "{kind}: {error:.500}");
            assert!(error.len() < 100_000, "{kind}: {} bytes", error.len());
            // What the machine itself keeps between the two comes on top.
            let sent = sent.swap(0, Ordering::Relaxed);
            assert!(sent < ENDLESS_BYTES / 4, "{kind}: {sent} bytes");
        }
    }
}
