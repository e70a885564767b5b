//! Scripts that would do harm: each is stopped with a word on why, what it had taken is back in its
//! queue, and whoever comes next works as if nothing had been.

mod common;

use common::{javascript, once, script};
use tutti_sdk::testkit::TestRunner;

/// Limits that a test can wait for.
const LIMITS: &[(&str, &str)] = &[("Time Limit", "300 ms"), ("Memory Limit", "64 MB")];

fn hostile(body: &str) -> TestRunner {
    script("JavaScript", body, LIMITS)
}

/// It fails, says so, and does nothing else.
async fn contained(body: &str, says: &str) {
    let mut runner = hostile(body);
    let uuid = runner.enqueue(b"hello", &[("filename", "a.txt")]);
    let error = runner.run().await.expect_err("it must not end well").chain();
    assert!(error.contains(says), "expected \"{says}\" in: {error}");
    assert_eq!((runner.queued(), runner.transferred("success").len()), (1, 0), "{uuid}");
    // A second time too: nothing of the first is left.
    let again = runner.run().await;
    assert!(again.is_err() || runner.queued() == 1, "the second run went otherwise");
    assert_eq!(once(&mut javascript("function process() {}"), "fine").await, Ok("fine".into()));
}

#[tokio::test]
async fn a_loop_without_end() {
    contained("function process() { for (;;); }", "stopped after 300ms, its time limit").await;
}

#[tokio::test]
async fn a_loop_without_end_while_it_is_loaded() {
    let mut runner = hostile("for (;;);");
    let error = runner.schedule().await.unwrap_err().chain();
    assert!(error.contains("its time limit"), "{error}");
}

#[tokio::test]
async fn a_loop_within_a_function_of_the_language() {
    let regex = "function process() { /^(a+)+$/.test('a'.repeat(64) + 'b'); }";
    contained(regex, "its time limit").await;
    let sort = "function process() { new Array(1e8).fill(1).sort(() => { for (;;); }); }";
    contained(sort, "").await;
}

#[tokio::test]
async fn more_memory_than_it_may_have() {
    let bomb = "function process() { const l = []; for (;;) l.push(new Uint8Array(1e6).fill(1)); }";
    contained(bomb, "memory").await;
    contained("function process() { let s = 'x'; for (;;) s += s; }", "").await;
}

#[tokio::test]
async fn calls_without_end() {
    contained("function f(n) { return f(n + 1) + 1; } function process() { f(0); }", "").await;
}

#[tokio::test]
async fn a_million_attributes() {
    let many = "function process(f) { const attributes = {};
        for (let i = 0; i < 1e6; i++) attributes['a' + i] = 'x'; return { attributes }; }";
    contained(many, "").await;
    let some = "function process(f) { const attributes = {};
        for (let i = 0; i < 10001; i++) attributes['a' + i] = 'x'; return { attributes }; }";
    contained(some, "10000 attributes").await;
    let long = "function process(f) { return { attributes: { a: 'x'.repeat(2 << 20) } }; }";
    contained(long, "1048576 bytes").await;
}

#[tokio::test]
async fn what_is_thrown_has_a_line() {
    contained("function process() {\n  const x = 1;\n  return nothing.deep;\n}", "nothing").await;
}
