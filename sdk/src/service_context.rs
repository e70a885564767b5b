//! What a service sees of its surroundings, and its state, which only sessions change.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tutti_model::state::StateMap;

use crate::host::{ProcessorHost, ServiceChanges};
use crate::{ProcessError, ProcessorContext};

/// The surroundings of one service of a flow: what a processor sees, and the turn at its state.
/// Copies are handles of the same, and may be kept until
/// [`on_disabled`](crate::Service::on_disabled).
#[derive(Clone)]
pub struct ServiceContext {
    surroundings: ProcessorContext,
    turn: Arc<Mutex<()>>,
}

impl ServiceContext {
    /// The surroundings that `host` gives; for engines, which make one for a service's life.
    pub fn new(host: Arc<dyn ProcessorHost>) -> Self {
        Self { surroundings: ProcessorContext::new(host), turn: Arc::default() }
    }
}

impl Deref for ServiceContext {
    type Target = ProcessorContext;

    fn deref(&self) -> &ProcessorContext {
        &self.surroundings
    }
}

/// The state of a service while one session has it for itself; see
/// [`Session::hold`](crate::Session::hold).
pub struct HeldState {
    service: ServiceContext,
    values: StateMap,
    changes: BTreeMap<String, Option<String>>,
    _turn: OwnedMutexGuard<()>,
}

impl HeldState {
    /// Ends when it is the caller's turn.
    pub(crate) async fn of(service: &ServiceContext) -> Result<Self, ProcessError> {
        let turn = Arc::clone(&service.turn).lock_owned().await;
        // Only now: who had the turn before may have changed it.
        let values = service.state_all()?;
        Ok(Self { service: service.clone(), values, changes: BTreeMap::new(), _turn: turn })
    }

    pub(crate) fn is_of(&self, service: &ServiceContext) -> bool {
        Arc::ptr_eq(&self.service.turn, &service.turn)
    }

    pub(crate) fn service(&self) -> &str {
        self.service.component()
    }

    /// What was changed, if anything was.
    pub(crate) fn changes(&self) -> Option<ServiceChanges> {
        let state: Vec<_> = self.changes.clone().into_iter().collect();
        let service = self.service().to_owned();
        (!state.is_empty()).then_some(ServiceChanges { service, state })
    }

    /// All of it, with what was changed.
    pub fn values(&self) -> &StateMap {
        &self.values
    }

    /// Sets (`Some`) or removes (`None`) `key`, with the session's commit.
    pub fn set(&mut self, key: &str, value: Option<String>) {
        match &value {
            Some(value) => self.values.insert(key, value.as_str()),
            None => self.values.remove(key),
        }
        self.changes.insert(key.to_owned(), value);
    }
}
