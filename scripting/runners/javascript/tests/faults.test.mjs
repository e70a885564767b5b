// What scripts do wrong, and how they are told.
import test from "node:test";
import assert from "node:assert/strict";
import { done, failure, loadFault, start } from "./runner.mjs";

test("the line, and the calls", () => {
  const fault = failure(`function inner(value) {
    return value.none.field;
  }

  function process(flowfile) {
    inner({});
  }`);
  assert.equal(fault.line, 2);
  assert.match(fault.message, /^TypeError: /);
  assert.deepEqual(
    fault.trace.split("\n").map((line) => line.trim()),
    ["at inner (script.js:2)", "at process (script.js:6)"],
  );
});

test("the line is right on the first, and in NiFi's style", () => {
  assert.equal(failure("null.x; session").line, 1);
  assert.equal(failure("\n\n  null.x; session").line, 3);
  assert.equal(failure('"use strict"\nundeclared = session').line, 2);
  assert.equal(failure("// comment\nexport default function process() { null.x }").line, 2);
});

test("mistakes of grammar have their line", () => {
  for (const [script, line, text] of [
    ["let a = ;", 1, /unexpected ';'/],
    ["let a = 1\nlet b = )", 2, /unexpected '\)'/],
    ["function process() {\n  if (x) {\n}", 3, /ends too early/],
    ["let a = 1\nlet a = 2", 2, /already been declared/],
    ['x = "abc', 1, /unterminated string/],
    ["function process(f) {}\n}", 2, /unexpected '\}'/],
    ["1 = 2", 1, /assigning to rvalue/],
  ]) {
    const fault = loadFault(script);
    assert.equal(fault.line, line, script);
    assert.match(fault.message, text);
    assert.match(fault.message, /^SyntaxError: /);
  }
});

test("errors of the host have the script's line", () => {
  const fault = failure('function process(s, f) {\n\n s.transfer(f, "nowhere");\n}');
  assert.equal(fault.line, 3);
  assert.match(fault.trace, /at process \(script\.js:3\)/);
});

test("errors while the script is loaded", () => {
  const fault = loadFault("const table = {};\ntable.x.y = 1;\nfunction process() {}");
  assert.equal(fault.line, 2);
});

test("what is thrown and is no error", () => {
  for (const [thrown, text] of [
    ['"text"', /threw "text", which is no Error/],
    ["5", /threw 5/],
    ["null", /threw null/],
    ["undefined", /threw undefined/],
    ["{ a: 1 }", /threw \{"a":1\}/],
    ['Symbol("s")', /threw Symbol\(s\)/],
    ["{ get message() { throw 1 } }", /error that cannot be shown/],
    ["new Proxy({}, { get() { throw 1 } })", /error that cannot be shown/],
    ["{ message: 5, get stack() { return 7 } }", /threw \{"message":5/],
  ]) {
    assert.match(failure(`function process() { throw ${thrown} }`).message, text, thrown);
  }
});

test("half a surrogate pair in a message", () => {
  assert.match(
    failure('function process() { throw new Error("\\ud800") }').message,
    /Error: \ufffd/,
  );
});

test("a stack that has no end", () => {
  assert.match(failure("function process() { process() }").message, /RangeError: Maximum call/);
});

test("names of other places have a hint", () => {
  for (const [code, text] of [
    ['fetch("http://x")', /no network/],
    ['require("fs")', /no modules/],
    ["setTimeout(() => {}, 1)", /no timers/],
    ["new Buffer(1)", /Uint8Array/],
    ["new XMLHttpRequest()", /no network/],
    ['new URL("http://x")', /regular expressions/],
    ["process.env", /no process object/],
    ["flowFile.x", /session\.get/],
  ]) {
    assert.match(failure(`var x = session.get();\n${code}`).message, text, code);
  }
});

test("import, top-level await and the like are refused with their line", () => {
  for (const [script, text] of [
    ['\nimport fs from "fs"', /no modules to import/],
    ['\nexport * from "x"', /no modules to import/],
    ["\nawait 1", /only there in async functions/],
    ['\nconst a = () => import("x")', /import\(\) is not there/],
    ["\nasync function* a() {}", /async generators/],
    ["async function a() {\nfor await (const b of c) {} }", /for await is not there/],
    ["class A extends B { async a() {\n super.a() } }", /super cannot be used/],
  ]) {
    const fault = loadFault(script);
    assert.match(fault.message, text, script);
    assert.equal(fault.line, 2, script);
  }
});

test("wrong types are refused before the host is asked", () => {
  for (const [code, text] of [
    ['f.bytes("1")', /limit must be a whole number/],
    ["f.bytes(-1)", /limit must be/],
    ["f.bytes(1.5)", /is 1\.5/],
    ["f.bytes(NaN)", /is NaN/],
    ["f.bytes(2n ** 70n)", /must be a whole/],
    ["f.chunks({}).next()", /size must be/],
    ["f.stream(-1)", /offset must be/],
    ['s.get("x")', /how many flowfiles/],
    ['s.transfer({}, "success")', /an object, and must be a flowfile/],
    ["s.transfer(f, 5)", /a relationship is its name/],
    ['s.transfer(f, "")', /a relationship/],
    ["s.create(5)", /the parent is number/],
    ['s.clone("x")', /what is cloned is string/],
    ["s.remove([undefined])", /what is removed is undefined/],
    ["s.count(5)", /name of a counter must be a string/],
    ['s.count("a", -1)', /only go up/],
    ['s.count("a", 1.5)', /must be a whole number/],
    ['s.putAttribute(f, 5, "x")', /name of an attribute must be a string/],
    ['s.putAttribute(f, "x", Symbol("q"))', /'x' must be text/],
    ['s.putAttribute(f, "x", () => 1)', /it is function/],
    [
      "f.attributes.x = {}; f.attributes.x.x = f.attributes.x; s.transfer(f)",
      /'x' cannot be written as JSON/,
    ],
    ["f.attributes = 5", /attributes must be an object/],
    ["f.attributes[Symbol()] = 1; s.transfer(f)", /is a symbol/],
    ["f.write(Symbol())", /content cannot be written/],
    ["f.write(undefined)", /cannot be written/],
    ["f.write({ a: 1n })", /the content cannot be written as JSON/],
    ["f.writer().write({})", /write\(\) takes text, bytes/],
    ["f.writer().write(1.5)", /1\.5 is none/],
    ["context.property(5)", /name of a property/],
    ['context.property("x", 5)', /must be a flowfile/],
    ["context.state.set(5, 1)", /name of a state/],
    ["context.state.get({})", /name of a state/],
    ['librosa.stft("y")', /by name/],
    ["librosa.stft({ Y: 1 })", /no argument 'Y'/],
    ['librosa.stft({ y: ["a"] })', /must hold numbers/],
    ["librosa.vqt", /vqt is not there in JavaScript/],
    ['librosa.load("a.wav")', /takes a flowfile/],
    ["librosa.load(f, { rate: 1 })", /no option 'rate'/],
    ['f.audio({ sampleRate: "x" })', /must be a number/],
    ['new TextDecoder("ebcdic")', /there is no decoder/],
    ["structuredClone(() => 1)", /cannot copy/],
    ["s.read(f, 5)", /a callback is a function/],
  ]) {
    const fault = failure(`function process(s, f) {\n ${code};\n s.remove(f) }`);
    assert.match(fault.message, text, code);
    assert.equal(fault.line, 2, code);
  }
});

test("a handle cannot be forged", () => {
  for (const code of [
    "s.transfer(Object.create(Object.getPrototypeOf(f)))",
    "s.transfer({ ...f })",
    "s.transfer(new Proxy(f, {}))",
    "s.transfer(structuredClone(f))",
  ]) {
    assert.equal(failure(`function process(s, f) { ${code} }`).tag, "fatal", code);
  }
});

test("there is only one script for an instance", () => {
  const { runner } = start("function process() {}");
  assert.throws(() => runner.load("again.js", ""), { message: /has had a script before/ });
});

test("a host that takes no more", () => {
  const script = 'function process(f) { f.write("a".repeat(100)) }';
  assert.match(failure(script, ["x"], { limit: 10 }).message, /a limit of the processor/);
});

test("console shows what it is given", () => {
  const host = done(`function process(f) {
    console.log('a', 1, null, undefined, 2n, [1], { b: [2] }, Symbol('s'), function named() {});
    console.warn(new Error('e')); console.error('x'); console.debug('d');
    console.assert(1 > 2, 'no');
    const loop = {}; loop.loop = loop; console.info(loop, new Float32Array(2), /x/g, '\\ud800');
    console.log('y'.repeat(100000));
  }`);
  assert.deepEqual(host.logs.slice(0, 6), [
    ["info", 'a 1 null undefined 2n [1] {"b":[2]} Symbol(s) [function named]'],
    ["warning", "Error: e"],
    ["error", "x"],
    ["debug", "d"],
    ["error", "assertion failed: no"],
    ["info", "[an object that contains itself] Float32Array(2) /x/g \ufffd"],
  ]);
  assert.equal(host.logs[6][1].length < 70000, true);
});

test("a script that takes nothing is told so", () => {
  for (const script of ["", "function run(flowfile) {}", "const processing = 1", "// process"]) {
    const { host, run } = start(script);
    host.add("x");
    run();
    assert.equal(host.queue.length, 1);
    assert.match(host.logs[0][1], /defines no process and takes no flowfile/);
  }
  assert.equal(done("#!/usr/bin/env node\nfunction process() {}").done.length, 1);
});
