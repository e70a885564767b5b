//! A service in memory, for the tests of processors that use it.

use std::sync::{Arc, Weak};

use parking_lot::Mutex;
use tutti_model::flowfile::Timestamp;
use tutti_model::state::StateMap;

use super::content::Contents;
use super::host::{FLOW, START_MS};
use crate::bulletin::Bulletin;
use crate::deterministic::{ManualClock, SeededRandom};
use crate::host::{BoxFuture, Clock, ContentHost, ProcessorHost, Random, Work};
use crate::processor::BuildContext;
use crate::service::{EnabledService, Offer, Service, ServiceType};
use crate::{BuildError, ProcessError, ServiceContext};

/// A service on a test bench; copies are the same service.
#[derive(Clone)]
pub struct TestService {
    service: Arc<dyn EnabledService>,
    host: Arc<ServiceHost>,
    context: ServiceContext,
}

struct ServiceHost {
    flow: Arc<str>,
    name: Arc<str>,
    state: Mutex<StateMap>,
    is_enabled: Mutex<bool>,
    clock: ManualClock,
    random: SeededRandom,
}

impl TestService {
    /// A service of type `S` with these properties.
    ///
    /// # Panics
    /// When the properties do not fit.
    pub fn new<S: Service>(name: &str, properties: &[(&str, &str)]) -> Self {
        Self::try_new::<S>(name, properties)
            .unwrap_or_else(|error| panic!("cannot build the service: {error}"))
    }

    /// As [`TestService::new`], for tests of properties that do not fit.
    pub fn try_new<S: Service>(
        name: &str,
        properties: &[(&str, &str)],
    ) -> Result<Self, BuildError> {
        let pair = |&(name, value): &(&str, &str)| (name.to_owned(), value.to_owned());
        let values = properties.iter().map(pair).collect();
        let context = BuildContext { component: name.to_owned(), dynamic: Vec::new() };
        let service = ServiceType::of::<S>().build(&values, &context)?;
        let host = Arc::new(ServiceHost {
            flow: FLOW.into(),
            name: name.into(),
            state: Mutex::default(),
            is_enabled: Mutex::default(),
            clock: ManualClock::new(Timestamp(START_MS)),
            random: SeededRandom::new(1),
        });
        let context = ServiceContext::new(Arc::clone(&host) as Arc<dyn ProcessorHost>);
        Ok(Self { service, host, context })
    }

    /// The same service with other properties, as after a change of the flow: its state stays.
    pub fn reconfigured<S: Service>(&self, properties: &[(&str, &str)]) -> Self {
        let other = Self::new::<S>(&self.host.name, properties);
        other.set_state(self.state());
        other
    }

    /// Its name.
    pub fn name(&self) -> &str {
        &self.host.name
    }

    /// Its committed state.
    pub fn state(&self) -> StateMap {
        self.host.state.lock().clone()
    }

    /// Gives it this committed state, as an earlier run would have left it.
    pub fn set(&self, state: impl IntoIterator<Item = (String, String)>) {
        self.set_state(state.into_iter().collect());
    }

    /// Enables it, unless it is: before the first that uses it starts, it is enabled by itself.
    pub async fn enable(&self) -> Result<(), ProcessError> {
        if !*self.host.is_enabled.lock() {
            self.service.on_enabled(&self.context).await?;
            *self.host.is_enabled.lock() = true;
        }
        Ok(())
    }

    /// Disables it, if it is enabled.
    pub async fn disable(&self) {
        let is_enabled = std::mem::take(&mut *self.host.is_enabled.lock());
        if is_enabled {
            self.service.on_disabled(&self.context).await;
        }
    }

    /// What those who use it get.
    pub fn offer(&self) -> Offer {
        Arc::clone(&self.service).offer()
    }

    pub(super) fn set_state(&self, state: StateMap) {
        *self.host.state.lock() = state;
    }

    pub(super) fn change(&self, changes: Vec<(String, Option<String>)>) {
        let mut state = self.host.state.lock();
        for (key, value) in changes {
            match value {
                Some(value) => state.insert(key, value),
                None => state.remove(&key),
            }
        }
    }
}

impl ProcessorHost for ServiceHost {
    fn flow(&self) -> &Arc<str> {
        &self.flow
    }

    fn component(&self) -> &Arc<str> {
        &self.name
    }

    fn state(&self, key: &str) -> Result<Option<String>, ProcessError> {
        Ok(self.state.lock().get(key).map(Into::into))
    }

    fn state_all(&self) -> Result<StateMap, ProcessError> {
        Ok(self.state.lock().clone())
    }

    fn service(&self, _: &str) -> Option<Offer> {
        None
    }

    fn parameter(&self, _: &str) -> Option<String> {
        None
    }

    fn clock(&self) -> &dyn Clock {
        &self.clock
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

    fn report(&self, _: Bulletin) {}

    fn is_stopping(&self) -> bool {
        false
    }

    fn stopping(&self) -> BoxFuture<'static, ()> {
        // It stays enabled as long as it lives.
        Box::pin(std::future::pending())
    }

    fn has_room(&self) -> bool {
        true
    }

    fn is_source(&self) -> bool {
        false
    }

    fn contents(&self) -> Arc<dyn ContentHost> {
        // None would come to a session from here.
        Arc::new(Contents(Weak::new()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testkit::host::MemoryHost;
    use crate::testkit::session;
    use crate::{Properties, ServiceDescription, ServiceKind, Session, async_trait};

    trait Nothing: Send + Sync {}

    impl ServiceKind for dyn Nothing {
        const KIND: &'static str = "nothing";
    }

    #[derive(Properties)]
    struct NoProperties;

    struct Plain;

    impl Nothing for Plain {}

    #[async_trait]
    impl Service for Plain {
        type Properties = NoProperties;
        type Kind = dyn Nothing;

        fn describe() -> ServiceDescription {
            ServiceDescription { type_name: "Plain", ..ServiceDescription::default() }
        }

        fn build(_: NoProperties, _: &BuildContext) -> Result<Self, BuildError> {
            Ok(Self)
        }

        fn offer(self: Arc<Self>) -> Arc<dyn Nothing> {
            self
        }
    }

    fn sessions(services: &[&TestService]) -> [Session; 2] {
        let host = MemoryHost::new("Test", Vec::new());
        for service in services {
            host.services.lock().insert(service.name().to_owned(), (*service).clone());
        }
        [session(&host), session(&host)]
    }

    #[tokio::test]
    async fn a_session_has_a_service_for_itself_until_it_ends() {
        let service = TestService::new::<Plain>("A", &[]);
        let [mut first, mut second] = sessions(&[&service]);
        first.hold(&service.context).await.unwrap().set("key", Some("1".into()));
        assert_eq!(first.hold(&service.context).await.unwrap().values().get("key"), Some("1"));
        {
            let mut turn = std::pin::pin!(second.hold(&service.context));
            tokio::select! {
                biased;
                _ = &mut turn => panic!("it was not its turn"),
                () = tokio::task::yield_now() => {}
            }
            assert!(service.state().is_empty(), "nothing counts before the commit");
            first.commit().await.unwrap();
            let held = turn.await.unwrap();
            assert_eq!(held.values().get("key"), Some("1"));
            held.set("key", None);
            held.set("other", Some("2".into()));
        }
        second.rollback(false);
        let held = first.hold(&service.context).await.unwrap();
        assert_eq!((held.values().get("key"), held.values().len()), (Some("1"), 1));
        drop(first);
        second.hold(&service.context).await.unwrap();
    }

    #[tokio::test]
    async fn a_session_holds_one_service_at_a_time() {
        let (a, b) = (TestService::new::<Plain>("A", &[]), TestService::new::<Plain>("B", &[]));
        let [mut first, mut second] = sessions(&[&a, &b]);
        first.hold(&a.context).await.unwrap();
        let error = first.hold(&b.context).await.err().unwrap().to_string();
        assert_eq!(error, "the processor asked for the service \"B\" while it held \"A\"");
        first.hold(&a.context).await.unwrap();
        second.hold(&b.context).await.unwrap();
        first.rollback(false);
        second.rollback(false);
        first.hold(&b.context).await.unwrap();
    }

    #[tokio::test]
    async fn an_offer_is_taken_as_what_it_is() {
        trait Other: Send + Sync {}
        impl ServiceKind for dyn Other {
            const KIND: &'static str = "other";
        }
        let offer = TestService::new::<Plain>("A", &[]).offer();
        assert!(offer.take::<dyn Nothing>().is_some() && offer.take::<dyn Other>().is_none());
    }
}
