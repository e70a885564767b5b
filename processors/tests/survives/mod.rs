//! What holds for any bytes, for tests and for the fuzz target alike: they are refused as they
//! came, or unpacked to no more than they may become.

use tutti_sdk::testkit::{Output, TestRunner};
use tutti_sdk::{FAILURE, SUCCESS};

/// What they may become.
const OUTPUT_BYTES_MAX: usize = 100_000;
const PARTS_MAX: usize = 100;
const FORMATS: [&str; 4] = ["tar", "zip", "flowfile-stream-v3", "flowfile-stream-v2"];

/// Unpacks `bytes` as each of the formats; hands back how many of them they were.
pub(crate) fn survives(bytes: &[u8]) -> usize {
    let runtime = tokio::runtime::Builder::new_current_thread().build();
    let runtime = runtime.unwrap_or_else(|error| panic!("no runtime: {error}"));
    FORMATS.iter().filter(|format| runtime.block_on(unpacks(bytes, format))).count()
}

async fn unpacks(bytes: &[u8], format: &str) -> bool {
    let properties = [
        ("Packaging Format", format),
        ("Maximum Output Size", &format!("{OUTPUT_BYTES_MAX} B")),
        ("Maximum Splits", &PARTS_MAX.to_string()),
    ];
    let catalog = tutti_processors::catalog();
    let unpack = catalog.get("UnpackContent").unwrap_or_else(|| panic!("there is none"));
    let built = TestRunner::of(unpack, &properties);
    let mut runner = built.unwrap_or_else(|error| panic!("cannot build: {error}"));
    runner.enqueue(bytes, &[]);
    if let Err(error) = runner.run().await {
        panic!("{}", error.chain());
    }
    let parts = runner.transferred(SUCCESS);
    if parts.is_empty() {
        assert_eq!(runner.only(FAILURE).bytes(), bytes);
        return false;
    }
    runner.assert_transferred("original", 1);
    assert!(parts.len() <= PARTS_MAX);
    let unpacked: usize = parts.iter().map(Output::bytes).map(|bytes| bytes.len()).sum();
    // Slices cost nothing, and may be the same ones.
    assert!(unpacked <= OUTPUT_BYTES_MAX.max(bytes.len()), "{unpacked}");
    true
}
