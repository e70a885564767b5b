//! Whether a store answers, and lets one in: asked, and nothing is changed.

use std::sync::Arc;

use futures::StreamExt;
use tutti_sdk::{Probe, ProcessError, Verification, depends_on_flowfile, verified};

use super::requests::Requests;
use super::store::{Store, Stores};
use crate::files::trials;

const LOOK: &str = "Look into the bucket";

/// Tries a bucket; none is one that depends on the flowfile. With `writes` a folder must be one
/// that may be written to.
pub(crate) async fn store(
    stores: &Arc<Stores>,
    probe: &Probe,
    bucket: Result<Option<String>, ProcessError>,
    writes: bool,
) -> Vec<Verification> {
    let this = Arc::clone(stores);
    let credentials = probe.context().blocking(move || this.check_credentials()).await;
    let credentials = credentials.and_then(|checked| checked);
    let is_let_in = credentials.is_ok();
    let seen = || "there is what requests are signed with, or they are not to be".to_owned();
    let mut told = vec![verified("Find the credentials", credentials.map(|()| seen()))];
    if !is_let_in {
        return told;
    }
    told.push(match bucket {
        Ok(None) => depends_on_flowfile(LOOK),
        Ok(Some(bucket)) => verified(LOOK, look(stores, probe, &bucket, writes).await),
        Err(error) => verified(LOOK, Err(error)),
    });
    told
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
            context.blocking(look).await?
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
