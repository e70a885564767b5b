//! What a processor on a test bench sees of its surroundings.

use std::sync::Arc;

use tutti_model::state::StateMap;

use super::MemoryHost;
use crate::bulletin::Bulletin;
use crate::host::{BoxFuture, Clock, ContentHost, ProcessorHost, Random, Work};
use crate::testkit::TestService;
use crate::testkit::content::Contents;
use crate::{Offer, ProcessError};

impl ProcessorHost for MemoryHost {
    fn flow(&self) -> &Arc<str> {
        &self.flow
    }

    fn component(&self) -> &Arc<str> {
        &self.component
    }

    fn state(&self, key: &str) -> Result<Option<String>, ProcessError> {
        Ok(self.inner.lock().committed.state.get(key).map(Into::into))
    }

    fn state_all(&self) -> Result<StateMap, ProcessError> {
        Ok(self.inner.lock().committed.state.clone())
    }

    fn service(&self, name: &str) -> Option<Offer> {
        self.services.lock().get(name).map(TestService::offer)
    }

    fn parameter(&self, name: &str) -> Option<String> {
        self.parameters.lock().get(name).cloned()
    }

    fn clock(&self) -> &dyn Clock {
        &*self.clock
    }

    fn random(&self) -> &dyn Random {
        &self.random
    }

    fn host_name(&self) -> String {
        "localhost".into()
    }

    fn host_address(&self) -> String {
        "127.0.0.1".into()
    }

    fn run(&self, _: Work, job: Box<dyn FnOnce() + Send>) -> BoxFuture<'_, ()> {
        drop(std::thread::spawn(job));
        Box::pin(std::future::ready(()))
    }

    fn report(&self, bulletin: Bulletin) {
        self.inner.lock().bulletins.push(bulletin);
    }

    fn is_stopping(&self) -> bool {
        *self.stopping.borrow()
    }

    fn stopping(&self) -> BoxFuture<'static, ()> {
        let mut stopping = self.stopping.subscribe();
        Box::pin(async move {
            // Where the host is gone, nothing goes on either.
            drop(stopping.wait_for(|is_stopping| *is_stopping).await);
        })
    }

    fn has_room(&self) -> bool {
        !self.inner.lock().is_full
    }

    fn is_source(&self) -> bool {
        self.inner.lock().is_source
    }

    fn contents(&self) -> Arc<dyn ContentHost> {
        Arc::new(Contents(self.this.clone()))
    }
}
