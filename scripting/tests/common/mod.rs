//! Scripts on a test bench.

#![allow(dead_code, unreachable_pub, reason = "each of the tests needs some of it")]
#![allow(clippy::unwrap_used, reason = "a test that cannot go on fails")]

use std::path::Path;

use tutti_sdk::testkit::TestRunner;
use tutti_sdk::{FAILURE, SUCCESS};

/// Where what is compiled is kept between runs of the tests.
pub fn keep_compiled() {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
    tutti_scripting::keep_compiled_in(folder.join("compiled"));
}

/// A processor with a script, and more properties.
pub fn script(engine: &str, body: &str, more: &[(&str, &str)]) -> TestRunner {
    keep_compiled();
    let types = tutti_scripting::types();
    let mut properties = vec![("Script Engine", engine), ("Script Body", body)];
    properties.extend(more);
    TestRunner::of(&types[0], &properties).unwrap()
}

/// A script in JavaScript.
pub fn javascript(body: &str) -> TestRunner {
    script("JavaScript", body, &[])
}

/// A script in Python.
pub fn python(body: &str) -> TestRunner {
    script("Python", body, &[])
}

/// Works on one flowfile whose content is that; what comes of it, or why it failed.
pub async fn once(runner: &mut TestRunner, content: &str) -> Result<String, String> {
    runner.enqueue(content.as_bytes(), &[("filename", "a.txt")]);
    runner.run().await.map_err(|error| error.chain())?;
    match runner.transferred(FAILURE).first() {
        Some(failed) => {
            assert_eq!(failed.text(), content, "as it came");
            assert_eq!((runner.queued(), runner.transferred(SUCCESS).len()), (0, 0));
            Err(failed.attribute("failure.reason").to_owned())
        }
        None => Ok(runner.only(SUCCESS).text()),
    }
}
