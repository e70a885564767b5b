//! Asks a component what it is, and what it thinks of properties: in an instance of its own, with
//! limits of its own, as nobody has said yet what it may use.

use std::sync::Arc;
use std::time::Duration;

use wasmtime::Store;

use crate::guest::{Guest, Setup};
use crate::limits::Limits;
use crate::program::LinkedComponent;
use crate::script::{Ended, broken, store, ticking};
use crate::wit::component::Component;
use crate::wit::types::Descriptor;

/// What a component may use to say what it is.
const LIMITS: Limits =
    Limits { memory_bytes: 256 << 20, time: Duration::from_secs(5), written_bytes: 0 };
/// Bytes of a message that is shown of it.
const TOLD_BYTES_MAX: usize = 1000;

/// What it says of itself.
pub(super) fn describe(linked: &LinkedComponent) -> Result<Descriptor, String> {
    ask(linked, |component, store| component.call_describe(store))
}

/// What it finds wrong with properties: for each its name and why.
pub(super) fn validate(
    linked: &LinkedComponent,
    properties: &[(String, String)],
) -> Result<Vec<(String, String)>, String> {
    ask(linked, |component, store| component.call_validate(store, properties))
}

fn ask<T>(
    linked: &LinkedComponent,
    question: impl FnOnce(&Component, &mut Store<Guest>) -> wasmtime::Result<T>,
) -> Result<T, String> {
    let setup = Setup { relationships: Vec::new(), properties: Vec::new(), limits: LIMITS };
    let sandbox = &linked.sandbox;
    let mut store = store(sandbox, Guest::new(Arc::new(setup), 0));
    let asked = (|| {
        let _ticking = ticking(sandbox)?;
        let told = |error: wasmtime::Error, store: &Store<Guest>| broken(&error, store.data(), "");
        let component = linked.pre.instantiate(&mut store).map_err(|error| told(error, &store))?;
        store.data_mut().meter.begin();
        question(&component, &mut store).map_err(|error| told(error, &store))
    })();
    asked.map_err(|ended| match ended {
        Ended::Fault { fault, .. } => shortened(fault.message),
        Ended::Broken { message, .. } => shortened(message),
        Ended::Refused(_) => "too many scripts run at this moment".to_owned(),
    })
}

/// What a component says may be of any length.
pub(super) fn shortened(mut text: String) -> String {
    if text.len() > TOLD_BYTES_MAX {
        let end = (0..=TOLD_BYTES_MAX).rev().find(|&end| text.is_char_boundary(end));
        text.truncate(end.unwrap_or_default());
        text.push('…');
    }
    text
}
