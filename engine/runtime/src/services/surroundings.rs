//! What a service gets from the engine, the same for its whole life.
//!
//! Holds nothing of the flow that it is a part of: a service may keep it, and nothing would end.

use std::collections::BTreeMap;
use std::sync::Arc;

use tokio::sync::watch;
use tutti_model::bulletin::Bulletin;
use tutti_model::definition::BulletinLevel;
use tutti_model::parameter::Parameters;
use tutti_model::state::StateMap;
use tutti_sdk::host::{BoxFuture, Clock, ContentHost, ProcessorHost, Random, Work};
use tutti_sdk::{Offer, ProcessError};

use crate::host::Contents;
use crate::node::Base;

pub(crate) struct Surroundings {
    pub(super) flow: Arc<str>,
    pub(super) path: Arc<str>,
    pub(super) state_name: Box<str>,
    pub(super) parameters: Arc<Parameters>,
    pub(super) offers: BTreeMap<String, Offer>,
    pub(super) base: Arc<Base>,
    pub(super) is_wanted: Arc<watch::Sender<bool>>,
}

impl ProcessorHost for Surroundings {
    fn flow(&self) -> &Arc<str> {
        &self.flow
    }

    fn component(&self) -> &Arc<str> {
        &self.path
    }

    fn state(&self, key: &str) -> Result<Option<String>, ProcessError> {
        let value = self.base.repository.state_value(&self.state_name, key);
        Ok(value.map(Into::into))
    }

    fn state_all(&self) -> Result<StateMap, ProcessError> {
        Ok(self.base.repository.state(&self.state_name).values)
    }

    fn service(&self, name: &str) -> Option<Offer> {
        self.offers.get(name).cloned()
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.parameters.get(name).map(|value| value.expose().to_owned())
    }

    fn clock(&self) -> &dyn Clock {
        &*self.base.environment.clock
    }

    fn random(&self) -> &dyn Random {
        &*self.base.environment.random
    }

    fn host_name(&self) -> String {
        self.base.environment.machine.name.clone()
    }

    fn host_address(&self) -> String {
        self.base.environment.machine.address.clone()
    }

    fn run(&self, work: Work, job: Box<dyn FnOnce() + Send>) -> BoxFuture<'_, ()> {
        self.base.environment.executor.start(&self.base.runtime, work, job)
    }

    fn report(&self, bulletin: Bulletin) {
        self.base.report(BulletinLevel::default(), bulletin);
    }

    fn is_stopping(&self) -> bool {
        !*self.is_wanted.borrow()
    }

    fn stopping(&self) -> BoxFuture<'static, ()> {
        let mut is_wanted = self.is_wanted.subscribe();
        Box::pin(async move {
            // Where the flow is gone, nobody wants it either.
            drop(is_wanted.wait_for(|is_wanted| !is_wanted).await);
        })
    }

    fn has_room(&self) -> bool {
        // No connection leads away from it.
        true
    }

    fn is_source(&self) -> bool {
        // It is not triggered.
        false
    }

    fn contents(&self) -> Arc<dyn ContentHost> {
        Arc::new(Contents::new(Arc::clone(&self.base.repository)))
    }
}
