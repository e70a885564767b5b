//! Runs a valid flow: schedules its processors, backs their sessions with a repository, counts.
//!
//! Knows no processor by name and no file format; time, randomness and the stores are injected.

mod compile;
mod component_state;
mod connection;
mod control;
mod counters;
mod cycles;
mod edit;
mod effects;
mod engine;
mod environment;
mod event_content;
mod executor;
mod failures;
mod flow;
mod history;
mod host;
mod idle;
mod machine;
mod meters;
mod metrics;
mod node;
mod pass_through;
mod places;
mod pool;
mod renamed;
mod replay;
mod rest;
mod route;
mod run;
mod same;
mod scheduler;
mod services;
mod status;
mod stopped;
mod up_to;
mod waiting;
mod watch;

pub use compile::CompileError;
pub use component_state::{STATE_PAGE_MAX, StateError, StatePage, StateValue};
pub use control::ControlError;
pub use edit::{EditError, EditOptions, Edited, First, Preview, Waiting};
pub use engine::{
    AddError, Emptied, Engine, EngineError, EngineState, FlowOutcome, Goal, Outcome, TrashError,
    TrashedQueue, VerifyError,
};
pub use environment::{Environment, Observer, SystemClock, SystemRandom};
pub use event_content::{EventContent, EventContentError, EventSide};
pub use executor::{Executor, Inline, Job, Threads};
pub use failures::FailureStatus;
pub use flow::Flow;
pub use history::{EventStatus, History, HistoryError, InputStatus};
pub use idle::{LeftOver, Stuck};
pub use machine::Machine;
pub use meters::{MeterStatus, MeterUnit};
pub use metrics::Totals;
pub use places::PlaceStatus;
pub use renamed::follow_names;
pub use replay::{Committed, Replay, ReplayError, Replayed};
pub use status::{
    BulletinStatus, ConnectionStatus, FlowCounts, FlowState, NotStarted, ProcessorStatus,
    ServiceState, ServiceStatus, Status,
};
/// What can be asked of the provenance log.
pub use tutti_store::Search;
pub use up_to::UpTo;
pub use waiting::{PAGE_MAX, QueuePage, WaitingContent, WaitingError, WaitingFlowFile, Wish};
