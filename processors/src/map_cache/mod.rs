//! `MapCache`: entries by key that processors share, bounded, and durable with the flow.
//!
//! Holds nothing in memory but the service's context: all is in its state, so that whatever was
//! committed is there, whatever was not is not, and there is nothing to rebuild.

mod entries;

use std::sync::Arc;
use std::time::Duration;

use parking_lot::Mutex;
use tutti_sdk::property::{Choice, DataSize};
use tutti_sdk::{
    BuildContext, BuildError, ProcessError, Properties, Service, ServiceContext,
    ServiceDescription, ServiceKind, Session, async_trait,
};

pub(crate) use entries::{Entries, Entry, Snapshot};

/// Entries by key, for processors.
#[async_trait]
pub(crate) trait MapCache: Send + Sync {
    /// The entries, for `session` alone until it has committed or is rolled back; what it changes
    /// counts with its commit.
    async fn open<'s>(&self, session: &'s mut Session) -> Result<Entries<'s>, ProcessError>;
}

impl ServiceKind for dyn MapCache {
    const KIND: &'static str = "map cache";
}

/// Which entry makes room for a new one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Choice)]
pub(crate) enum EvictionStrategy {
    /// The one that has been there longest. Reading an entry costs nothing.
    #[choice("First In, First Out")]
    FirstIn,
    /// The one that was not read or written for longest.
    #[choice("Least Recently Used")]
    LeastRecent,
    /// The one that was read and written least often, of several the one where that is longest ago.
    #[choice("Least Frequently Used")]
    LeastFrequent,
}

/// The properties of [`MapCacheService`].
#[derive(Debug, Properties)]
pub(crate) struct MapCacheProperties {
    /// How many entries there are at most.
    #[property(default = "10000", min = 1, max = 10_000_000)]
    maximum_cache_entries: u64,
    /// How many bytes their keys and values have at most. An entry that is larger is refused.
    #[property(default = "16 MB")]
    maximum_cache_size: DataSize,
    /// Which entry makes room for a new one when either is reached. NiFi's default is
    /// `Least Frequently Used`, with which one that was just put is among the first to go.
    #[property(default = "First In, First Out")]
    eviction_strategy: EvictionStrategy,
    /// How long an entry is there after it was last written; without one it stays.
    #[property(example = "7 days")]
    maximum_entry_age: Option<Duration>,
}

/// Entries by key that processors share.
pub(crate) struct MapCacheService {
    properties: Arc<MapCacheProperties>,
    context: Mutex<Option<ServiceContext>>,
}

#[async_trait]
impl Service for MapCacheService {
    type Properties = MapCacheProperties;
    type Kind = dyn MapCache;

    fn describe() -> ServiceDescription {
        ServiceDescription {
            type_name: "MapCache",
            summary: "Entries by key that processors share.",
            description: "\
What NiFi's map cache client and server are together; it needs no port, and is in the data \
folder.

What a processor changes here counts with its commit, together with its flowfiles: both are \
durable, or neither is. A session that fails or that a crash ends leaves no entry behind. While a \
session uses the cache, others that want it wait for their turn; between a look at an entry and \
the commit nobody else changes it.

All entries are in memory, and in the data folder. They belong to the service's name in its flow: \
they stay while the flow is stopped or changed, and another flow has its own. With a strategy \
that counts reads, each read is written too. When a bound is lowered, entries go with the next \
one that is put.",
            tags: &["map", "cache", "key", "value", "distributed", "durable"],
            example_flow: Some("detect-duplicate"),
        }
    }

    fn build(properties: MapCacheProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self { properties: Arc::new(properties), context: Mutex::default() })
    }

    fn offer(self: Arc<Self>) -> Arc<dyn MapCache> {
        self
    }

    async fn on_enabled(&self, context: &ServiceContext) -> Result<(), ProcessError> {
        *self.context.lock() = Some(context.clone());
        Ok(())
    }

    async fn on_disabled(&self, _: &ServiceContext) {
        *self.context.lock() = None;
    }
}

#[async_trait]
impl MapCache for MapCacheService {
    async fn open<'s>(&self, session: &'s mut Session) -> Result<Entries<'s>, ProcessError> {
        let context = self.context.lock().clone();
        let context =
            context.ok_or_else(|| ProcessError::internal("the map cache is not enabled"))?;
        let now = session.clock().now();
        let state = session.hold(&context).await?;
        Ok(Entries::new(state, Arc::clone(&self.properties), now))
    }
}

#[cfg(test)]
mod tests;
