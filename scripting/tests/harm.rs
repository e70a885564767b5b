//! Scripts that would do harm: each is stopped with a word on why, what it had taken goes to
//! `failure` as it came, and whoever comes next works as if nothing had been.

#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod common;

use common::{once, script};

/// Limits that a test can wait for.
const LIMITS: &[(&str, &str)] = &[("Time Limit", "300 ms"), ("Memory Limit", "64 MB")];

/// It fails, says so, and does nothing else.
async fn contained(engine: &str, body: &str, says: &str) {
    let mut runner = script(engine, body, LIMITS);
    // A second time too: nothing of the first is left.
    for _ in 0..2 {
        let error = once(&mut runner, "hello").await.expect_err("it must not end well");
        assert!(error.contains(says), "expected \"{says}\" of {body}: {error}");
        runner.clear();
    }
    let fine =
        if engine == "Python" { "def process(flowfile): pass" } else { "function process() {}" };
    assert_eq!(once(&mut script(engine, fine, &[]), "fine").await, Ok("fine".into()));
}

async fn js(body: &str, says: &str) {
    contained("JavaScript", body, says).await;
}

/// The body of `process(flowfile)`, a statement a line.
async fn py(body: &str, says: &str) {
    let body = body.trim().replace('\n', "\n    ");
    let harmful = format!("import os, sys, time\ndef process(flowfile):\n    {body}\n");
    contained("Python", &harmful, says).await;
}

#[tokio::test]
async fn a_loop_without_end() {
    js("function process() { for (;;); }", "stopped after 300ms, its time limit").await;
}

#[tokio::test]
async fn a_loop_without_end_while_it_is_loaded() {
    for (engine, body) in [("JavaScript", "for (;;);"), ("Python", "while True: pass")] {
        let mut runner = script(engine, body, LIMITS);
        let error = if let Err(error) = runner.schedule().await {
            error
        } else {
            // A script of NiFi's is what runs for each flowfile.
            runner.enqueue(b"hello", &[]);
            runner.run().await.unwrap_err()
        };
        assert!(error.chain().contains("its time limit"), "{}", error.chain());
    }
}

#[tokio::test]
async fn a_loop_within_a_function_of_the_language() {
    let regex = "function process() { /^(a+)+$/.test('a'.repeat(64) + 'b'); }";
    js(regex, "its time limit").await;
    let sort = "function process() { new Array(1e8).fill(1).sort(() => { for (;;); }); }";
    js(sort, "").await;
}

#[tokio::test]
async fn more_memory_than_it_may_have() {
    let bomb = "function process() { const l = []; for (;;) l.push(new Uint8Array(1e6).fill(1)); }";
    js(bomb, "memory").await;
    js("function process() { let s = 'x'; for (;;) s += s; }", "").await;
}

#[tokio::test]
async fn calls_without_end() {
    js("function f(n) { return f(n + 1) + 1; } function process() { f(0); }", "").await;
}

#[tokio::test]
async fn a_million_attributes() {
    let many = "function process(f) { const attributes = {};
        for (let i = 0; i < 1e6; i++) attributes['a' + i] = 'x'; return { attributes }; }";
    js(many, "").await;
    let some = "function process(f) { const attributes = {};
        for (let i = 0; i < 10001; i++) attributes['a' + i] = 'x'; return { attributes }; }";
    js(some, "10000 attributes").await;
    let long = "function process(f) { return { attributes: { a: 'x'.repeat(2 << 20) } }; }";
    js(long, "1048576 bytes").await;
}

#[tokio::test]
async fn what_is_thrown_has_a_line() {
    js("function process() {\n  const x = 1;\n  return nothing.deep;\n}", "nothing").await;
}

#[tokio::test]
async fn loops_without_end_in_python() {
    py("while True: pass", "stopped after 300ms, its time limit").await;
    py("sum(range(10**12))", "its time limit").await;
    py("import re\nre.match('(a+)+$', 'a' * 64 + 'b')", "its time limit").await;
    py("try:\n    while True: pass\nfinally:\n    while True: pass", "its time limit").await;
    let finaliser = "class A:\n    def __del__(self):\n        while True: pass\nA()";
    py(finaliser, "its time limit").await;
    py("time.sleep(3600)", "").await;
}

#[tokio::test]
async fn more_memory_than_it_may_have_in_python() {
    py("l = []\nwhile True: l.append(bytearray(10_000_000))", "emory").await;
    py("'x' * (1 << 30)", "emory").await;
    py("s = 'x'\nwhile True: s += s", "emory").await;
    py("flowfile['a'] = 'x' * (2 << 20)", "1048576 bytes").await;
    py("for i in range(1_000_000): flowfile['a%d' % i] = 'x'", "").await;
}

#[tokio::test]
async fn calls_without_end_in_python() {
    py("def f(n): return f(n + 1) + 1\nf(0)", "RecursionError").await;
    py("sys.setrecursionlimit(10**9)\ndef f(n): return f(n + 1) + 1\nf(0)", "").await;
    py("l = []\nfor i in range(100_000): l = [l]\nrepr(l)", "").await;
}

#[tokio::test]
async fn what_is_not_there() {
    py("open('/etc/passwd').read()", "").await;
    py("os.listdir('/')", "").await;
    py("open('/tmp/x', 'w')", "").await;
    py("open('/proc/self/environ')", "").await;
    py("os.system('ls')", "").await;
    py("os.fork()", "").await;
    py("import socket\nsocket.socket().connect(('127.0.0.1', 22))", "").await;
    py("import subprocess\nsubprocess.run(['ls'])", "").await;
    py("import threading\nthreading.Thread(target=print).start()", "").await;
    py("import ctypes\nctypes.string_at(0, 16)", "").await;
    py("assert os.environ.get('PATH'), 'there is no environment'", "there is no environment").await;
    py("os._exit(0)", "").await;
    py("sys.exit(0)", "the script called exit(0)").await;
    py("os.abort()", "").await;
    js("function process() { require('fs').readFileSync('/etc/passwd'); }", "").await;
    js("function process() { return fetch('http://127.0.0.1/'); }", "").await;
}

#[tokio::test]
async fn output_without_end() {
    let pushes = "with flowfile.open('w') as out:\n    while True: out.write(b'x' * 1_000_000)";
    py(pushes, "").await;
}

#[tokio::test]
async fn a_flood_of_messages_is_cut() {
    let loud = "def process(flowfile):\n    for i in range(100_000): print('again', i)\n";
    let mut runner = script("Python", loud, &[]);
    assert_eq!(once(&mut runner, "x").await, Ok("x".into()));
    let messages = runner.messages();
    assert!(messages.len() <= 202, "{}", messages.len());
    assert!(messages.iter().any(|each| each.contains("the rest is left out")));
}

#[tokio::test]
async fn dates_stand_still_and_clocks_are_coarse() {
    let look = "
import time
def process(flowfile):
    before = time.time()
    grains = {time.monotonic_ns() % 1_000_000 for i in range(1000)}
    return {'content': f'{time.time() - before} {grains}'}
";
    let mut runner = script("Python", look, &[]);
    assert_eq!(once(&mut runner, "x").await, Ok("0.0 {0}".into()));
}

#[tokio::test]
async fn nothing_is_left_for_the_next_flowfile_if_it_is_asked_for() {
    let keeps = "seen = []\ndef process(flowfile):\n    seen.append(1)\n    return {'content': \
                 str(len(seen))}\n";
    let mut kept = script("Python", keeps, &[]);
    let mut alone = script("Python", keeps, &[("Lifetime", "flowfile")]);
    for count in ["1", "2", "3"] {
        assert_eq!(once(&mut kept, "x").await, Ok(count.into()));
        assert_eq!(once(&mut alone, "x").await, Ok("1".into()));
        kept.clear();
        alone.clear();
    }
}

#[tokio::test]
async fn nothing_is_left_for_another_processor() {
    let leaves = "import json\njson.left = 'a secret'\ndef process(flowfile): pass";
    assert_eq!(once(&mut script("Python", leaves, &[]), "x").await, Ok("x".into()));
    let looks =
        "import json\ndef process(flowfile): return {'content': str(hasattr(json, 'left'))}";
    assert_eq!(once(&mut script("Python", looks, &[]), "x").await, Ok("False".into()));
}

#[tokio::test]
async fn a_flowfile_that_is_kept_for_later_leads_nowhere() {
    let keeps = "kept = []\ndef process(flowfile):\n    kept.append(flowfile)\n    \
                 if len(kept) > 1: kept[0].read()\n";
    let mut runner = script("Python", keeps, &[]);
    assert_eq!(once(&mut runner, "x").await, Ok("x".into()));
    runner.clear();
    let error = once(&mut runner, "y").await.unwrap_err();
    assert!(error.contains("was transferred to success before"), "{error}");
}

#[tokio::test]
async fn what_is_neither_sent_on_nor_removed_fails() {
    contained("Python", "flowFile = session.get()", "each is transferred").await;
    let twice = "flowFile = session.get()\nsession.transfer(flowFile, REL_SUCCESS)\n\
                 session.transfer(flowFile, REL_SUCCESS)";
    contained("Python", twice, "").await;
    contained("Python", "f = session.get()\nsession.transfer(f, 'nowhere')", "nowhere").await;
}

#[tokio::test]
async fn a_script_that_takes_nothing_is_not_asked_all_the_time() {
    let mut runner = script("Python", "pass", &[]);
    runner.enqueue(b"x", &[]);
    runner.run().await.unwrap();
    assert_eq!((runner.queued(), runner.transferred("success").len()), (1, 0));
}
