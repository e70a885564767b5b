//! Calls in any order with any arguments: no panic, nothing lost, nothing made of nothing.

use std::cell::RefCell;
use std::sync::Arc;
use std::time::Duration;

use proptest::prelude::*;
use tutti_sdk::host::Work;
use tutti_sdk::model::provenance::EventType;
use tutti_sdk::testkit::TestRunner;
use tutti_sdk::{
    BuildContext, BuildError, Description, ProcessError, Processor, Properties, SUCCESS, Session,
    async_trait,
};
use wasmtime::component::Resource;

use crate::guest::{Guest, Setup};
use crate::limits::Limits;
use crate::wit::session::{Host, HostFlowfile as _, HostReader as _, HostWriter as _};
use crate::wit::types::Level;
use crate::wit::{audio, session};

/// One call; handles are chosen among those that there were, and some that there never were.
#[derive(Debug, Clone)]
enum Call {
    Get(u32),
    Create(Vec<u32>),
    Clone(u32),
    Transfer(Vec<u32>, bool),
    Remove(Vec<u32>),
    Attributes(u32, Vec<(String, String)>, Vec<String>),
    ReadAll(u32, u64),
    WriteAll(u32, Vec<u8>),
    Read(u32, u64),
    Next(u32, u32),
    Write(u32, bool),
    Push(u32, Vec<u8>),
    Copy(u32, u32, u64, Option<u64>),
    Finish(u32),
    Drop(u32),
    Load(u32),
    State(String, Option<String>),
    Property(String, Option<u32>),
    Tell(String),
    Count(u32, String, u64),
    Penalize(u32),
}

fn call() -> impl Strategy<Value = Call> {
    let handle = || 0..12_u32;
    let handles = || prop::collection::vec(0..12_u32, 0..4);
    let bytes = || prop::collection::vec(any::<u8>(), 0..64);
    let text = || ".{0,8}";
    prop_oneof![
        any::<u32>().prop_map(Call::Get),
        handles().prop_map(Call::Create),
        handle().prop_map(Call::Clone),
        (handles(), any::<bool>()).prop_map(|(all, known)| Call::Transfer(all, known)),
        handles().prop_map(Call::Remove),
        (
            handle(),
            prop::collection::vec((text(), text()), 0..4),
            prop::collection::vec(text(), 0..3)
        )
            .prop_map(|(on, set, remove)| Call::Attributes(on, set, remove)),
        (handle(), any::<u64>()).prop_map(|(on, limit)| Call::ReadAll(on, limit)),
        (handle(), bytes()).prop_map(|(on, bytes)| Call::WriteAll(on, bytes)),
        (handle(), any::<u64>()).prop_map(|(on, offset)| Call::Read(on, offset)),
        (handle(), any::<u32>()).prop_map(|(on, max)| Call::Next(on, max)),
        (handle(), any::<bool>()).prop_map(|(on, append)| Call::Write(on, append)),
        (handle(), bytes()).prop_map(|(on, bytes)| Call::Push(on, bytes)),
        (handle(), handle(), any::<u64>(), any::<Option<u64>>())
            .prop_map(|(on, from, offset, length)| Call::Copy(on, from, offset, length)),
        handle().prop_map(Call::Finish),
        handle().prop_map(Call::Drop),
        handle().prop_map(Call::Load),
        (text(), prop::option::of(text())).prop_map(|(key, value)| Call::State(key, value)),
        (text(), prop::option::of(handle())).prop_map(|(name, on)| Call::Property(name, on)),
        text().prop_map(Call::Tell),
        (handle(), text(), any::<u64>()).prop_map(|(on, name, by)| Call::Count(on, name, by)),
        handle().prop_map(Call::Penalize),
    ]
}

fn own<T: 'static>(handles: &[u32]) -> Vec<Resource<T>> {
    handles.iter().map(|handle| Resource::new_own(*handle)).collect()
}

/// Makes a call; an error of it would end the script.
fn make(guest: &mut Guest, call: &Call) -> wasmtime::Result<()> {
    let on = |handle: &u32| Resource::new_borrow(*handle);
    match call.clone() {
        Call::Get(max) => drop(guest.get(max)?),
        Call::Create(parents) => drop(guest.create(parents.iter().map(on).collect())?),
        Call::Clone(parent) => drop(Host::clone(guest, on(&parent))?),
        Call::Transfer(all, known) => {
            let relationship = if known { SUCCESS } else { "nowhere" };
            drop(guest.transfer(own(&all), relationship.to_owned())?);
        }
        Call::Remove(all) => drop(guest.remove(own(&all))?),
        Call::Attributes(to, set, remove) => {
            drop(session::HostFlowfile::set_attributes(guest, on(&to), set, remove)?);
        }
        Call::ReadAll(of, limit) => drop(guest.read_all(on(&of), limit)?),
        Call::WriteAll(to, bytes) => drop(guest.write_all(on(&to), bytes)?),
        Call::Read(of, offset) => drop(guest.read(on(&of), offset)?),
        Call::Next(reader, max) => drop(guest.next(Resource::new_borrow(reader), max)?),
        Call::Write(to, append) => drop(guest.write(on(&to), append)?),
        Call::Push(writer, bytes) => drop(guest.push(Resource::new_borrow(writer), bytes)?),
        Call::Copy(writer, from, offset, length) => {
            drop(guest.copy_from(Resource::new_borrow(writer), on(&from), offset, length)?);
        }
        Call::Finish(writer) => drop(guest.finish(Resource::new_borrow(writer))?),
        Call::Drop(writer) => session::HostWriter::drop(guest, Resource::new_own(writer))?,
        Call::Load(of) => drop(audio::Host::load(guest, on(&of), Some(22_050.0), true, 0.0, None)?),
        Call::State(key, value) => {
            drop(guest.state_put(key.clone(), value)?);
            drop(guest.state_get(key)?);
        }
        Call::Property(name, of) => {
            drop(Host::property(guest, name, of.map(|of| on(&of)))?);
        }
        Call::Tell(message) => guest.log(Level::Warning, message)?,
        Call::Count(of, name, by) => guest.count(on(&of), name, by)?,
        Call::Penalize(of) => guest.penalize(on(&of))?,
    }
    Ok(())
}

thread_local! {
    static CALLS: RefCell<Vec<Call>> = const { RefCell::new(Vec::new()) };
}

/// A processor without properties.
#[derive(Debug, Properties)]
struct None {}

/// Makes the calls that the test has put there.
struct Caller(Vec<Call>);

#[async_trait]
impl Processor for Caller {
    type Properties = None;

    fn describe() -> Description {
        Description::transform("Caller", "Calls.")
    }

    fn build(_: None, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(CALLS.take()))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let limits =
            Limits { memory_bytes: 1 << 20, time: Duration::from_mins(1), written_bytes: 1 << 20 };
        let setup =
            Setup { relationships: vec![SUCCESS.to_owned()], properties: Vec::new(), limits };
        let calls = self.0.clone();
        let left = session.lend(Work::Script, move |session| {
            let mut guest = Guest::new(Arc::new(setup), 1);
            guest.begin(session, 100);
            // As in the sandbox: what breaks the contract ends it.
            let ended = calls.iter().try_for_each(|call| make(&mut guest, call)).is_err();
            let left = guest.flowfiles.left();
            let mut session = guest.end().expect("there is one");
            if ended {
                session.rollback(false);
            }
            (session, if ended { 0 } else { left })
        });
        match left.await? {
            0 => Ok(()),
            left => Err(ProcessError::user(format!("{left} are left"))),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 400, ..ProptestConfig::default() })]

    #[test]
    fn any_calls_do_no_harm(calls in prop::collection::vec(call(), 0..40)) {
        CALLS.set(calls);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let mut runner = TestRunner::new::<Caller>(&[]);
            for content in ["one", "two", "three"] {
                runner.enqueue(content.as_bytes(), &[("filename", content)]);
            }
            let ended = runner.run().await;
            let (queued, sent) = (runner.queued(), runner.transferred(SUCCESS).len());
            if let Err(error) = ended {
                // An internal error would be one of the host's.
                assert!(!error.chain().contains("not of its session"), "{}", error.chain());
                assert_eq!((queued, sent), (3, 0), "what failed is undone");
            } else {
                let events = runner.events();
                let removed = events.iter().filter(|each| each.event_type == EventType::Drop);
                assert!(queued + sent + removed.count() >= 3, "a flowfile is lost");
            }
        });
    }
}
