//! `ListObjects`: lists the objects of a bucket, each version once.
//!
//! Reads no content. What it listed is in its state, and committed with the flowfiles: a kill at
//! any moment repeats what was not durable, and loses nothing.

mod page;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tutti_sdk::bulletin::Level;
use tutti_sdk::model::spec::{InputRequirement, PropertyError, ValueError};
use tutti_sdk::{
    BuildContext, BuildError, Description, Probe, ProcessError, Processor, ProcessorContext,
    Properties, SUCCESS, Session, Verification, async_trait,
};

use crate::listed::Listed;
use crate::listed::tracking::Tracking;
use crate::news::News;
use crate::objects::access::Access;
use crate::objects::address::StoreUrl;
use crate::objects::store::Stores;
use crate::objects::trials;
use crate::objects::{Purpose, key};
use page::{ListedObject, Page, Wish};

/// Objects that one trigger lists at most.
const PAGE_MAX: usize = 1_000;
/// An object that comes up may have a time that lies so long before: the store's clock may differ
/// as much before it refuses what is signed by this one.
const SLACK: Duration = Duration::from_mins(15);

/// The properties of [`ListObjects`].
#[derive(Debug, Properties)]
pub(crate) struct ListObjectsProperties {
    /// The store: `file:///folder`, `memory://name`, `s3://bucket/prefix`, `gs://bucket/prefix`,
    /// `az://container/prefix`, or `http://host:port`, the address of a store that speaks S3 (such
    /// as Apache Ozone's gateway).
    #[property(name = "Object Store URL", example = "file:///data/objects")]
    object_store_url: StoreUrl,
    /// The bucket. Where the URL names one already, or is a folder, a prefix below it.
    #[property(example = "recordings")]
    bucket: String,
    /// Only objects whose key begins so are listed. It should end with `/`: else all objects of the
    /// folder above are looked at.
    #[property(example = "2024/")]
    prefix: Option<String>,
    #[flatten]
    tracking: Tracking,
    /// The least age of an object, told by its time of modification.
    #[property(default = "0 sec")]
    minimum_object_age: Duration,
    /// The greatest age of an object, told by its time of modification.
    #[property(example = "1 day")]
    maximum_object_age: Option<Duration>,
    /// How long to wait between two looks at the bucket.
    #[property(default = "1 min", example = "10 sec")]
    polling_interval: Duration,
    #[flatten]
    access: Access,
}

/// Which objects are wanted.
#[derive(Debug, Clone)]
struct Criteria {
    bucket: String,
    prefix: String,
    least_age: Duration,
    greatest_age: Option<Duration>,
}

/// Lists the objects of a bucket.
pub(crate) struct ListObjects {
    stores: Arc<Stores>,
    criteria: Criteria,
    tracking: Tracking,
    polling_interval: Duration,
    /// What is listed, for the state.
    of: String,
    memory: Mutex<Memory>,
}

/// What is known between two triggers; nothing that a restart must not forget.
#[derive(Default)]
struct Memory {
    news: News,
    looked_at_ms: Option<u64>,
}

#[async_trait]
impl Processor for ListObjects {
    type Properties = ListObjectsProperties;

    fn describe() -> Description {
        Description {
            description: "\
Each object becomes a flowfile without content, for FetchObject to fetch. An object that is put \
again is listed again. The bucket is read page by page, and at most 1,000 objects are listed at a \
time; how far it came is in the processor's state with what was listed, and is committed with the \
flowfiles: after a kill it goes on there. Another bucket, prefix or age lists everything again.\n\n\
Keys are remembered only where times do not say enough: with `timestamps` those modified within 15 \
minutes before the last look, or as late as the newest, with `entities` those within **Entity \
Tracking Time Window**, and at most 100,000; what would be more is told. So an object is listed, \
too, that was put while a look was under way.\n\n\
Unlike NiFi's ListS3, `filename` is the last part of the key, and `path` the rest; `object.key` is \
all of it. A key that ends with `/` is listed without it. The pages of a listing may have 16 MiB. \
In a folder, names that cannot be keys (those that are not UTF-8, or have control characters) are \
left out and told, and what PutObject is writing is left out. What the store does not answer is \
told once, and tried again at every look.",
            tags: &["object", "store", "s3", "ozone", "gcs", "azure", "bucket", "list", "source"],
            input: InputRequirement::Forbidden,
            relationships: &[(SUCCESS, "A flowfile for every object that was listed.")],
            writes: &[
                ("filename", "The last part of the key."),
                ("path", "The rest of the key; ends with `/`, and is `./` where there is none."),
                ("object.bucket", "The bucket or prefix."),
                ("object.key", "The key, as the store has it."),
                ("object.size", "How many bytes the object has."),
                ("object.etag", "The store's tag of this version, where it gives one."),
                ("object.lastModified", "When it was put, in milliseconds since 1970."),
            ],
            serial: true,
            example_flow: Some("list-objects"),
            outside: true,
            ..Description::transform(
                "ListObjects",
                "Lists the objects of a bucket, for others to fetch.",
            )
        }
    }

    fn build(properties: ListObjectsProperties, _: &BuildContext) -> Result<Self, BuildError> {
        let least = properties.minimum_object_age;
        if let Some(greatest) = properties.maximum_object_age.filter(|most| *most < least) {
            let message = format!(
                "no object can be wanted: the least age is {} s, the greatest {} s",
                least.as_secs_f64(),
                greatest.as_secs_f64()
            );
            let error = ValueError::new(message).with_help("exchange the two, or leave one out");
            let both = PropertyError::together("Minimum Object Age", ["Maximum Object Age"], error);
            return Err(BuildError::Properties(vec![both]));
        }
        let prefix = properties.prefix.unwrap_or_default();
        if let Some(error) = key::prefix(&prefix).err().filter(|_| !prefix.is_empty()) {
            let told = ValueError::new(error.chain());
            let told = match error.help() {
                Some(help) => told.with_help(help),
                None => told,
            };
            return Err(BuildError::Properties(vec![PropertyError::of("Prefix", told)]));
        }
        let criteria = Criteria {
            bucket: properties.bucket,
            prefix,
            least_age: least,
            greatest_age: properties.maximum_object_age,
        };
        let url = properties.object_store_url;
        Ok(Self {
            of: format!("{}\n{criteria:?}", url.as_str()),
            stores: Arc::new(Stores::new(url, properties.access, Purpose::List)),
            criteria,
            tracking: properties.tracking,
            polling_interval: properties.polling_interval,
            memory: Mutex::default(),
        })
    }

    async fn on_scheduled(&self, context: &ProcessorContext) -> Result<(), ProcessError> {
        let stores = Arc::clone(&self.stores);
        context.blocking(move || stores.check_credentials()).await?
    }

    async fn verify(&self, probe: &Probe) -> Vec<Verification> {
        trials::listing(&self.stores, probe, &self.criteria.bucket).await
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        if !Listed::is_scanning(session)? && !self.is_time(session) {
            session.yield_processor();
            return Ok(());
        }
        let least_age = self.criteria.least_age;
        let mut listed = self.tracking.read(session, &self.of, SLACK, least_age)?;
        listed.begin(session.clock().now());
        let page = match self.page(session, &listed).await {
            Ok(page) => page,
            Err(error) => {
                if self.memory.lock().news.is_news("the store", &error.chain()) {
                    session.report_error(None, &error);
                }
                session.yield_processor();
                return Ok(());
            }
        };
        if !page.is_cut && session.context().is_stopping() {
            // What was not seen may be anything.
            return Ok(());
        }
        self.tell(session, &page);
        if page.found.is_empty() {
            session.yield_processor();
        }
        let last = page.found.last().map(|last| last.key.clone());
        for object in page.found {
            self.hand_on(session, &mut listed, object);
        }
        if let (true, Some(last)) = (page.is_cut, last) {
            listed.pause(&last, page.is_blind);
        } else if let Some(warning) = listed.end(page.is_blind) {
            session.report(Level::Warning, None, warning);
        }
        listed.save(session);
        session.commit().await?;
        self.memory.lock().looked_at_ms = Some(session.clock().monotonic_ms());
        Ok(())
    }
}

impl ListObjects {
    fn is_time(&self, session: &Session) -> bool {
        let interval = u64::try_from(self.polling_interval.as_millis()).unwrap_or(u64::MAX);
        let now = session.clock().monotonic_ms();
        let last = self.memory.lock().looked_at_ms;
        last.is_none_or(|last| now.saturating_sub(last) >= interval)
    }

    async fn page(&self, session: &Session, listed: &Listed) -> Result<Page, ProcessError> {
        let place = self.stores.place(session.context(), &self.criteria.bucket).await?;
        let wish = Wish {
            criteria: self.criteria.clone(),
            now: session.clock().now(),
            listed: listed.clone(),
        };
        wish.page(session, &place, self.stores.request_timeout(), PAGE_MAX).await
    }

    fn tell(&self, session: &Session, page: &Page) {
        let news = &mut self.memory.lock().news;
        for (about, error) in &page.problems {
            if news.is_news(about, &error.chain()) {
                session.report_error(None, error);
            }
        }
        for (about, warning) in &page.warnings {
            if news.is_news(about, warning) {
                session.report(Level::Warning, None, warning.as_str());
            }
        }
        // What fails again after it went well is told once more.
        let is_there = |about: &str| {
            let told = page.problems.iter().map(|(about, _)| about);
            told.chain(page.warnings.iter().map(|(about, _)| about)).any(|each| each == about)
        };
        news.retain(|about| is_there(about));
    }

    fn hand_on(&self, session: &mut Session, listed: &mut Listed, object: ListedObject) {
        listed.note(&object.entity());
        let mut flowfile = session.create();
        let (path, name) = match object.key.rsplit_once('/') {
            Some((path, name)) => (format!("{path}/"), name),
            None => ("./".to_owned(), object.key.as_str()),
        };
        flowfile.set_attribute("filename", name);
        flowfile.set_attribute("path", path);
        flowfile.set_attribute("object.bucket", self.criteria.bucket.as_str());
        flowfile.set_attribute("object.key", object.key.as_str());
        flowfile.set_attribute("object.size", object.size_bytes.to_string());
        flowfile.set_attribute("object.lastModified", object.time_ms.to_string());
        if let Some(tag) = object.e_tag {
            flowfile.set_attribute("object.etag", tag);
        }
        session.transfer(flowfile, SUCCESS);
    }
}
