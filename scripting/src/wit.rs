//! The contract (`wit/processor.wit`) as Rust sees it.

#![allow(
    missing_docs,
    clippy::pedantic,
    unreachable_pub,
    unused_qualifications,
    reason = "what the macro writes is nobody's prose; the contract's words are in the WIT"
)]

wasmtime::component::bindgen!({
    path: "wit",
    world: "script-runner",
    with: {
        "tutti:processor/session.flowfile": crate::calls::FlowFileHandle,
        "tutti:processor/session.reader": crate::calls::ReaderHandle,
        "tutti:processor/session.writer": crate::calls::WriterHandle,
    },
    imports: { default: trappable },
});

pub(crate) use self::ScriptRunner as Runner;
pub(crate) use self::ScriptRunnerPre as RunnerPre;
pub(crate) use self::tutti::processor::types::{self, Refusal};
pub(crate) use self::tutti::processor::{audio, session};

/// The other world: processors that are components of their own.
pub(crate) mod component {
    wasmtime::component::bindgen!({
        path: "wit",
        world: "processor",
        with: {
            "tutti:processor/types": crate::wit::tutti::processor::types,
            "tutti:processor/session": crate::wit::tutti::processor::session,
            "tutti:processor/audio": crate::wit::tutti::processor::audio,
        },
        imports: { default: trappable },
    });

    pub(crate) use self::{Processor as Component, ProcessorPre as ComponentPre};
}
