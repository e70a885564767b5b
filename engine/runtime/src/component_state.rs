//! What processors and services of a flow remember: looked at, and forgotten while they stand
//! still.

use std::sync::Arc;

use serde::Serialize;
use tutti_store::StoreError;
use utoipa::ToSchema;

use crate::control;
use crate::flow::Flow;
use crate::node::Shared;
use crate::services;

/// The most values of a page.
pub const STATE_PAGE_MAX: usize = 1_000;
/// Bytes of a page, about; there is one value at least.
const PAGE_BYTES_MAX: usize = 1 << 20;

/// Some of what a processor or service remembers, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct StatePage {
    /// How many values there are in all.
    pub count: u64,
    /// Some of them.
    pub values: Vec<StateValue>,
    /// The name behind which the next page begins; none when this is the last.
    #[schema(required)]
    pub next: Option<String>,
}

/// One thing that is remembered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct StateValue {
    /// Its name.
    pub name: String,
    /// What it is.
    pub value: String,
}

/// Why nothing is told or forgotten.
#[derive(Debug, thiserror::Error)]
pub enum StateError {
    /// The flow has no such thing.
    #[error("the flow has no processor and no service \"{path}\"")]
    NotFound {
        /// What was asked for.
        path: String,
    },
    /// It runs, or is enabled, and would go on with what it knew.
    #[error("\"{path}\" has not stopped: stop it before it forgets")]
    NotStopped {
        /// The processor or service.
        path: String,
    },
    /// The repository refuses.
    #[error("what \"{path}\" remembers cannot be forgotten now")]
    Repository {
        /// The processor or service.
        path: String,
        /// Why.
        source: Arc<StoreError>,
    },
}

impl Flow {
    /// What a processor or service remembers as last committed: values whose names come behind
    /// `after`, `max` at most.
    ///
    /// # Errors
    /// When the flow has none of that path.
    pub fn state_of(
        &self,
        path: &str,
        after: Option<&str>,
        max: usize,
    ) -> Result<StatePage, StateError> {
        let shared = self.versions().current();
        let (name, _) = standing(&shared, path)?;
        let values = shared.repository.state(&name).values;
        let (mut page, mut bytes) = (Vec::new(), 0);
        let mut rest = values
            .iter_from(after.unwrap_or_default())
            .filter(|(name, _)| Some(*name) != after)
            .peekable();
        while let Some((name, value)) = rest.peek() {
            let more = name.len() + value.len();
            let is_full = page.len() >= max.clamp(1, STATE_PAGE_MAX);
            if is_full || (!page.is_empty() && bytes + more > PAGE_BYTES_MAX) {
                break;
            }
            bytes += more;
            page.push(StateValue { name: (*name).to_owned(), value: (*value).to_owned() });
            rest.next();
        }
        let is_more = rest.peek().is_some();
        let next = page.last().filter(|_| is_more).map(|last| last.name.clone());
        Ok(StatePage { count: values.len() as u64, values: page, next })
    }

    /// Has a processor or service that stands still forget all that it remembers; hands back how
    /// many values that were. Durable when this returns; may wait for a disk.
    ///
    /// # Errors
    /// When there is none of that path, when it runs, or when the repository refuses.
    pub fn forget_state(&self, path: &str) -> Result<u64, StateError> {
        let failed = |source| StateError::Repository { path: path.to_owned(), source };
        loop {
            // Nothing is started meanwhile, and nobody waits for the disk with this lock, which
            // all need who look at the flow.
            let shared = self.versions().current.write();
            let (name, is_still) = standing(&shared, path)?;
            if !is_still {
                return Err(StateError::NotStopped { path: path.to_owned() });
            }
            let repository = Arc::clone(&shared.repository);
            let forgotten = repository.forget_state(&name);
            drop(shared);
            let forgotten = forgotten.map_err(|error| failed(Arc::new(error)))?;
            repository.flush().map_err(failed)?;
            if let Some(values) = forgotten {
                return Ok(values);
            }
        }
    }
}

/// What it is called in the repository, and whether it stands still.
fn standing(shared: &Shared, path: &str) -> Result<(Box<str>, bool), StateError> {
    if let Some(node) = shared.nodes.iter().find(|node| *node.path == *path) {
        let is_still = node.control.phase() == control::Phase::Stopped;
        return Ok((node.state_name.clone(), is_still));
    }
    let service = shared.services.iter().find(|service| service.path == path);
    let service = service.ok_or_else(|| StateError::NotFound { path: path.to_owned() })?;
    Ok((service.state_name.clone(), service.phase() == services::Phase::Off))
}
