//! `PutObject`: puts content into an object store.
//!
//! Never leaves a part of an object visible, and never keeps content in memory as a whole.

mod local;
#[cfg(test)]
mod tests;
mod upload;

use std::sync::Arc;

use object_store::path::Path;
use object_store::{Attribute, AttributeValue, Attributes};
use tutti_sdk::model::flowfile::FlowFile;
use tutti_sdk::model::spec::PropertyError;
use tutti_sdk::property::{Choice, Dynamic, Evaluated};
use tutti_sdk::{
    BuildContext, BuildError, Description, FAILURE, Makes, Probe, ProcessError, Processor,
    ProcessorContext, Properties, SUCCESS, Session, Verification, async_trait,
};

use crate::files::emptied::{self, Filled};
use crate::files::folder::Folders;
use crate::objects::access::Access;
use crate::objects::address::{StoreKind, StoreUrl};
use crate::objects::requests::Requests;
use crate::objects::store::{Place, Store, Stores};
use crate::objects::trials;
use crate::objects::{Purpose, header, key};
use crate::sinks::turns;
use crate::sinks::writers::Writers;
use local::LocalPut;
use upload::{Stored, Upload};

/// What to do when there is an object of that key already.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum ConflictResolution {
    /// The flowfile goes to `failure`, and the object stays as it is.
    Fail,
    /// The object is replaced, at once and as a whole.
    Replace,
    /// The flowfile goes to `success`, and the object stays as it is.
    Ignore,
}

/// The properties of [`PutObject`].
#[derive(Debug, Properties)]
pub(crate) struct PutObjectProperties {
    /// The store: `file:///folder`, `memory://name`, `s3://bucket/prefix`, `gs://bucket/prefix`,
    /// `az://container/prefix`, or `http://host:port`, the address of a store that speaks S3 (such
    /// as Apache Ozone's gateway).
    #[property(name = "Object Store URL", example = "file:///data/objects")]
    object_store_url: StoreUrl,
    /// The bucket. Where the URL names one already, or is a folder, a prefix below it.
    #[property(example = "audio-features")]
    bucket: Evaluated<String>,
    /// The name of the object in the bucket. Control characters and parts such as `..` are written
    /// as `%HH`, so that every name is safe in every store; `./` stands for nothing.
    #[property(default = "${filename}", example = "${path}${filename}")]
    object_key: Evaluated<String>,
    /// The type of the content, kept with the object. A folder cannot keep it, and Apache Ozone
    /// does not.
    #[property(default = "${mime.type}", example = "application/json")]
    content_type: Option<Evaluated<String>>,
    /// What to do when there is an object of that key already.
    #[property(default = "replace")]
    conflict_resolution_strategy: ConflictResolution,
    #[flatten]
    access: Access,
    /// Metadata to keep with the object. A folder cannot keep it. What is not ASCII is written as
    /// `%HH`, byte by byte, as stores keep nothing else.
    #[dynamic(name = "metadata name")]
    metadata: Dynamic<Evaluated<String>>,
}

/// Puts content into an object store.
pub(crate) struct PutObject {
    stores: Arc<Stores>,
    bucket: Evaluated<String>,
    object_key: Evaluated<String>,
    content_type: Option<Evaluated<String>>,
    metadata: Dynamic<Evaluated<String>>,
    conflict: ConflictResolution,
    folders: Arc<Folders>,
    writers: Writers,
    /// The folder that all objects go to, where there is one.
    filled: Option<Arc<Filled>>,
}

#[async_trait]
impl Processor for PutObject {
    type Properties = PutObjectProperties;

    fn describe() -> Description {
        Description {
            description: "\
The content is streamed, what has 8 MiB or more in parts; the object becomes visible at once and \
as a whole. A store that speaks S3 is told the SHA-256 of what every request sends, signed or else \
as a checksum, to check it by; every store is asked afterwards how many bytes it has. In a folder \
(`file:`) the object is on the disk before the flowfile goes on, and no part of its key may be \
longer than 255 bytes.\n\n\
Where nothing gives the right to write, it does not start, and it asks no address for credentials \
that neither the flow nor the environment names.\n\n\
A kill leaves what was half written: in a folder a hidden file, `.tutti-*.part`, which the next \
run removes when it first writes there (what is still being written holds a lock and stays; on a \
disk without locks, all stay); elsewhere parts, which the store's own clean-up takes away.\n\n\
With the strategies `fail` and `ignore`, what somebody else puts under the same key at the same \
time is not replaced either: not in a folder, nor in a store that heeds `If-None-Match` or its \
like. Content in parts is put under such a condition only into stores that speak S3. Elsewhere, \
and where a store heeds no condition, it is asked just before the object becomes visible, and what \
comes in between is replaced.\n\n\
A repeated flowfile puts the same object again: with the strategy `replace` that changes nothing. \
When objects made from different files get the same key, the later one replaces the earlier, and a \
warning names both: a key such as `${path}${filename}` keeps files of the same name in \
different folders apart.\n\n\
It does not start into a folder where a GetFile of the same process would pick up and delete \
whatever it puts, so that nothing is picked up for it either. What may pass, such as a store that \
does not answer, a full disk, or a key that such a GetFile would take there, is tried again, as \
often as the flow says. What another try cannot mend, such as a key that a store can never have, \
goes to `failure` at once, penalised.",
            tags: &["object", "store", "s3", "ozone", "gcs", "azure", "bucket", "put", "sink"],
            makes: const { &[Makes::all_as_it_came()] },
            relationships: &[
                (SUCCESS, "Flowfiles whose content is in the store."),
                (
                    FAILURE,
                    "Flowfiles that cannot be put as they are (the key cannot be, there is an \
                     object already, the content cannot be made), and those that could not be put \
                     after as many attempts as the flow says.",
                ),
            ],
            reads: &[
                ("filename", "The name of the object, unless **Object Key** says otherwise."),
                ("mime.type", "The type, unless **Content Type** says otherwise."),
            ],
            writes: &[
                ("object.bucket", "The bucket or prefix."),
                ("object.key", "The name of the object as the store has it."),
                ("object.size", "How many bytes it has."),
                ("object.sha256", "The SHA-256 of its bytes, in hexadecimal digits."),
                ("object.etag", "The store's tag of this version, where it gives one."),
                ("object.version", "The store's name of this version, where it keeps versions."),
            ],
            aliases: &["PutOzoneObject"],
            example_flow: Some("put-object"),
            outside: true,
            ..Description::transform("PutObject", "Puts content into an object store.")
        }
    }

    fn build(properties: PutObjectProperties, context: &BuildContext) -> Result<Self, BuildError> {
        let wrong = properties.metadata.iter().filter_map(|(name, _)| {
            let error = header::check_name(name).err()?;
            Some(PropertyError::of(name.to_owned(), error))
        });
        BuildError::unless_empty(wrong.collect())?;
        let filled = filled(&properties, context).map(Arc::new);
        let PutObjectProperties { object_store_url: url, access, .. } = properties;
        let creates = properties.conflict_resolution_strategy != ConflictResolution::Replace;
        Ok(Self {
            stores: Arc::new(Stores::new(url, access, Purpose::Put { creates })),
            bucket: properties.bucket,
            object_key: properties.object_key,
            content_type: properties.content_type,
            metadata: properties.metadata,
            conflict: properties.conflict_resolution_strategy,
            folders: Arc::default(),
            writers: Writers::default(),
            filled,
        })
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        let (stores, filled) = (Arc::clone(&self.stores), self.filled.clone());
        let check = move || {
            stores.check_credentials()?;
            filled.as_ref().map_or(Ok(()), emptied::register_sink)
        };
        context.blocking(check).await?
    }

    async fn on_stopped(&self, _: &ProcessorContext) {
        if let Some(filled) = &self.filled {
            emptied::forget_sink(filled);
        }
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        trials::store(&self.stores, probe, &self.bucket, true).await
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        match self.put(session, &flowfile).await {
            Ok(put) => {
                for (name, value) in put.attributes {
                    flowfile.set_attribute(name, value);
                }
                if let Some((uri, bytes)) = put.sent {
                    session.provenance_send(&flowfile, &uri, bytes);
                    if self.conflict == ConflictResolution::Replace {
                        let help = "put the folder into Object Key, ${path} before ${filename}";
                        let counted = ("objects of other files replaced", help);
                        self.writers.note(session, &flowfile, ("object", &uri), counted);
                    }
                }
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

/// The folder that holds all objects, where neither the store nor a flowfile makes it another.
fn filled(properties: &PutObjectProperties, context: &BuildContext) -> Option<Filled> {
    let StoreKind::Folder(root) = properties.object_store_url.store_kind() else { return None };
    let prefix = key::path(properties.bucket.literal()?, "bucket").ok()?;
    let folder = root.join(prefix.as_ref());
    // A key may have parts, and so name folders.
    Some(Filled { component: context.component.clone(), folder, is_deep: true })
}

/// What is to be said of a flowfile that was put.
struct Put {
    attributes: Vec<(&'static str, String)>,
    /// Where it went, and how many bytes; `None` when it was to be left.
    sent: Option<(String, u64)>,
}

impl PutObject {
    async fn put(&self, session: &Session, flowfile: &FlowFile) -> Result<Put, ProcessError> {
        let bucket = self.bucket.evaluate(session, flowfile)?;
        let text = self.object_key.evaluate(session, flowfile)?;
        let key = key::path(&text, "object key")?;
        let place = self.stores.place(session.context(), &bucket).await?;
        let location: Path = place.prefix.parts().chain(key.parts()).collect();
        let reader = session.read(flowfile)?;
        let conflict = self.conflict;
        // Whoever puts the same object at the same time would find that of another to be too large
        // or too small.
        let _turn = turns::at(&format!("{}/{key}", place.turns)).await;
        let stored = match &place.store {
            Store::Folder(root) => {
                let (folders, root) = (Arc::clone(&self.folders), root.clone());
                let put = LocalPut { folders, root, location, conflict };
                session.blocking(move || put.run(reader)).await??
            }
            Store::Client(store) => {
                let about = format!("the object \"{location}\"");
                let timeout = self.stores.request_timeout();
                let upload = Upload {
                    requests: Requests {
                        context: session.context(),
                        timeout,
                        about: &about,
                        right: "write to",
                    },
                    store: Arc::clone(store),
                    location,
                    attributes: self.attributes(session, flowfile)?,
                    conflict,
                };
                upload.put(reader).await?
            }
        };
        Ok(Self::said(bucket, &key, &place, stored))
    }

    fn said(bucket: String, key: &Path, place: &Place, stored: Option<Stored>) -> Put {
        let mut attributes = vec![("object.bucket", bucket), ("object.key", key.to_string())];
        let Some(stored) = stored else { return Put { attributes, sent: None } };
        attributes.push(("object.size", stored.size_bytes.to_string()));
        attributes.push(("object.sha256", stored.sha256));
        attributes.extend(stored.e_tag.map(|tag| ("object.etag", tag)));
        attributes.extend(stored.version.map(|version| ("object.version", version)));
        let uri = format!("{}/{key}", place.uri);
        Put { attributes, sent: Some((uri, stored.size_bytes)) }
    }

    fn attributes(
        &self,
        session: &Session,
        flowfile: &FlowFile,
    ) -> Result<Attributes, ProcessError> {
        let mut attributes = Attributes::new();
        let mut insert = |attribute, value: String| {
            if !value.is_empty() {
                attributes.insert(attribute, AttributeValue::from(header::value(&value)));
            }
        };
        if let Some(content_type) = &self.content_type {
            insert(Attribute::ContentType, content_type.evaluate(session, flowfile)?);
        }
        for (name, value) in self.metadata.iter() {
            insert(Attribute::Metadata(name.to_owned().into()), value.evaluate(session, flowfile)?);
        }
        Ok(attributes)
    }
}
