//! Whether a store answers, and lets one in: asked, and nothing is changed.

use std::sync::Arc;

use futures::StreamExt;
use tutti_sdk::property::Evaluated;
use tutti_sdk::{Probe, ProcessError, Verification, verified};

use super::requests::Requests;
use super::store::{Store, Stores};
use crate::files::trials;

const LOOK: &str = "Look into the bucket";

/// Tries the bucket that a property names. With `writes` a folder must be one that may be written
/// to.
pub(crate) async fn store(
    stores: &Arc<Stores>,
    probe: &Probe,
    bucket: &Evaluated<String>,
    writes: bool,
) -> Vec<Verification> {
    let (credentials, is_let_in) = find_credentials(stores, probe).await;
    if !is_let_in {
        return vec![credentials];
    }
    let look = |bucket: String| async move { look(stores, probe, &bucket, writes).await };
    vec![credentials, probe.verify(LOOK, bucket, look).await]
}

/// Tries a bucket that is to be listed.
pub(crate) async fn listing(
    stores: &Arc<Stores>,
    probe: &Probe,
    bucket: &str,
) -> Vec<Verification> {
    let (credentials, is_let_in) = find_credentials(stores, probe).await;
    if !is_let_in {
        return vec![credentials];
    }
    vec![credentials, verified(LOOK, look(stores, probe, bucket, false).await)]
}

/// What there is to say of the credentials, and whether there are any.
async fn find_credentials(stores: &Arc<Stores>, probe: &Probe) -> (Verification, bool) {
    let stores = Arc::clone(stores);
    let found = probe.blocking(move || stores.check_credentials()).await;
    let is_let_in = found.is_ok();
    let seen = |()| "there is what requests are signed with, or they are not to be".to_owned();
    (verified("Find the credentials", found.map(seen)), is_let_in)
}

async fn look(
    stores: &Arc<Stores>,
    probe: &Probe,
    bucket: &str,
    writes: bool,
) -> Result<String, ProcessError> {
    let context = probe.context();
    let place = stores.place(context, bucket).await?;
    match &place.store {
        Store::Folder(root) => {
            let folder = root.join(place.prefix.as_ref());
            let look = move || {
                if writes {
                    trials::write_folder(&folder, true)
                } else {
                    trials::read_folder(&folder)
                }
            };
            probe.blocking(look).await
        }
        Store::Client(store) => {
            let about = format!("the objects of \"{}\"", place.uri);
            let timeout = stores.request_timeout();
            let requests = Requests { context, timeout, about: &about, right: "list" };
            let prefix = Some(&place.prefix).filter(|prefix| !prefix.as_ref().is_empty());
            let mut objects = store.list(prefix);
            let first = requests.within_time("list", objects.next()).await?;
            let first = first.transpose().map_err(|error| requests.failed("list", &error))?;
            let what = if first.is_some() { "has objects" } else { "is empty" };
            Ok(format!("\"{}\" answers, and {what}", place.uri))
        }
    }
}
