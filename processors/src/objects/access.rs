//! How a store is reached, as the flow says it.

use std::time::Duration;

use tutti_sdk::Properties;
use tutti_sdk::property::{Choice, Secret};

use super::address::Endpoint;

/// What gives the right to use a store.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum Credentials {
    /// A key of the properties, or else what the provider's usual environment variables and files
    /// give.
    Key,
    /// The same, and where there is none, the role of this machine in the provider's cloud: its
    /// metadata service is asked at an address that only exists there.
    InstanceRole,
    /// Nothing: requests are not signed. For buckets that everyone may use.
    Anonymous,
}

/// The properties of all that use a store.
#[derive(Debug, Properties)]
pub(crate) struct Access {
    /// The region of an S3 store. Without it `AWS_REGION` counts, and else `us-east-1`.
    #[property(example = "eu-central-1")]
    pub(super) region: Option<String>,
    /// The address of an S3 or Azure store that is not the provider's own. Without it, for `s3:`,
    /// the environment variable `AWS_ENDPOINT_URL_S3` or `AWS_ENDPOINT_URL` counts.
    #[property(example = "http://localhost:9878")]
    pub(super) endpoint: Option<Endpoint>,
    /// Whether the bucket stands in the path of an S3 address instead of in its host name. Apache
    /// Ozone and most stores on one's own machines want it.
    #[property(name = "Path Style Access", default = "true")]
    pub(super) is_path_style: bool,
    /// What gives the right to use the store.
    #[property(default = "key")]
    pub(super) credentials: Credentials,
    /// The identity of an S3 key, or the name of an Azure account. Without it the usual
    /// environment variables count, such as `AWS_ACCESS_KEY_ID`; without those too, requests to an
    /// S3 store at an address of its own are not signed.
    #[property(name = "Access Key ID", sensitive)]
    pub(super) key_id: Option<String>,
    /// The secret of an S3 key, or the key of an Azure account.
    #[property(sensitive)]
    pub(super) secret_access_key: Option<Secret>,
    /// The key of a Google service account, as JSON.
    #[property(sensitive)]
    pub(super) service_account_key: Option<Secret>,
    /// How long one request may take, all its retries included. A folder takes its time.
    #[property(default = "30 sec")]
    pub(super) request_timeout: Duration,
    /// How often a request that failed in passing is tried again.
    #[property(default = "3", max = 100)]
    pub(super) maximum_retries: u32,
}
