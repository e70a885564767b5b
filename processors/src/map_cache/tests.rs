use std::collections::BTreeMap;

use tutti_sdk::property::ServiceRef;
use tutti_sdk::testkit::{TestRunner, TestService};
use tutti_sdk::{Description, Processor, SUCCESS};

use super::*;

/// Does what its flowfile's attribute `do` says, one thing a word, and notes what it got.
struct Script(ServiceRef<dyn MapCache>);

#[derive(Properties)]
struct ScriptProperties {
    /// The cache.
    cache: ServiceRef<dyn MapCache>,
}

#[async_trait]
impl Processor for Script {
    type Properties = ScriptProperties;

    fn describe() -> Description {
        Description::transform("Script", "Does what it is told.")
    }

    fn build(properties: ScriptProperties, _: &BuildContext) -> Result<Self, BuildError> {
        Ok(Self(properties.cache))
    }

    async fn on_trigger(&self, session: &mut Session) -> Result<(), ProcessError> {
        let Some(mut flowfile) = session.get()? else { return Ok(()) };
        let cache = session.context().service(&self.0)?;
        let mut got = Vec::new();
        let told = flowfile.attribute("do").unwrap_or_default().to_owned();
        for word in told.split(' ') {
            let mut entries = cache.open(session).await?;
            let mut parts = word.split(':');
            let mut part = || parts.next().unwrap_or_default();
            let found = match part() {
                "get" => entries.get(part())?,
                "put" => entries.put_if_absent(part(), part())?,
                "remove" => entries.remove(part())?,
                "replace" => {
                    let (key, value) = (part(), part());
                    let revision = entries.get(key)?.map_or(0, |entry| entry.revision);
                    let is_done = entries.replace(key, revision, value)?;
                    assert!(!is_done || !entries.replace(key, revision, "again")?, "only once");
                    got.push(is_done.to_string());
                    continue;
                }
                _ => return Err(ProcessError::external("not now")),
            };
            got.push(found.map_or("-".to_owned(), |entry| entry.value));
        }
        flowfile.set_attribute("got", got.join(" "));
        session.transfer(flowfile, SUCCESS);
        Ok(())
    }
}

fn cache(properties: &[(&str, &str)]) -> TestService {
    TestService::new::<MapCacheService>("Cache", properties)
}

fn with(cache: &TestService) -> TestRunner {
    TestRunner::new::<Script>(&[("Cache", "Cache")]).with_service(cache)
}

async fn told(runner: &mut TestRunner, what: &str) -> String {
    runner.clear();
    runner.enqueue(b"", &[("do", what)]);
    runner.run().await.unwrap();
    runner.only(SUCCESS).attribute("got").to_owned()
}

/// What is in the cache, by what its state holds.
fn entries(cache: &TestService) -> BTreeMap<String, String> {
    let state = cache.state();
    let entries = state.iter().filter_map(|(name, text)| {
        Some((name.strip_prefix('e')?.to_owned(), text.splitn(5, ' ').nth(4)?.to_owned()))
    });
    let entries: BTreeMap<_, _> = entries.collect();
    let bytes: usize = entries.iter().map(|(key, value)| key.len() + value.len()).sum();
    let counted = format!(" {} {bytes}", entries.len());
    let counts = state.get("m").unwrap_or(" 0 0").to_owned();
    assert!(counts.ends_with(&counted), "{counts:?} and not {counted:?}");
    let ordered = state.iter().filter(|(name, _)| name.starts_with('o')).count();
    assert_eq!(ordered, entries.len(), "each has one place in the order");
    entries
}

fn keys(cache: &TestService) -> String {
    entries(cache).into_keys().collect()
}

#[tokio::test]
async fn entries_are_put_once_replaced_by_their_revision_and_removed() {
    let cache = cache(&[]);
    let runner = &mut with(&cache);
    assert_eq!(told(runner, "get:a put:a:1 put:a:2 get:a").await, "- - 1 1");
    assert_eq!(told(runner, "replace:a:3 get:a replace:b:4 get:b").await, "true 3 false -");
    assert_eq!(told(runner, "remove:a get:a remove:a put:a:5 get:a").await, "3 - - - 5");
    assert_eq!(entries(&cache), BTreeMap::from([("a".to_owned(), "5".to_owned())]));
    assert_eq!(told(runner, "put::empty get: put:ä:").await, "- empty -");
}

#[tokio::test]
async fn what_a_session_changed_is_undone_with_it() {
    let cache = cache(&[]);
    let runner = &mut with(&cache);
    told(runner, "put:a:1").await;
    runner.clear();
    runner.enqueue(b"", &[("do", "remove:a put:b:2 fail")]);
    assert!(runner.run().await.is_err());
    assert_eq!(keys(&cache), "a");
    runner.enqueue(b"", &[("do", "put:c:3")]);
    runner.fail_commits(1);
    assert!(runner.run().await.is_err());
    assert_eq!(keys(&cache), "a");
    let mut other = with(&cache);
    other.enqueue(b"", &[("do", "put:d:4 remove:a")]);
    other.crash_before_durable().await.unwrap();
    assert_eq!((keys(&cache).as_str(), other.queued()), ("a", 1));
    other.run().await.unwrap();
    assert_eq!(keys(&cache), "d");
}

#[tokio::test]
async fn the_strategy_says_what_makes_room() {
    for (strategy, left) in [
        ("First In, First Out", "cde"),
        ("Least Recently Used", "ade"),
        ("Least Frequently Used", "abe"),
    ] {
        let cache = cache(&[("Maximum Cache Entries", "3"), ("Eviction Strategy", strategy)]);
        let runner = &mut with(&cache);
        told(runner, "put:a:1 put:b:2 put:c:3 get:b get:b get:b get:c get:a get:a").await;
        told(runner, "put:d:4").await;
        told(runner, "put:e:5").await;
        assert_eq!(keys(&cache), left, "{strategy}");
    }
}

#[tokio::test]
async fn to_be_replaced_is_a_use_and_no_new_beginning() {
    for (strategy, left) in [
        ("First In, First Out", "bc"),
        ("Least Recently Used", "ac"),
        ("Least Frequently Used", "ac"),
    ] {
        let cache = cache(&[("Maximum Cache Entries", "2"), ("Eviction Strategy", strategy)]);
        let runner = &mut with(&cache);
        told(runner, "put:a:1 put:b:2 replace:a:3 put:c:4").await;
        assert_eq!(keys(&cache), left, "{strategy}");
    }
}

#[tokio::test]
async fn bytes_are_bounded_too() {
    let cache = cache(&[("Maximum Cache Size", "10 B")]);
    let runner = &mut with(&cache);
    told(runner, "put:a:1234 put:b:12 get:a").await;
    assert_eq!(keys(&cache), "ab");
    told(runner, "put:c:123").await;
    assert_eq!(keys(&cache), "bc");
    told(runner, "put:d:123456789").await;
    assert_eq!(keys(&cache), "d", "all others make room");
    runner.clear();
    runner.enqueue(b"", &[("do", "put:e:1234567890")]);
    let error = runner.run().await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "an entry of 11 bytes is larger than the map cache, which has 10 B"
    );
    assert_eq!(keys(&cache), "d");
}

#[tokio::test]
async fn an_entry_goes_with_its_time() {
    let cache = cache(&[("Maximum Entry Age", "10 sec")]);
    let runner = &mut with(&cache);
    told(runner, "put:a:1 put:b:2").await;
    runner.clock().advance_ms(9_999);
    assert_eq!(told(runner, "get:a replace:b:3").await, "1 true");
    runner.clock().advance_ms(1);
    assert_eq!(told(runner, "get:a get:b remove:a replace:a:4").await, "- 3 - false");
    assert_eq!(keys(&cache), "ab", "nobody has swept yet");
    told(runner, "put:c:5").await;
    assert_eq!(keys(&cache), "bc");
    runner.clock().advance_ms(10_000);
    assert_eq!(told(runner, "put:b:6").await, "-", "what is too old is not there");
    assert_eq!(keys(&cache), "b");
    assert_eq!(cache.state().len(), 4, "one entry, its places in both orders, and the counts");
}

#[tokio::test]
async fn a_cache_outlives_a_change_of_its_properties() {
    let many = cache(&[("Eviction Strategy", "Least Frequently Used")]);
    told(&mut with(&many), "put:a:1 put:b:2 put:c:3 put:d:4 get:a").await;
    let few = many.reconfigured::<MapCacheService>(&[
        ("Maximum Cache Entries", "2"),
        ("Maximum Entry Age", "1 min"),
    ]);
    let runner = &mut with(&few);
    assert_eq!(told(runner, "get:b").await, "2");
    assert_eq!(keys(&few), "abcd");
    told(runner, "put:e:5").await;
    assert_eq!(keys(&few), "ae");
    runner.clock().advance_ms(60_000);
    assert_eq!(told(runner, "get:a put:f:6").await, "- -");
    assert_eq!(keys(&few), "af", "what came before ages were kept goes when room is needed");
}

#[test]
fn bounds_are_checked() {
    let refused =
        |name, value| TestService::try_new::<MapCacheService>("C", &[(name, value)]).err();
    for (name, value) in
        [("Maximum Cache Entries", "0"), ("Eviction Strategy", "Any"), ("Maximum Cache Size", "x")]
    {
        assert!(refused(name, value).unwrap().to_string().contains(name));
    }
}
