//! `FetchObject`: brings the content of an object into the flowfile that names it.
//!
//! Never keeps content in memory as a whole, and never hands on a part of it for the whole.

mod content;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use tutti_sdk::model::flowfile::{Content, FlowFile};
use tutti_sdk::property::{DataSize, Evaluated};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Probe, ProcessError, Processor,
    ProcessorContext, Properties, SUCCESS, Session, Verification, async_trait,
};

use crate::objects::access::Access;
use crate::objects::address::StoreUrl;
use crate::objects::requests::Requests;
use crate::objects::store::{Store, Stores};
use crate::objects::trials;
use crate::objects::{Purpose, key};
use content::Span;

/// The properties of [`FetchObject`].
#[derive(Debug, Properties)]
pub(crate) struct FetchObjectProperties {
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
    /// How many bytes at the beginning of the object are left out.
    #[property(example = "44 B")]
    range_start: Option<Evaluated<Option<DataSize>>>,
    /// How many bytes are fetched at most.
    #[property(example = "1 MB")]
    range_length: Option<Evaluated<Option<DataSize>>>,
    #[flatten]
    access: Access,
}

/// Brings the content of objects into flowfiles.
pub(crate) struct FetchObject {
    stores: Arc<Stores>,
    bucket: Evaluated<String>,
    object_key: Evaluated<String>,
    range_start: Option<Evaluated<Option<DataSize>>>,
    range_length: Option<Evaluated<Option<DataSize>>>,
}

/// What was fetched.
struct Fetched {
    content: Content,
    attributes: Vec<(String, String)>,
    uri: String,
}

#[async_trait]
impl Processor for FetchObject {
    type Properties = FetchObjectProperties;

    fn describe() -> Description {
        Description {
            description: "\
The content is streamed: its size does not matter. What breaks off in the middle goes on where it \
broke off, if it is still the same version of the object, as often as **Maximum Retries** says; \
content that came short is never handed on.\n\n\
What may pass, such as a store that does not answer, is tried again, as often as the flow says. \
What another try cannot mend, such as a key that the bucket does not have, goes to `failure` at \
once, penalised. A bucket that is missing is waited for: it may come.\n\n\
Metadata that PutObject wrote as `%HH` is the text that it was.",
            tags: &["object", "store", "s3", "ozone", "gcs", "azure", "bucket", "fetch", "get"],
            relationships: &[
                (SUCCESS, "Flowfiles that have the content of their object."),
                (
                    FAILURE,
                    "Flowfiles whose object is not there or cannot be fetched as it is asked for, \
                     and those whose object could not be fetched after as many attempts as the \
                     flow says.",
                ),
            ],
            reads: &[
                ("object.bucket", "The bucket, unless **Bucket** says otherwise."),
                ("object.key", "The key, unless **Object Key** says otherwise."),
            ],
            writes: &[
                ("object.bucket", "The bucket or prefix."),
                ("object.key", "The key, as the store has it."),
                ("object.size", "How many bytes the object has, fetched or not."),
                ("object.etag", "The store's tag of this version, where it gives one."),
                ("object.version", "The store's name of this version, where it keeps versions."),
                ("object.lastModified", "When it was put, in milliseconds since 1970."),
                ("object.metadata.*", "The metadata that the store keeps with the object."),
                ("mime.type", "The type that the store keeps with the object, where it does."),
            ],
            aliases: &["FetchOzoneObject"],
            example_flow: Some("fetch-object"),
            outside: true,
            ..Description::transform(
                "FetchObject",
                "Brings the content of an object into a flowfile.",
            )
        }
    }

    fn build(properties: FetchObjectProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let (url, access) = (properties.object_store_url, properties.access);
        Ok(Self {
            stores: Arc::new(Stores::new(url, access, Purpose::Fetch)),
            bucket: properties.bucket,
            object_key: properties.object_key,
            range_start: properties.range_start,
            range_length: properties.range_length,
        })
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        let stores = Arc::clone(&self.stores);
        context.blocking(move || stores.check_credentials()).await?
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        trials::store(&self.stores, probe, &self.bucket, false).await
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.fetch(session, &flowfile).await {
            Ok(fetched) => {
                for (name, value) in fetched.attributes {
                    flowfile.set_attribute(&name, value);
                }
                session.set_content(&mut flowfile, fetched.content);
                session.provenance_fetch(&flowfile, &fetched.uri);
                session.transfer(flowfile, SUCCESS);
            }
            Err(error) => {
                session.penalize(&mut flowfile);
                session.fail_or_retry(flowfile, &error);
            }
        }
        Ok(())
    }
}

impl FetchObject {
    async fn fetch(&self, session: &Session, flowfile: &FlowFile) -> Result<Fetched, ProcessError> {
        let bucket = self.bucket.evaluate(session, flowfile)?;
        let key = key::existing(&self.object_key.evaluate(session, flowfile)?)?;
        let span = Span {
            start: bytes(self.range_start.as_ref(), session, flowfile)?.unwrap_or(0),
            length: bytes(self.range_length.as_ref(), session, flowfile)?,
        };
        let place = self.stores.place(session.context(), &bucket).await?;
        let location: object_store::path::Path = place.prefix.parts().chain(key.parts()).collect();
        let about = format!("the object \"{location}\"");
        let (content, mut attributes) = match &place.store {
            Store::Folder(root) => {
                let path = root.join(location.as_ref());
                let writer = session.write()?;
                let copy = move || content::from_folder(&path, &about, span, writer);
                session.blocking(copy).await??
            }
            Store::Client(store) => {
                let timeout = self.stores.request_timeout();
                let requests = Requests {
                    context: session.context(),
                    timeout,
                    about: &about,
                    right: "read from",
                };
                content::from_store(&**store, &location, &requests, session, span).await?
            }
        };
        attributes.push(("object.bucket".to_owned(), bucket));
        attributes.push(("object.key".to_owned(), key.to_string()));
        Ok(Fetched { content, attributes, uri: format!("{}/{key}", place.uri) })
    }
}

fn bytes(
    property: Option<&Evaluated<Option<DataSize>>>,
    session: &Session,
    flowfile: &FlowFile,
) -> Result<Option<u64>, ProcessError> {
    let Some(property) = property else { return Ok(None) };
    Ok(property.evaluate(session, flowfile)?.map(DataSize::bytes))
}
