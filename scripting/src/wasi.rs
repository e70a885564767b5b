//! What of WASI the runtime of a language sees: no file, no network, no environment, no waiting.
//!
//! A component that imports WASI gets these functions and no others; what is not listed here stops
//! it with a word on what it tried. Time has grains of a millisecond, and stands still for a
//! session where it tells the date, so that neither is a stopwatch for what others do.

use std::time::Instant;

use tutti_sdk::model::flowfile::Timestamp;
use wasmtime::component::types::ComponentItem;
use wasmtime::component::{Component, ComponentType, Lift, Linker, Lower, Resource, ResourceType};
use wasmtime::{Error, Result};

use crate::guest::Guest;

/// Random bytes of one call.
const RANDOM_BYTES_MAX: u64 = 1 << 16;

/// Bytes that are kept of what an instance prints.
const PRINTED_BYTES_MAX: usize = 4096;

/// What an instance knows of the world.
pub(crate) struct Wasi {
    /// What it has printed since it was begun with: the beginning of it.
    printed: Vec<u8>,
    random: u64,
    began: Instant,
    now: Timestamp,
}

impl Wasi {
    pub(crate) fn new(seed: u64) -> Self {
        Self { printed: Vec::new(), random: seed, began: Instant::now(), now: Timestamp(0) }
    }

    /// Begins a session at that moment.
    pub(crate) fn begin(&mut self, now: Timestamp) {
        self.now = now;
        self.printed.clear();
    }

    fn print(&mut self, bytes: &[u8]) {
        let room = PRINTED_BYTES_MAX.saturating_sub(self.printed.len());
        self.printed.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    }

    /// What it has printed, as where its language tells of an error that nobody has caught.
    pub(crate) fn printed(&self) -> String {
        String::from_utf8_lossy(&self.printed).trim().to_owned()
    }

    /// `SplitMix64` (Steele, Lea, Flood: Fast splittable pseudorandom number generators, 2014).
    fn next(&mut self) -> u64 {
        self.random = self.random.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.random;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        bits ^ (bits >> 31)
    }

    fn bytes(&mut self, count: u64) -> Vec<u8> {
        let count = count.min(RANDOM_BYTES_MAX) as usize;
        let mut bytes = Vec::with_capacity(count + 8);
        while bytes.len() < count {
            bytes.extend(self.next().to_le_bytes());
        }
        bytes.truncate(count);
        bytes
    }
}

/// The only resource of WASI that is handed out is where one prints: of one type with all others,
/// of which there is none.
struct Nothing;

/// Why something cannot be printed, as WASI has it: that never happens.
#[derive(ComponentType, Lift, Lower)]
#[component(variant)]
enum StreamError {
    #[component(name = "last-operation-failed")]
    LastOperationFailed(Resource<Nothing>),
    #[component(name = "closed")]
    Closed,
}

type Printed = std::result::Result<(), StreamError>;

#[derive(ComponentType, Lift, Lower)]
#[component(record)]
struct Datetime {
    seconds: u64,
    nanoseconds: u32,
}

/// Gives what `component` wants of WASI.
pub(crate) fn add_to_linker(linker: &mut Linker<Guest>, component: &Component) -> Result<()> {
    let engine = linker.engine().clone();
    for (interface, item) in component.component_type().imports(&engine) {
        let ComponentItem::ComponentInstance(instance) = item.ty else { continue };
        let Some(short) = interface.strip_prefix("wasi:") else { continue };
        let short = short.split('@').next().unwrap_or_default().to_owned();
        let mut of_wasi = linker.instance(interface)?;
        for (name, item) in instance.exports(&engine) {
            let what = format!("{short}#{name}");
            match item.ty {
                ComponentItem::Resource(_) => {
                    // One type for all of them, so that interfaces which use each other's fit.
                    of_wasi.resource(name, ResourceType::host::<Nothing>(), |_, _| Ok(()))?;
                }
                ComponentItem::ComponentFunc(_) => match what.as_str() {
                    "filesystem/preopens#get-directories" => of_wasi.func_wrap(name, |_, ()| {
                        Ok((Vec::<(Resource<Nothing>, String)>::new(),))
                    })?,
                    "cli/environment#get-environment" => {
                        of_wasi.func_wrap(name, |_, ()| Ok((Vec::<(String, String)>::new(),)))?;
                    }
                    "cli/environment#get-arguments" => {
                        of_wasi.func_wrap(name, |_, ()| Ok((Vec::<String>::new(),)))?;
                    }
                    "cli/environment#initial-cwd" => {
                        of_wasi.func_wrap(name, |_, ()| Ok((None::<String>,)))?;
                    }
                    "cli/stdout#get-stdout" | "cli/stderr#get-stderr" => {
                        of_wasi.func_wrap(name, |_, ()| Ok((Resource::<Nothing>::new_own(1),)))?;
                    }
                    "io/streams#[method]output-stream.check-write" => {
                        of_wasi.func_wrap(name, |_, (_,): (Resource<Nothing>,)| {
                            let room: std::result::Result<u64, StreamError> = Ok(1 << 16);
                            Ok((room,))
                        })?;
                    }
                    "io/streams#[method]output-stream.write"
                    | "io/streams#[method]output-stream.blocking-write-and-flush" => of_wasi
                        .func_wrap(
                            name,
                            |mut store, (_, bytes): (Resource<Nothing>, Vec<u8>)| {
                                store.data_mut().wasi.print(&bytes);
                                let done: Printed = Ok(());
                                Ok((done,))
                            },
                        )?,
                    "io/streams#[method]output-stream.flush"
                    | "io/streams#[method]output-stream.blocking-flush" => {
                        of_wasi.func_wrap(name, |_, (_,): (Resource<Nothing>,)| {
                            let done: Printed = Ok(());
                            Ok((done,))
                        })?;
                    }
                    "random/random#get-random-bytes"
                    | "random/insecure#get-insecure-random-bytes" => of_wasi
                        .func_wrap(name, |mut store, (count,): (u64,)| {
                            Ok((store.data_mut().wasi.bytes(count),))
                        })?,
                    "random/random#get-random-u64" | "random/insecure#get-insecure-random-u64" => {
                        of_wasi
                            .func_wrap(name, |mut store, ()| Ok((store.data_mut().wasi.next(),)))?;
                    }
                    "random/insecure-seed#insecure-seed" => {
                        of_wasi.func_wrap(name, |mut store, ()| {
                            let wasi = &mut store.data_mut().wasi;
                            Ok(((wasi.next(), wasi.next()),))
                        })?;
                    }
                    "clocks/wall-clock#now" => of_wasi.func_wrap(name, |store, ()| {
                        let ms = u64::try_from(store.data().wasi.now.0).unwrap_or_default();
                        let nanoseconds = (ms % 1000) as u32 * 1_000_000;
                        Ok((Datetime { seconds: ms / 1000, nanoseconds },))
                    })?,
                    "clocks/monotonic-clock#now" => of_wasi.func_wrap(name, |store, ()| {
                        let ms = store.data().wasi.began.elapsed().as_millis() as u64;
                        Ok((ms * 1_000_000,))
                    })?,
                    _ => of_wasi.func_new(name, move |_, _, _, _| {
                        Err(Error::msg(format!("{what} is not there in the sandbox")))
                    })?,
                },
                _ => {}
            }
        }
    }
    Ok(())
}
