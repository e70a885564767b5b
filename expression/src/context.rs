//! What an expression may see of the world. Everything comes in through [`Context`], so that an
//! evaluation can be simulated, repeated and tested; nothing here may read a clock, a generator of
//! chance, the network or the environment.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicI64, AtomicU64, Ordering};

/// What an expression may see: attributes, parameters, state, clock, chance and host.
pub trait Context {
    /// The value of an attribute, `None` where there is none (NiFi's null).
    fn attribute(&self, name: &str) -> Option<Cow<'_, str>>;

    /// The names of all attributes, in the order in which the matching functions
    /// (`anyMatchingAttribute`, `allMatchingAttributes`) shall see them.
    fn attribute_names(&self) -> Vec<String>;

    /// The value of a parameter, `None` where there is none. A context that must not give away a
    /// sensitive parameter answers `None` for it.
    fn parameter(&self, name: &str) -> Option<Cow<'_, str>>;

    /// The value of the component's state under `key` (`getStateValue`).
    fn state(&self, key: &str) -> Option<Cow<'_, str>>;

    /// The time, in milliseconds since 1970-01-01T00:00:00Z.
    fn now_ms(&self) -> i64;

    /// The next 64 bits of chance (`UUID`, `random`, `math('random')`, `repeat` with two counts).
    fn random(&self) -> u64;

    /// The next number of the counter behind `nextInt`, from 0.
    fn next_int(&self) -> i64;

    /// The name of this host (`hostname`).
    fn host_name(&self) -> Cow<'_, str>;

    /// The address of this host (`ip`).
    fn host_address(&self) -> Cow<'_, str>;

    /// The name of the thread that evaluates (`thread`).
    fn thread_name(&self) -> Cow<'_, str> {
        Cow::Borrowed("main")
    }
}

/// A context of plain maps, for tests and for trying out an expression. Its clock stands still and
/// its chance is a fixed sequence, both from public fields.
#[derive(Debug, Default)]
pub struct MapContext {
    /// Attributes by name.
    pub attributes: BTreeMap<String, String>,
    /// Parameters by name.
    pub parameters: BTreeMap<String, String>,
    /// State by key.
    pub state: BTreeMap<String, String>,
    /// The time that [`Context::now_ms`] answers.
    pub now_ms: i64,
    /// Where the sequence of chance stands.
    pub seed: AtomicU64,
    /// Where the counter of `nextInt` stands.
    pub counter: AtomicI64,
    /// The answer of [`Context::host_name`].
    pub host_name: String,
    /// The answer of [`Context::host_address`].
    pub host_address: String,
}

impl MapContext {
    /// A context with these attributes and nothing else.
    pub fn with_attributes<K, V>(attributes: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<String>,
    {
        let attributes =
            attributes.into_iter().map(|(name, value)| (name.into(), value.into())).collect();
        Self { attributes, ..Self::default() }
    }
}

fn borrowed<'a>(map: &'a BTreeMap<String, String>, key: &str) -> Option<Cow<'a, str>> {
    map.get(key).map(|value| Cow::Borrowed(value.as_str()))
}

impl Context for MapContext {
    fn attribute(&self, name: &str) -> Option<Cow<'_, str>> {
        borrowed(&self.attributes, name)
    }

    fn attribute_names(&self) -> Vec<String> {
        self.attributes.keys().cloned().collect()
    }

    fn parameter(&self, name: &str) -> Option<Cow<'_, str>> {
        borrowed(&self.parameters, name)
    }

    fn state(&self, key: &str) -> Option<Cow<'_, str>> {
        borrowed(&self.state, key)
    }

    fn now_ms(&self) -> i64 {
        self.now_ms
    }

    fn random(&self) -> u64 {
        // SplitMix64 (Steele, Lea, Flood 2014): any seed gives a usable sequence.
        const STEP: u64 = 0x9e37_79b9_7f4a_7c15;
        let mut mixed = self.seed.fetch_add(STEP, Ordering::Relaxed).wrapping_add(STEP);
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn next_int(&self) -> i64 {
        self.counter.fetch_add(1, Ordering::Relaxed)
    }

    fn host_name(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.host_name)
    }

    fn host_address(&self) -> Cow<'_, str> {
        Cow::Borrowed(&self.host_address)
    }
}
