//! What a repository promises, for every backend.

#![allow(clippy::unwrap_used, reason = "a test that cannot go on ends")]

use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use tutti_model::flowfile::{Content, ContentSlice, Timestamp};
use tutti_model::provenance::EventType;
use tutti_store::{
    Callback, Commit, Durability, GiveBack, Health, Options, Pick, QueueId, Renames, Repository,
    Search, StateChange, StoreError,
};

mod common;

use common::*;

#[test]
fn a_flowfile_lives_through_its_flow_and_a_restart_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let repository = Repository::open(folder.path(), Options::default()).unwrap();
    let queue = repository.open_queue("a/b").unwrap();
    let guard = write(&repository, b"music");
    let content = Content::Stored(ContentSlice::whole(guard.claim()));
    let file = flowfile(&repository, "one.wav", content.clone());
    let last_id = file.id();
    let ticket = repository
        .commit(Commit {
            events: vec![event(&file, EventType::Receive)],
            put: vec![(queue, file)],
            state: vec![StateChange {
                component: "get".into(),
                key: "seen".into(),
                value: Some("one.wav".into()),
            }],
            ..Commit::default()
        })
        .unwrap();
    drop(guard);
    assert_eq!(ticket.wait(), Durability::Durable);
    let locked = Repository::open(folder.path(), Options::default()).unwrap_err();
    assert!(
        matches!(&locked, StoreError::Locked { holder, .. }
            if *holder == format!("process {}", std::process::id())),
        "{locked}"
    );
    repository.close().unwrap();

    let repository = Repository::open(folder.path(), Options::default()).unwrap();
    assert_eq!(repository.recovery().flowfiles, 1);
    assert!(repository.recovery().quarantined.is_empty());
    assert_eq!(repository.open_queue("a/b").unwrap(), queue);
    assert!(repository.next_id() > last_id);
    let taken = repository.poll(queue, 10, NOW, &mut |_| Pick::Take).unwrap();
    assert_eq!(*taken[0].flowfile.content(), content);
    let Content::Stored(slice) = &content else { unreachable!() };
    assert_eq!(read(&repository, slice), b"music");
    assert_eq!(repository.state("get").version, 1);
    assert_eq!(repository.state_value("get", "seen").as_deref(), Some("one.wav"));
    let found = repository.search(&Search::newest(10)).unwrap();
    assert_eq!((found.events.len(), found.damaged.len()), (1, 0));
    repository.commit(Commit { taken: vec![taken[0].receipt], ..Commit::default() }).unwrap();
    repository.close().unwrap();

    let repository = Repository::open(folder.path(), Options::default()).unwrap();
    assert_eq!(repository.counts(queue).unwrap().flowfiles, 0);
    assert_eq!(repository.content_usage(), (0, 0), "content that nothing refers to is deleted");
}

#[test]
fn what_is_not_flushed_is_gone_after_a_crash_and_all_of_it() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    put(&repository, queue, "durable");
    repository.flush().unwrap();
    let taken = take_all(&repository, queue);
    let file = flowfile(&repository, "lost", Content::Empty);
    let ticket = repository
        .commit(Commit {
            taken: vec![taken[0].0],
            events: vec![event(&file, EventType::Create)],
            put: vec![(queue, file)],
            state: vec![StateChange {
                component: "c".into(),
                key: "k".into(),
                value: Some("v".into()),
            }],
            ..Commit::default()
        })
        .unwrap();
    assert_eq!(ticket.outcome(), None);
    memory.crash();
    drop(repository);
    assert_eq!(ticket.outcome(), Some(Durability::Lost));

    let repository = memory.open(manual());
    assert_eq!(names(take_all(&repository, queue)), ["durable"]);
    assert_eq!(repository.state("c").values.len(), 0);
    assert!(repository.search(&Search::newest(10)).unwrap().events.is_empty());
}

#[test]
fn a_commit_that_cannot_be_applied_changes_nothing() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    put(&repository, queue, "x");
    let receipt = take_all(&repository, queue)[0].0;
    let file = flowfile(&repository, "y", Content::Empty);
    for commit in [
        Commit {
            taken: vec![receipt],
            put: vec![(QueueId(99), file.clone())],
            ..Commit::default()
        },
        Commit { taken: vec![receipt, receipt], ..Commit::default() },
    ] {
        let error = repository.commit(commit).unwrap_err();
        assert!(matches!(error, StoreError::NotFound { .. }), "{error}");
    }
    let counts = repository.counts(queue).unwrap();
    assert_eq!((counts.flowfiles, counts.in_flight), (1, 1));
    repository.commit(Commit { taken: vec![receipt], ..Commit::default() }).unwrap();
    assert_eq!(repository.counts(queue).unwrap().flowfiles, 0);
}

#[test]
fn a_queue_beyond_its_window_keeps_its_order_over_epochs_and_restarts() {
    let memory = Memory::new();
    let options = Options { window_flowfiles_max: 3, ..manual() };
    let repository = memory.open(options.clone());
    let queue = repository.open_queue("q").unwrap();
    let expected: Vec<String> = (0..50).map(|number| format!("{number}")).collect();
    for (number, name) in expected.iter().enumerate() {
        put(&repository, queue, name);
        if number == 20 {
            repository.flush().unwrap();
        }
    }
    let listed = repository.list(queue, 0, 100).unwrap();
    assert_eq!(listed.len(), 50);
    let first = names(
        repository
            .poll(queue, 30, NOW, &mut |_| Pick::Take)
            .unwrap()
            .into_iter()
            .map(|taken| (taken.receipt, taken.flowfile.attribute("filename").unwrap().into()))
            .collect(),
    );
    assert_eq!(first, expected[..30]);
    assert_eq!(names(take_all(&repository, queue)), expected[30..]);
    repository.flush().unwrap();
    memory.crash();
    let repository = memory.open(options);
    assert_eq!(names(take_all(&repository, queue)), expected, "in work is back after a restart");
}

#[test]
fn what_nobody_expects_anything_of_is_counted_until_its_penalty_has_passed() {
    let repository = Memory::new().open(manual());
    let queue = repository.open_queue("q").unwrap();
    put(&repository, queue, "a");
    put(&repository, queue, "b");
    let penalized_until = Some(Timestamp(5_000));
    for (receipt, _) in take_all(&repository, queue) {
        let in_vain =
            GiveBack { penalized_until, attempts: 1, is_in_vain: true, ..GiveBack::default() };
        repository.give_back(receipt, in_vain).unwrap();
    }
    let told = |repository: &Repository| {
        let counts = repository.counts(queue).unwrap();
        (counts.flowfiles, counts.penalized, counts.in_vain)
    };
    assert_eq!(told(&repository), (2, 2, 2));
    let polled = repository.poll(queue, 1, Timestamp(5_000), &mut |_| Pick::Take).unwrap();
    assert_eq!(told(&repository), (2, 0, 0), "they are tried anew");
    let well = GiveBack { penalized_until, attempts: 2, ..GiveBack::default() };
    repository.give_back(polled[0].receipt, well).unwrap();
    assert_eq!(told(&repository), (2, 1, 0));
}

#[test]
fn penalised_flowfiles_wait_and_come_back_to_their_place() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    put(&repository, queue, "a");
    put(&repository, queue, "b");
    repository.flush().unwrap();
    let receipt = take_all(&repository, queue);
    let penalized_until = Some(Timestamp(5_000));
    let again = GiveBack { penalized_until, attempts: 1, ..GiveBack::default() };
    repository.give_back(receipt[0].0, again).unwrap();
    let counts = repository.counts(queue).unwrap();
    assert_eq!((counts.in_flight, counts.penalized, counts.in_vain), (1, 1, 0));
    assert_eq!(counts.next_ready(NOW), Some(Timestamp(5_000)), "one in work, one penalised");
    assert_eq!(counts.next_ready(Timestamp(6_000)), Some(Timestamp(6_000)), "it is due");
    repository.give_back(receipt[1].0, GiveBack::default()).unwrap();
    assert_eq!(repository.counts(queue).unwrap().next_ready(NOW), Some(NOW));
    let polled = repository.poll(queue, 10, NOW, &mut |_| Pick::Take).unwrap();
    assert_eq!(polled.len(), 1);
    repository.give_back(polled[0].receipt, GiveBack::default()).unwrap();
    repository.flush().unwrap();
    memory.crash();
    let repository = memory.open(manual());
    let polled = repository.poll(queue, 1, NOW, &mut |_| Pick::Take).unwrap();
    let flowfile = &polled[0].flowfile;
    assert_eq!(flowfile.attribute("filename"), Some("a"), "its penalty ended with the process");
    let durable = (flowfile.attempts(), flowfile.penalized_until());
    assert_eq!(durable, (1, None), "the change is durable");
}

#[test]
fn a_full_disk_loses_nothing_and_work_goes_on_when_there_is_room() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    let guard = write(&repository, b"content");
    repository.flush().unwrap();
    let content = Content::Stored(ContentSlice::whole(guard.claim()));
    let file = flowfile(&repository, "x", content);
    let commit = Commit {
        events: vec![event(&file, EventType::Create)],
        put: vec![(queue, file)],
        ..Commit::default()
    };
    let ticket = repository.commit(commit).unwrap();
    // Every call of a flush in turn fails, then the disk is full; no state is torn by any.
    for call in 1..=6 {
        memory.faults.fail_nth(call);
        let Err(error) = repository.flush() else { break };
        assert!(matches!(*error, StoreError::Io { .. }), "{error}");
        assert!(matches!(repository.health(), Health::Waiting { .. }));
        assert_eq!(ticket.outcome(), None);
    }
    drop(guard);
    put(&repository, queue, "y");
    memory.faults.disk_full(true);
    let error = repository.flush().unwrap_err();
    assert!(matches!(*error, StoreError::DiskFull { .. }), "{error}");
    assert_eq!(repository.counts(queue).unwrap().flowfiles, 2);
    assert!(!repository.bulletins().newest(10).is_empty());
    memory.faults.disk_full(false);
    repository.flush().unwrap();
    assert!(repository.health().is_working());
    assert_eq!(ticket.outcome(), Some(Durability::Durable));
    memory.crash();
    let repository = memory.open(manual());
    assert_eq!(names(take_all(&repository, queue)), ["x", "y"]);
    let found = repository.search(&Search::newest(10)).unwrap();
    assert_eq!((found.events.len(), found.damaged.len()), (1, 0));
}

#[test]
fn commits_call_back_in_their_order_when_they_are_durable_or_lost() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    let told = Arc::new(parking_lot::Mutex::new(Vec::new()));
    let commit = |name: &'static str| {
        let told = Arc::clone(&told);
        let then = Some(Callback::new(move |durability| told.lock().push((name, durability))));
        let put = vec![(queue, flowfile(&repository, name, Content::Empty))];
        repository.commit(Commit { put, then, ..Commit::default() }).unwrap();
    };
    commit("a");
    commit("b");
    assert!(told.lock().is_empty());
    repository.flush().unwrap();
    commit("c");
    repository.flush().unwrap();
    commit("d");
    memory.faults.disk_full(true);
    repository.close().unwrap_err();
    let durable = ["a", "b", "c"].map(|name| (name, Durability::Durable));
    assert_eq!(*told.lock(), [&durable[..], &[("d", Durability::Lost)]].concat());
}

#[test]
fn commits_wait_while_the_epoch_is_full_and_go_on_after_the_flush() {
    let memory = Memory::new();
    let repository = memory.open(Options { epoch_bytes_max: 200, ..manual() });
    let queue = repository.open_queue("q").unwrap();
    repository.flush().unwrap();
    put(&repository, queue, "a");
    let file = flowfile(&repository, "b", Content::Empty);
    let commit = Commit { put: vec![(queue, file)], ..Commit::default() };
    let Err(tutti_store::TryCommitError::Full(commit)) = repository.try_commit(commit) else {
        panic!("the epoch took more than its bound")
    };
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| repository.commit(commit));
        repository.flush().unwrap();
        assert!(waiting.join().unwrap().is_ok());
    });
    assert_eq!(repository.counts(queue).unwrap().flowfiles, 2);
}

#[test]
fn content_is_kept_until_its_removal_is_durable_and_then_deleted() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    let big = vec![7; usize::try_from(tutti_store::SEGMENT_BYTES_MAX).unwrap()];
    let guard = write(&repository, &big);
    let slice = ContentSlice::whole(guard.claim());
    let file = flowfile(&repository, "x", Content::Stored(slice));
    repository.commit(Commit { put: vec![(queue, file)], ..Commit::default() }).unwrap();
    drop(guard);
    repository.flush().unwrap();
    let receipt = take_all(&repository, queue)[0].0;
    repository.commit(Commit { taken: vec![receipt], ..Commit::default() }).unwrap();
    assert_eq!(repository.content_usage().1, 1);
    assert_eq!(read(&repository, &slice), big, "a crash now would bring the flowfile back");
    repository.flush().unwrap();
    assert_eq!(repository.content_usage(), (0, 0));
    assert!(matches!(repository.open_content(&slice), Err(StoreError::NotFound { .. })));
}

#[test]
fn large_content_goes_with_its_last_reference_whatever_small_content_stays() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let small = write(&repository, b"small");
    let large = write(&repository, &vec![7; 3_000_000]);
    let another = write(&repository, &vec![8; 1_000_000]);
    assert_ne!(small.claim().segment, large.claim().segment);
    assert_eq!(small.claim().segment, another.claim().segment);
    assert_eq!(read(&repository, &ContentSlice::whole(large.claim())), vec![7; 3_000_000]);
    assert_eq!(read(&repository, &ContentSlice::whole(another.claim())), vec![8; 1_000_000]);
    let (with_large, _) = repository.content_usage();
    drop(large);
    // Nothing names it, and the flusher gives its file up with the next flush.
    repository.commit(Commit::default()).unwrap();
    repository.flush().unwrap();
    let (without, files) = repository.content_usage();
    assert!(with_large - without >= 3_000_000, "{with_large} {without}");
    assert_eq!(files, 1);
    assert_eq!(read(&repository, &ContentSlice::whole(small.claim())), b"small");
}

#[test]
fn content_is_read_from_anywhere_and_slices_have_ends() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let bytes: Vec<u8> = (0..200_000_u32).map(|number| (number % 251) as u8).collect();
    let first = write(&repository, &bytes);
    let second = write(&repository, b"");
    let mut reader = repository.open_content(&ContentSlice::whole(first.claim())).unwrap();
    let mut part = [0; 1_000];
    for at in [199_000, 0, 65_500, 131_000] {
        reader.seek(SeekFrom::Start(at)).unwrap();
        reader.read_exact(&mut part).unwrap();
        assert_eq!(part, bytes[at as usize..at as usize + 1_000]);
    }
    let slice = ContentSlice { claim: first.claim(), offset: 65_000, length: 70_000 };
    assert_eq!(read(&repository, &slice), bytes[65_000..135_000]);
    assert_eq!(read(&repository, &ContentSlice::whole(second.claim())), b"");
    let beyond = ContentSlice { claim: first.claim(), offset: 1, length: 200_000 };
    assert!(repository.open_content(&beyond).is_err());
}

#[test]
fn a_flipped_bit_in_content_is_an_error_and_a_cut_file_puts_its_record_aside() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    let guard = write(&repository, b"some bytes of music");
    let slice = ContentSlice::whole(guard.claim());
    let file = flowfile(&repository, "song.wav", Content::Stored(slice));
    repository.commit(Commit { put: vec![(queue, file)], ..Commit::default() }).unwrap();
    put(&repository, queue, "without content");
    repository.flush().unwrap();
    let segment = format!("{:010}.segment", slice.claim.segment);
    for bit in 64..(64 + (8 + 19) * 8) {
        memory.content.damage(&segment, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
        let mut sink = Vec::new();
        let error = repository.open_content(&slice).unwrap().read_to_end(&mut sink).unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidData);
        memory.content.damage(&segment, |bytes| bytes[bit / 8] ^= 1 << (bit % 8));
    }
    memory.content.damage(&segment, |bytes| bytes.truncate(20));
    drop((guard, repository));
    memory.crash();
    let repository = memory.open(manual());
    let quarantined = &repository.recovery().quarantined;
    assert_eq!(quarantined.len(), 1);
    assert!(quarantined[0].reason.contains("song.wav"), "{:?}", quarantined[0]);
    assert_eq!(names(take_all(&repository, queue)), ["without content"]);
    assert_eq!(repository.bulletins().newest(10).len(), 1);
}

#[test]
fn a_damaged_record_is_put_aside_whichever_it_is() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("q").unwrap();
    put(&repository, queue, "x");
    let state = StateChange { component: "c".into(), key: "k".into(), value: Some("v".into()) };
    repository.commit(Commit { state: vec![state], ..Commit::default() }).unwrap();
    repository.flush().unwrap();
    drop(repository);
    let keys = memory.records.keys();
    assert!(keys.len() >= 8);
    for key in keys {
        let memory = {
            let copy = Memory::new();
            let mut batch = tutti_store::Batch::new();
            tutti_store::KeyValue::scan(&memory.records, b"", &mut |key, value| {
                batch.insert(key.to_vec(), Some(value.to_vec()));
                std::ops::ControlFlow::Continue(())
            })
            .unwrap();
            tutti_store::KeyValue::apply(&copy.records, &batch).unwrap();
            tutti_store::KeyValue::flush(&copy.records).unwrap();
            copy
        };
        assert!(memory.records.damage(&key, |value| *value.last_mut().unwrap() ^= 0x40));
        match Repository::open_with(&memory.backend(), manual()) {
            Err(error) => assert!(matches!(error, StoreError::Corrupt { .. }), "{error}"),
            Ok(repository) => {
                assert_eq!(repository.recovery().quarantined.len(), 1, "{}", key.escape_ascii());
                drop(repository);
                let again = memory.open(manual());
                assert_eq!(again.recovery().quarantined.len(), 0);
                assert_eq!(again.recovery().quarantined_before, 1);
            }
        }
    }
}

#[test]
fn provenance_stays_under_its_cap_and_keeps_the_newest() {
    let memory = Memory::new();
    let options = Options { provenance_bytes_max: 20_000, ..manual() };
    let repository = memory.open(options);
    let mut last = String::new();
    for number in 0..500 {
        let file = flowfile(&repository, &format!("{number}"), Content::Empty);
        last = file.uuid().to_owned();
        let events = vec![event(&file, EventType::Create)];
        repository.commit(Commit { events, ..Commit::default() }).unwrap();
        repository.flush().unwrap();
        assert!(repository.provenance_bytes() <= 20_000);
    }
    let found = repository.search(&Search::newest(3)).unwrap();
    assert_eq!(&*found.events[0].uuid, last);
    let search = Search { uuid: Some(last), ..Search::newest(10) };
    assert_eq!(repository.search(&search).unwrap().events.len(), 1);
}

#[test]
fn state_gets_no_name_under_which_there_is_some() {
    let repository = Memory::new().open(manual());
    let change = |component: &str, value: Option<&str>| {
        let (component, key) = (component.into(), "k".into());
        let state = vec![StateChange { component, key, value: value.map(Into::into) }];
        repository.commit(Commit { state, ..Commit::default() }).unwrap();
    };
    let rename = || {
        let components = [("old".into(), "new".into())].into();
        let renames = Renames { components, ..Renames::default() };
        repository.commit(Commit { renames: Some(Box::new(renames)), ..Commit::default() })
    };
    change("old", Some("seen"));
    change("new", Some("of another"));
    let refused = rename().unwrap_err().to_string();
    assert_eq!(refused, "state of \"new\" exists already");
    assert_eq!(repository.state_value("new", "k").as_deref(), Some("of another"));
    change("new", None);
    rename().unwrap();
    assert_eq!(repository.state_value("new", "k").as_deref(), Some("seen"));
    assert_eq!((repository.state("new").version, repository.state("old").version), (3, 0));
}

#[test]
fn queues_are_renamed_and_removed_but_not_with_flowfiles_in_them() {
    let memory = Memory::new();
    let repository = memory.open(manual());
    let queue = repository.open_queue("old").unwrap();
    put(&repository, queue, "x");
    let rename = |name: &str| {
        let renames = Renames { queues: [(queue, name.into())].into(), ..Renames::default() };
        repository.commit(Commit { renames: Some(Box::new(renames)), ..Commit::default() })
    };
    rename("new").unwrap();
    repository.open_queue("other").unwrap();
    let refused = rename("other").unwrap_err().to_string();
    assert_eq!(refused, "a queue \"other\" exists already");
    let refused = repository.remove_queue(queue);
    assert!(matches!(refused, Err(StoreError::NotEmpty { flowfiles: 1, .. })));
    assert_eq!(clear(&repository, queue), 1);
    repository.remove_queue(queue).unwrap();
    repository.flush().unwrap();
    memory.crash();
    let repository = memory.open(manual());
    assert_eq!(repository.queues().into_keys().collect::<Vec<_>>(), ["other"]);
}
