//! `DeleteObject`: deletes the object that a flowfile names.
//!
//! Never deletes anything before the flowfile is durable: its content may be what the object held,
//! and nothing else may have it any more.

#[cfg(test)]
mod tests;

use std::fs;
use std::io;
use std::path::Path;
use std::sync::Arc;

use object_store::ObjectStoreExt as _;
use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::model::spec::Removed;
use tutti_sdk::property::Evaluated;
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, Probe, ProcessError, Processor,
    ProcessorContext, Properties, Removes, Retry, SUCCESS, Session, Verification, async_trait,
};

use crate::files::paths;
use crate::objects::access::Access;
use crate::objects::address::StoreUrl;
use crate::objects::requests::{Requests, is_no_object};
use crate::objects::store::{Store, Stores};
use crate::objects::trials;
use crate::objects::{Purpose, key};
use crate::sinks::turns;

/// Flowfiles that are worked on in one session.
const BATCH_MAX: usize = 100;

/// The properties of [`DeleteObject`].
#[derive(Debug, Properties)]
pub(crate) struct DeleteObjectProperties {
    /// The store: `file:///folder`, `memory://name`, `s3://bucket/prefix`, `gs://bucket/prefix`,
    /// `az://container/prefix`, or `http://host:port`, the address of a store that speaks S3 (such
    /// as Apache Ozone's gateway).
    #[property(name = "Object Store URL", example = "file:///data/objects")]
    object_store_url: StoreUrl,
    /// The bucket. Where the URL names one already, or is a folder, a prefix below it.
    #[property(default = "${object.bucket}", example = "recordings")]
    bucket: Evaluated<String>,
    /// The key of the object, as the store has it.
    #[property(default = "${object.key}", example = "songs/${filename}")]
    object_key: Evaluated<String>,
    #[flatten]
    access: Access,
}

/// Deletes objects.
pub(crate) struct DeleteObject {
    stores: Arc<Stores>,
    bucket: Evaluated<String>,
    object_key: Evaluated<String>,
}

#[async_trait]
impl Processor for DeleteObject {
    type Properties = DeleteObjectProperties;

    fn describe() -> Description {
        Description {
            description: "\
An object is deleted when the flowfile is durable, and with it what was made of the object: so a \
crash repeats a deletion, and nothing is lost with it. The flowfile goes on as it came.\n\n\
A deletion may be repeated: an object that is not there is as good as deleted, in a bucket that is \
there. In a folder the folders of the key stay.\n\n\
What may pass, such as a store that does not answer, is tried again, as often as the flow says; \
what comes behind it waits. What another try cannot mend, such as a key that no store can have, \
goes to `failure` at once, penalised.",
            tags: &["object", "store", "s3", "ozone", "gcs", "azure", "bucket", "delete", "remove"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[
                (SUCCESS, "Flowfiles whose object is not there any more."),
                (
                    FAILURE,
                    "Flowfiles whose key cannot be, and those whose object could not be deleted \
                     after as many attempts as the flow says.",
                ),
            ],
            reads: &[
                ("object.bucket", "The bucket, unless **Bucket** says otherwise."),
                ("object.key", "The key, unless **Object Key** says otherwise."),
            ],
            example_flow: Some("delete-object"),
            outside: true,
            removes: const {
                let from = &["Object Store URL", "Bucket", "Object Key"];
                Some(Removes::of(Removed::Objects, from))
            },
            ..Description::transform("DeleteObject", "Deletes an object.")
        }
    }

    fn build(properties: DeleteObjectProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let (url, access) = (properties.object_store_url, properties.access);
        Ok(Self {
            stores: Arc::new(Stores::new(url, access, Purpose::Delete)),
            bucket: properties.bucket,
            object_key: properties.object_key,
        })
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        let stores = Arc::clone(&self.stores);
        context.blocking(move || stores.check_credentials()).await?
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        trials::store(&self.stores, probe, &self.bucket, true).await
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let batch = session.get_batch(BATCH_MAX)?;
        if batch.is_empty() {
            return Ok(());
        }
        session.durable().await?;
        let mut is_out_of_order = false;
        for mut flowfile in batch {
            if is_out_of_order {
                session.give_back(flowfile);
                continue;
            }
            match self.delete(session, &flowfile).await {
                Ok(uri) => {
                    session.provenance_invoke(&flowfile, &uri, "the object was deleted");
                    session.transfer(flowfile, SUCCESS);
                }
                Err(error) => {
                    is_out_of_order = error.retry() == Retry::Later;
                    session.penalize(&mut flowfile);
                    session.fail_or_retry(flowfile, &error);
                }
            }
        }
        Ok(())
    }
}

impl DeleteObject {
    /// Deletes the object, and hands back how it was called.
    async fn delete(&self, session: &Session, flowfile: &FlowFile) -> Result<String, ProcessError> {
        let bucket = self.bucket.evaluate(session, flowfile)?;
        let key = key::existing(&self.object_key.evaluate(session, flowfile)?)?;
        let place = self.stores.place(session.context(), &bucket).await?;
        let location: object_store::path::Path = place.prefix.parts().chain(key.parts()).collect();
        // Whoever puts it just now would find that there is none.
        let _turn = turns::at(&format!("{}/{key}", place.turns)).await;
        match &place.store {
            Store::Folder(root) => {
                let path = root.join(location.as_ref());
                session.blocking(move || delete_file(&path)).await??;
            }
            Store::Client(store) => {
                let about = format!("the object \"{location}\"");
                let timeout = self.stores.request_timeout();
                let requests = Requests {
                    context: session.context(),
                    timeout,
                    about: &about,
                    right: "delete from",
                };
                match requests.within_time("delete", store.delete(&location)).await? {
                    Err(error) if !is_no_object(&error) => {
                        return Err(requests.failed("delete", &error));
                    }
                    _ => {}
                }
            }
        }
        Ok(format!("{}/{key}", place.uri))
    }
}

/// Deletes the file that an object is. A folder is none.
fn delete_file(path: &Path) -> Result<(), ProcessError> {
    let is_gone = |error: &io::Error| {
        matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory)
    };
    match path.symlink_metadata() {
        Ok(there) if there.is_dir() => return Ok(()),
        Ok(_) => {}
        Err(error) if is_gone(&error) => return Ok(()),
        Err(error) => return Err(paths::error("look for", path, error)),
    }
    match fs::remove_file(path) {
        Err(error) if !is_gone(&error) => return Err(paths::error("delete", path, error)),
        _ => {}
    }
    path.parent().map_or(Ok(()), paths::sync_folder)
}
