//! The engine that all scripts of a process run on.

use std::hash::{Hash, Hasher};
use std::path::PathBuf;
use std::sync::{Arc, OnceLock};

use sha2::{Digest, Sha256};
use wasmtime::{Config, Engine, InstanceAllocationStrategy, PoolingAllocationConfig, Strategy};

use crate::cache::Cache;
use crate::ticker::Ticker;

/// Instances at a time, in one process.
pub(crate) const INSTANCES_MAX: u32 = 256;
/// Bytes of memory that an instance can be given at most.
pub(crate) const MEMORY_BYTES_MAX: usize = 1 << 30;
/// Bytes of a script's own stack: half of what a thread has that nobody asked to have more.
const STACK_BYTES: usize = 1 << 20;

/// Where scripts run. One for each process.
pub(crate) struct Sandbox {
    engine: Engine,
    ticker: Ticker,
    cache: Cache,
}

impl Sandbox {
    /// A sandbox that keeps what it has compiled in `cache`, or nowhere.
    ///
    /// # Errors
    /// When the machine cannot run compiled WASM, with what it lacks.
    fn new(cache: Option<PathBuf>) -> Result<Self, SandboxError> {
        let engine = Engine::new(&config()).map_err(|error| SandboxError(format!("{error:#}")))?;
        let ticker = Ticker::of(&engine);
        let cache = Cache::new(cache, compatibility(&engine));
        Ok(Self { engine, ticker, cache })
    }

    pub(crate) fn engine(&self) -> &Engine {
        &self.engine
    }

    pub(crate) fn ticker(&self) -> &Ticker {
        &self.ticker
    }

    pub(crate) fn cache(&self) -> &Cache {
        &self.cache
    }
}

/// Why there can be no sandbox on this machine.
#[derive(Debug, Clone, thiserror::Error)]
#[error("scripts cannot run on this machine: {0}")]
pub(crate) struct SandboxError(String);

/// Epochs cost less than fuel, and end every loop all the same (docs/adr/0032).
fn config() -> Config {
    let mut pool = PoolingAllocationConfig::new();
    pool.total_component_instances(INSTANCES_MAX)
        .total_core_instances(INSTANCES_MAX * 30)
        .total_memories(INSTANCES_MAX * 3)
        .total_tables(INSTANCES_MAX * 4)
        .max_component_instance_size(4 << 20)
        .max_core_instance_size(4 << 20)
        .max_core_instances_per_component(200)
        .max_memories_per_component(8)
        .max_tables_per_component(16)
        .max_tables_per_module(4)
        .table_elements(100_000)
        .max_memory_size(MEMORY_BYTES_MAX)
        .linear_memory_keep_resident(1 << 20)
        .table_keep_resident(64 << 10)
        .max_unused_warm_slots(16);
    let mut config = Config::new();
    config
        .strategy(Strategy::Cranelift)
        .epoch_interruption(true)
        .wasm_component_model(true)
        .max_wasm_stack(STACK_BYTES)
        .memory_init_cow(true)
        .allocation_strategy(InstanceAllocationStrategy::Pooling(pool));
    config
}

/// What of the engine, its version and its settings compiled code depends on.
fn compatibility(engine: &Engine) -> String {
    struct Digesting(Sha256);
    impl Hasher for Digesting {
        fn finish(&self) -> u64 {
            0
        }
        fn write(&mut self, bytes: &[u8]) {
            self.0.update(bytes);
        }
    }
    let mut digesting = Digesting(Sha256::new());
    engine.precompile_compatibility_hash().hash(&mut digesting);
    crate::cache::hex(&digesting.0.finalize())
}

static KEPT_IN: OnceLock<PathBuf> = OnceLock::new();
static SHARED: OnceLock<Result<Arc<Sandbox>, SandboxError>> = OnceLock::new();

/// Keeps what is compiled in `folder`, which is made when it is needed first; said once, before any
/// script runs. Without it everything is compiled anew at each start.
pub fn keep_compiled_in(folder: PathBuf) {
    // Said once: whoever says it again means the same program.
    let _ = KEPT_IN.set(folder);
}

impl Sandbox {
    /// The sandbox of this process: its memory is reserved once, for all scripts of all flows.
    pub(crate) fn shared() -> Result<Arc<Self>, SandboxError> {
        let make = || Self::new(KEPT_IN.get().cloned()).map(Arc::new);
        SHARED.get_or_init(make).clone()
    }
}
