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

/// What an instance knows of the world.
pub(crate) struct Wasi {
    random: u64,
    began: Instant,
    now: Timestamp,
}

impl Wasi {
    pub(crate) fn new(seed: u64) -> Self {
        Self { random: seed, began: Instant::now(), now: Timestamp(0) }
    }

    /// Begins a session at that moment.
    pub(crate) fn begin(&mut self, now: Timestamp) {
        self.now = now;
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

/// No resource of WASI is ever handed out.
struct Nothing;

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
