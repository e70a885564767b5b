//! Both styles, in both languages.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{javascript, once, python};
use tutti_sdk::SUCCESS;

#[tokio::test]
async fn a_function_in_javascript() {
    let mut runner = javascript(
        "function process(flowfile) {
           return { attributes: { n: flowfile.size }, content: flowfile.text().toUpperCase() };
         }",
    );
    assert_eq!(once(&mut runner, "grüße").await, Ok("GRÜSSE".to_owned()));
    assert_eq!(runner.only(SUCCESS).attribute("n"), "7");
}

#[tokio::test]
async fn a_function_in_python() {
    let mut runner = python(
        "def process(flowfile):\n    return {'attributes': {'n': flowfile.size}, 'content': \
         flowfile.text().upper()}\n",
    );
    assert_eq!(once(&mut runner, "grüße").await, Ok("GRÜSSE".to_owned()));
    assert_eq!(runner.only(SUCCESS).attribute("n"), "7");
}
