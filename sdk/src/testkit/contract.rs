//! What every host of sessions must do alike: the engine, and the one of this kit.
//!
//! A host that passes keeps what the documentation of [`Session`] promises, so that what a
//! processor's tests show holds in the engine too.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use parking_lot::Mutex;
use tutti_model::definition::Retry as Policy;
use tutti_model::flowfile::{FlowFile, Pick};
use tutti_model::provenance::{EventType, ProvenanceEvent};

use crate::attempts::{attempts_max, wait};
use crate::host::BoxFuture;
use crate::{FAILURE, ProcessError, Retry, SUCCESS, Session};

/// The penalty of a bench's processor, in milliseconds.
pub const PENALTY_MS: u64 = 30_000;
/// The attribute that tells flowfiles apart.
const NAME: &str = "n";
/// The name in the processor's state.
const KEY: &str = "key";

/// What a processor does when it is triggered.
pub type Work =
    Box<dyn for<'s> FnOnce(&'s mut Session) -> BoxFuture<'s, Result<(), ProcessError>> + Send>;

/// A host with one processor, which has the relationships `success` and `failure`, the penalty
/// [`PENALTY_MS`] and no policy of its own for trying again.
#[async_trait]
pub trait Bench: Send {
    /// Lets new flowfiles wait for the processor, in this order, with these values of `n`.
    async fn enqueue(&mut self, names: &[&str]);
    /// Triggers the processor once, which does `work`; or not, when nothing waits that it may take.
    async fn trigger(&mut self, work: Work);
    /// The values of `n` of all that waits, in order, and how often each was tried in vain.
    fn waiting(&self) -> Vec<(String, u32)>;
    /// The values of `n` of all that left by `relationship`, in order.
    fn left(&self, relationship: &str) -> Vec<String>;
    /// Lets time pass.
    fn advance_ms(&self, milliseconds: u64);
    /// All that was told of what happened and was committed, in order.
    fn events(&self) -> Vec<ProvenanceEvent>;
    /// The committed state of the processor.
    fn state(&self, key: &str) -> Option<String>;
    /// Makes everything durable; ends when all effects have run.
    async fn make_durable(&mut self);
}

/// Checks everything, each on a new bench.
///
/// # Panics
/// When the host does something else.
pub async fn check<B: Bench>(new: impl Fn() -> B) {
    picks_in_order(&mut new()).await;
    gives_back_to_the_place(&mut new()).await;
    penalises_for_a_time(&mut new()).await;
    for retry in [Retry::Later, Retry::Never] {
        fails_at_last(&mut new(), Then::Err(retry), attempts_max(retry)).await;
        keeps_what_has_no_way_out(&mut new(), retry).await;
    }
    let attempts = attempts_max(Retry::Later);
    fails_at_last(&mut new(), Then::FailOrRetry(Retry::Later), attempts).await;
    fails_at_last(&mut new(), Then::FailOrRetry(Retry::Never), 0).await;
    refuses_what_is_not_handed_on(&mut new()).await;
    undoes_everything(&mut new()).await;
    commits_more_than_once(&mut new()).await;
    runs_effects_when_durable(&mut new()).await;
    joins(&mut new()).await;
    waits_until_durable(&mut new()).await;
}

/// What becomes of everything that was taken, the last first.
#[derive(Clone, Copy)]
enum Then {
    Send,
    GiveBack,
    Penalize,
    Keep(Retry),
    FailOrRetry(Retry),
    Err(Retry),
    RollBack,
    Nothing,
    Nowhere,
}

fn error(retry: Retry) -> ProcessError {
    match retry {
        Retry::Later => ProcessError::external("not now"),
        Retry::Never => ProcessError::user("wrong"),
    }
}

fn name(flowfile: &FlowFile) -> String {
    flowfile.attribute(NAME).unwrap_or_default().to_owned()
}

/// Takes everything that it gets; the names of that.
async fn takes(bench: &mut impl Bench, then: Then) -> Vec<String> {
    let names = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&names);
    let work: Work = Box::new(move |session| {
        let ended = take(session, then, &noted);
        Box::pin(async move { ended })
    });
    bench.trigger(work).await;
    names.lock().clone()
}

fn take(session: &mut Session, then: Then, names: &Mutex<Vec<String>>) -> Result<(), ProcessError> {
    let taken = session.get_batch(usize::MAX)?;
    names.lock().extend(taken.iter().map(name));
    for mut flowfile in taken.into_iter().rev() {
        match then {
            Then::Send | Then::Err(_) | Then::RollBack => {
                let child = session.create_child(&flowfile);
                session.remove(child, "it is only there to be undone");
                session.transfer(flowfile, SUCCESS);
            }
            Then::GiveBack => session.give_back(flowfile),
            Then::Penalize => {
                session.penalize(&mut flowfile);
                session.give_back(flowfile);
            }
            Then::Keep(retry) => session.give_back_failed(flowfile, &error(retry)),
            Then::FailOrRetry(retry) => session.fail_or_retry(flowfile, &error(retry)),
            Then::Nothing => {}
            Then::Nowhere => session.transfer(flowfile, "nowhere"),
        }
    }
    match then {
        Then::Err(retry) => Err(error(retry)),
        Then::RollBack => {
            session.rollback(false);
            Ok(())
        }
        _ => Ok(()),
    }
}

fn tried(names: &[&str], attempts: u32) -> Vec<(String, u32)> {
    names.iter().map(|name| ((*name).to_owned(), attempts)).collect()
}

async fn picks_in_order(bench: &mut impl Bench) {
    bench.enqueue(&["a", "b", "c", "d"]).await;
    bench
        .trigger(Box::new(|session| {
            Box::pin(async move {
                let pick = |flowfile: &FlowFile| match &*name(flowfile) {
                    "a" => Pick::Skip,
                    "c" => Pick::TakeAndStop,
                    _ => Pick::Take,
                };
                for flowfile in session.get_where(10, pick)? {
                    session.transfer(flowfile, SUCCESS);
                }
                assert!(session.get_where(10, |_| Pick::Stop)?.is_empty());
                let next = session.get()?.map(|flowfile| {
                    let next = name(&flowfile);
                    session.give_back(flowfile);
                    next
                });
                assert_eq!(next.as_deref(), Some("a"));
                Ok(())
            })
        }))
        .await;
    assert_eq!(bench.left(SUCCESS), ["b", "c"]);
    assert_eq!(takes(bench, Then::Send).await, ["a", "d"]);
    assert!(bench.waiting().is_empty());
}

async fn gives_back_to_the_place(bench: &mut impl Bench) {
    bench.enqueue(&["a", "b", "c"]).await;
    for then in [Then::GiveBack, Then::RollBack] {
        assert_eq!(takes(bench, then).await, ["a", "b", "c"]);
        assert_eq!(bench.waiting(), tried(&["a", "b", "c"], 0));
    }
    bench
        .trigger(Box::new(|session| {
            Box::pin(async move {
                if let Some(mut first) = session.get()? {
                    session.penalize(&mut first);
                    session.give_back(first);
                }
                Ok(())
            })
        }))
        .await;
    assert_eq!(takes(bench, Then::GiveBack).await, ["b", "c"], "what is penalised is passed over");
    bench.enqueue(&["d"]).await;
    bench.advance_ms(PENALTY_MS);
    assert_eq!(takes(bench, Then::Send).await, ["a", "b", "c", "d"]);
    assert_eq!(bench.left(SUCCESS), ["d", "c", "b", "a"]);
}

async fn penalises_for_a_time(bench: &mut impl Bench) {
    bench.enqueue(&["a"]).await;
    for attempts in 1..=3 {
        assert_eq!(takes(bench, Then::Penalize).await, ["a"]);
        assert_eq!(bench.waiting(), tried(&["a"], attempts));
        bench.advance_ms(PENALTY_MS - 1);
        assert!(takes(bench, Then::Send).await.is_empty());
        bench.advance_ms(1);
    }
}

async fn fails_at_last(bench: &mut impl Bench, then: Then, attempts_max: u32) {
    bench.enqueue(&["a", "b"]).await;
    for attempts in 0..attempts_max {
        assert_eq!(takes(bench, then).await, ["a", "b"]);
        assert_eq!(bench.waiting(), tried(&["a", "b"], attempts + 1));
        waits(bench, attempts).await;
    }
    assert_eq!(takes(bench, then).await, ["a", "b"]);
    let mut left = bench.left(FAILURE);
    left.sort();
    assert_eq!((left.join(""), bench.waiting().len()), ("ab".to_owned(), 0));
    assert!(bench.left(SUCCESS).is_empty());
}

async fn keeps_what_has_no_way_out(bench: &mut impl Bench, retry: Retry) {
    bench.enqueue(&["a"]).await;
    for attempts in 0..attempts_max(Retry::Later) + 2 {
        assert_eq!(takes(bench, Then::Keep(retry)).await, ["a"]);
        assert_eq!(bench.waiting(), tried(&["a"], attempts + 1));
        waits(bench, attempts).await;
    }
    assert_eq!(takes(bench, Then::Send).await, ["a"]);
    assert!(bench.left(FAILURE).is_empty());
}

/// Lets the penalty pass, and sees that nothing comes before.
async fn waits(bench: &mut impl Bench, attempts: u32) {
    let wait = wait(Duration::from_millis(PENALTY_MS), attempts, Policy::MAXIMUM);
    bench.advance_ms(wait.as_millis() as u64 - 1);
    assert!(takes(bench, Then::Send).await.is_empty());
    bench.advance_ms(1);
}

async fn refuses_what_is_not_handed_on(bench: &mut impl Bench) {
    for (name, then) in [("a", Then::Nothing), ("b", Then::Nowhere)] {
        bench.enqueue(&[name]).await;
        assert_eq!(takes(bench, then).await, [name]);
        assert_eq!(bench.waiting(), tried(&[name], 1), "as after any error");
        bench.advance_ms(PENALTY_MS);
        assert_eq!(takes(bench, Then::Send).await, [name]);
    }
}

/// Sets the state, and does `then` with everything.
async fn keeps(bench: &mut impl Bench, value: &'static str, then: Then) {
    bench
        .trigger(Box::new(move |session| {
            session.set_state(KEY, Some(value.to_owned()));
            let seen = session.state(KEY);
            let ended = take(session, then, &Mutex::default());
            Box::pin(async move {
                assert_eq!(seen?.as_deref(), Some(value), "a session sees its own changes");
                ended
            })
        }))
        .await;
}

async fn undoes_everything(bench: &mut impl Bench) {
    bench.enqueue(&["a"]).await;
    keeps(bench, "1", Then::Err(Retry::Later)).await;
    assert_eq!((bench.state(KEY), bench.left(SUCCESS).len()), (None, 0));
    bench.advance_ms(PENALTY_MS);
    keeps(bench, "2", Then::RollBack).await;
    assert_eq!((bench.state(KEY), bench.waiting()), (None, tried(&["a"], 1)));
    keeps(bench, "3", Then::Send).await;
    assert_eq!((bench.state(KEY).as_deref(), bench.left(SUCCESS).len()), (Some("3"), 1));
}

async fn commits_more_than_once(bench: &mut impl Bench) {
    bench.enqueue(&["a", "b"]).await;
    bench
        .trigger(Box::new(|session| {
            Box::pin(async move {
                for is_last in [false, true] {
                    if let Some(flowfile) = session.get()? {
                        session.transfer(flowfile, SUCCESS);
                    }
                    if !is_last {
                        session.commit().await?;
                    }
                }
                Err(error(Retry::Later))
            })
        }))
        .await;
    assert_eq!(bench.left(SUCCESS), ["a"]);
    assert_eq!(bench.waiting(), tried(&["b"], 1));
}

/// Takes one flowfile with an effect, and sends it on, gives it back or fails.
async fn acts(bench: &mut impl Bench, ran: &Arc<Mutex<Vec<String>>>, then: Then) {
    let ran = Arc::clone(ran);
    bench
        .trigger(Box::new(move |session| {
            Box::pin(async move {
                let Some(flowfile) = session.get()? else { return Ok(()) };
                let name = name(&flowfile);
                session.on_durable(&flowfile, move || {
                    ran.lock().push(name);
                    Ok(())
                });
                match then {
                    Then::GiveBack => session.give_back(flowfile),
                    _ => session.transfer(flowfile, SUCCESS),
                }
                if let Then::Err(retry) = then { Err(error(retry)) } else { Ok(()) }
            })
        }))
        .await;
}

async fn runs_effects_when_durable(bench: &mut impl Bench) {
    let ran = Arc::default();
    bench.enqueue(&["a", "b", "c"]).await;
    acts(bench, &ran, Then::GiveBack).await;
    bench.make_durable().await;
    assert!(ran.lock().is_empty(), "what is given back has no effect");
    acts(bench, &ran, Then::Err(Retry::Later)).await;
    acts(bench, &ran, Then::Send).await;
    acts(bench, &ran, Then::Send).await;
    assert!(ran.lock().is_empty(), "nothing is durable yet");
    bench.make_durable().await;
    assert_eq!(*ran.lock(), ["b", "c"]);
    bench.advance_ms(PENALTY_MS);
    acts(bench, &ran, Then::Send).await;
    bench.make_durable().await;
    assert_eq!(*ran.lock(), ["b", "c", "a"]);
}

/// Joins all that it takes, and hands on what comes of it: the identities of the parents, and of
/// what they became.
async fn join(bench: &mut impl Bench, then: Then) -> Vec<String> {
    let identities = Arc::new(Mutex::new(Vec::new()));
    let noted = Arc::clone(&identities);
    bench
        .trigger(Box::new(move |session| {
            Box::pin(async move {
                let parents = session.get_batch(usize::MAX)?;
                let mut joined = session.create_joined(&parents);
                let eldest = parents.iter().map(FlowFile::lineage_start).min();
                assert_eq!(Some(joined.lineage_start()), eldest);
                assert_eq!(joined.attribute(NAME), None, "only what all have alike");
                let all = parents.iter().chain([&joined]);
                noted.lock().extend(all.map(|each| each.uuid().to_owned()));
                joined.set_attribute(NAME, "joined");
                session.transfer(joined, SUCCESS);
                for parent in parents {
                    session.transfer(parent, FAILURE);
                }
                if let Then::Err(retry) = then { Err(error(retry)) } else { Ok(()) }
            })
        }))
        .await;
    std::mem::take(&mut *identities.lock())
}

async fn joins(bench: &mut impl Bench) {
    bench.enqueue(&["a"]).await;
    bench.advance_ms(1_000);
    bench.enqueue(&["b", "c"]).await;
    let is_joining = |event: &ProvenanceEvent| event.event_type == EventType::Join;
    join(bench, Then::Err(Retry::Later)).await;
    assert!(!bench.events().iter().any(is_joining), "what is undone is not told");
    assert_eq!(bench.waiting(), tried(&["a", "b", "c"], 1));
    bench.advance_ms(PENALTY_MS);
    let identities = join(bench, Then::Send).await;
    assert_eq!(bench.left(SUCCESS), ["joined"]);
    assert_eq!(bench.left(FAILURE), ["a", "b", "c"]);
    let mut events = bench.events();
    events.retain(is_joining);
    let told: Vec<&str> = events
        .iter()
        .flat_map(|event| event.parents.iter().chain([&event.uuid]))
        .map(|each| &**each)
        .collect();
    assert_eq!(told, identities, "of the joining, and as the flowfile left");
    let shows = events.iter().map(|event| event.attributes.get(NAME));
    assert_eq!(shows.collect::<Vec<_>>(), [Some("joined")]);
}

async fn waits_until_durable(bench: &mut impl Bench) {
    let ran: Arc<Mutex<Vec<String>>> = Arc::default();
    bench.enqueue(&["a", "b"]).await;
    acts(bench, &ran, Then::Send).await;
    assert!(ran.lock().is_empty(), "nothing is durable yet");
    let seen = Arc::clone(&ran);
    bench
        .trigger(Box::new(move |session| {
            Box::pin(async move {
                session.durable().await?;
                // Effects follow by themselves.
                while seen.lock().is_empty() {
                    tokio::task::yield_now().await;
                }
                Ok(())
            })
        }))
        .await;
    assert_eq!(*ran.lock(), ["a"]);
}
