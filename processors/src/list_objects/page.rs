//! One part of a scan: some objects that were not listed yet.

use std::collections::BTreeMap;
use std::path::{Path as FilePath, PathBuf};
use std::time::Duration;

use futures::StreamExt as _;
use object_store::ObjectStore;
use object_store::path::Path;
use tutti_sdk::model::flowfile::Timestamp;
use tutti_sdk::{ProcessError, Properties, Session};

use super::Criteria;
use crate::files::look::criteria::Criteria as FileCriteria;
use crate::files::look::{Finder, Found, Look, Next};
use crate::files::paths;
use crate::files::version::Version;
use crate::listed::{Entity, Listed};
use crate::objects::key;
use crate::objects::requests::Requests;
use crate::objects::store::{Place, Store};

/// What to look for, and what is known.
pub(super) struct Wish {
    pub(super) criteria: Criteria,
    pub(super) now: Timestamp,
    pub(super) listed: Listed,
}

/// An object to be listed.
pub(super) struct ListedObject {
    pub(super) key: String,
    pub(super) time_ms: i64,
    pub(super) size_bytes: u64,
    pub(super) e_tag: Option<String>,
    version: String,
}

impl ListedObject {
    pub(super) fn entity(&self) -> Entity<'_> {
        Entity { name: &self.key, time_ms: self.time_ms, version: &self.version }
    }
}

/// What was found.
#[derive(Default)]
pub(super) struct Page {
    pub(super) found: Vec<ListedObject>,
    /// Whether there may be more.
    pub(super) is_cut: bool,
    /// Whether something that is there could not be looked at.
    pub(super) is_blind: bool,
    /// What went wrong, each with what it is about.
    pub(super) problems: Vec<(String, ProcessError)>,
    /// What is left out, each with what it is about.
    pub(super) warnings: Vec<(String, String)>,
}

impl Wish {
    /// Looks for at most `objects_max` objects, from where the scan came to on.
    pub(super) async fn page(
        self,
        session: &Session,
        place: &Place,
        timeout: Duration,
        objects_max: usize,
    ) -> Result<Page, ProcessError> {
        match &place.store {
            Store::Folder(root) => {
                let folder = root.join(place.prefix.as_ref());
                let context = session.context().clone();
                let look = move || self.in_folder(&folder, objects_max, &|| context.is_stopping());
                session.blocking(look).await?
            }
            Store::Client(store) => {
                let about = format!("the objects of \"{}\"", place.uri);
                let requests =
                    Requests { context: session.context(), timeout, about: &about, right: "list" };
                self.in_store(&**store, &place.prefix, &requests, objects_max).await
            }
        }
    }

    async fn in_store(
        self,
        store: &dyn ObjectStore,
        prefix: &Path,
        requests: &Requests<'_>,
        objects_max: usize,
    ) -> Result<Page, ProcessError> {
        let below = |key: &Path| prefix.parts().chain(key.parts()).collect::<Path>();
        // Stores know prefixes that end at a `/` only; the rest is chosen here.
        let folder = self.criteria.prefix.rsplit_once('/').map_or("", |(folder, _)| folder);
        let folder = below(&key::prefix(folder)?);
        let folder = Some(&folder).filter(|folder| !folder.as_ref().is_empty());
        let mut objects = match self.listed.after() {
            Some(after) => store.list_with_offset(folder, &below(&key::existing(after)?)),
            None => store.list(folder),
        };
        let mut page = Page::default();
        while let Some(object) = requests.within_time("list", objects.next()).await? {
            if requests.context.is_stopping() {
                break;
            }
            let object = object.map_err(|error| requests.failed("list", &error))?;
            let Some(key) = object.location.prefix_match(prefix) else { continue };
            let key = key.collect::<Path>().to_string();
            if key.is_empty() {
                continue;
            }
            let tag = object.e_tag.as_deref().unwrap_or_default();
            let object = ListedObject {
                key,
                time_ms: object.last_modified.timestamp_millis(),
                size_bytes: object.size,
                version: format!("{} {tag}", object.size),
                e_tag: object.e_tag,
            };
            if self.wants(&object) {
                if page.found.len() >= objects_max {
                    page.is_cut = true;
                    break;
                }
                page.found.push(object);
            }
        }
        Ok(page)
    }

    fn in_folder(
        self,
        folder: &FilePath,
        objects_max: usize,
        is_stopping: &dyn Fn() -> bool,
    ) -> Result<Page, ProcessError> {
        if !folder.exists() {
            return Err(ProcessError::external(format!(
                "there is no folder {:?}",
                paths::to_text(folder)
            ))
            .with_help("check the store's URL and the bucket, or put something there"));
        }
        let after = self.listed.after().map(PathBuf::from);
        let mut finding = InFolder { wish: self, objects_max, found: Vec::new() };
        let all = every_file()?;
        let look = Look::at(folder, &all, after.as_deref(), &mut finding, is_stopping);
        let Look { is_cut, is_blind, problems, warnings, .. } = look;
        Ok(Page { found: finding.found, is_cut, is_blind, problems, warnings })
    }

    /// Whether an object is wanted now, and was not listed yet.
    fn wants(&self, object: &ListedObject) -> bool {
        let age_ms = u128::from(self.now.since_ms(Timestamp(object.time_ms)));
        let Criteria { prefix, least_age, greatest_age, .. } = &self.criteria;
        object.key.starts_with(prefix.as_str())
            && age_ms >= least_age.as_millis()
            && greatest_age.is_none_or(|greatest| age_ms <= greatest.as_millis())
            && self.listed.is_new(&object.entity())
    }
}

/// In a folder every file is an object, but for those that are being written.
fn every_file() -> Result<FileCriteria, ProcessError> {
    let values: BTreeMap<_, _> = [("File Filter", "(?s).*"), ("Ignore Hidden Files", "false")]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .into();
    FileCriteria::parse(&values, &[]).map_err(|error| ProcessError::internal(error.to_string()))
}

struct InFolder {
    wish: Wish,
    objects_max: usize,
    found: Vec<ListedObject>,
}

impl Finder for InFolder {
    fn found(&mut self, found: &Found<'_>) -> Next {
        let name = found.folder.join(found.path.file_name().unwrap_or_default());
        let key = name.to_str().filter(|name| key::existing(name).is_ok());
        let Some(key) = key else {
            return Next::Warn(format!(
                "the file {:?} cannot be an object, and is left out: its name is no key",
                paths::to_text(found.path)
            ));
        };
        let version = Version::of(found.metadata);
        let object = ListedObject {
            key: key.to_owned(),
            time_ms: version.modified_ms(),
            size_bytes: found.metadata.len(),
            e_tag: None,
            version: version.to_text(),
        };
        if !self.wish.wants(&object) {
            return Next::GoOn;
        }
        if self.found.len() >= self.objects_max {
            return Next::End;
        }
        self.found.push(object);
        Next::GoOn
    }
}
