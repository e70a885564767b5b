//! Any bytes have values at any path, or go out as they came.

#![no_main]

use libfuzzer_sys::fuzz_target;
use tutti_sdk::FAILURE;
use tutti_sdk::testkit::TestRunner;

fuzz_target!(|input: (&str, &[u8])| {
    let (path, bytes) = input;
    let catalog = tutti_processors::catalog();
    let Some(kind) = catalog.get("EvaluateJsonPath") else { return };
    let properties = [("Destination", "flowfile-attribute"), ("found", path)];
    // A path that is none is refused before anything runs.
    let Ok(mut runner) = TestRunner::of(kind, &properties) else { return };
    runner.enqueue(bytes, &[]);
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let Ok(runtime) = runtime else { return };
    if let Err(error) = runtime.block_on(runner.run()) {
        panic!("{}", error.chain());
    }
    let out = ["matched", "unmatched", FAILURE].map(|name| runner.transferred(name));
    let all: Vec<_> = out.iter().flatten().collect();
    assert_eq!(all.len(), 1);
    assert_eq!(all[0].bytes(), bytes);
});
