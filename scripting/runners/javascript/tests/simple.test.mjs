// The simple style: what `process` may return, and what flowfiles can do.
import test from "node:test";
import assert from "node:assert/strict";
import { contentOf } from "./host.mjs";
import { done, failure, loadFault, start } from "./runner.mjs";

const one = (script, content = "x", options = {}) => {
  const {
    done: [first, ...rest],
  } = done(script, [content], options);
  assert.equal(rest.length, 0);
  return { ...first, text: contentOf(first) };
};

test("nothing returned is success", () => {
  const made = one("function process(flowfile) {}");
  assert.equal(made.relationship, "success");
  assert.equal(made.text, "x");
});

test("a name is a relationship", () => {
  assert.equal(one('function process(f) { return "failure" }').relationship, "failure");
});

test("an object has relationship, attributes and content", () => {
  const made = one(
    `function process(flowfile) {
    return { relationship: 'failure', content: { n: flowfile.size },
      attributes: { 'a.b': 1, filename: null, list: [1, 2], yes: true } };
  }`,
    "abc",
  );
  assert.equal(made.relationship, "failure");
  assert.equal(made.text, '{"n":3}');
  assert.deepEqual({ ...made.attributes }, { uuid: "u0", "a.b": "1", list: "[1,2]", yes: "true" });
});

test("bytes are the new content", () => {
  assert.equal(one("const process = (f) => new Uint8Array([104, 105])").text, "hi");
  assert.equal(one("const process = (f) => new Uint8Array([104, 105]).buffer").text, "hi");
});

test("several results are several flowfiles", () => {
  const host = done(
    `function process(flowfile) {
    return flowfile.text().split(',').map((content, at) => ({ content, attributes: { at } }));
  }`,
    ["a,b,c"],
  );
  assert.deepEqual(host.done.map(contentOf), ["a", "b", "c"]);
  assert.deepEqual(
    host.done.map((each) => each.attributes.at),
    ["0", "1", "2"],
  );
  assert.equal(host.removed.length, 1);
});

test("attributes are an object that is written back", () => {
  const made = one(`function process({ attributes }) {
    attributes.seen = attributes.filename + '!';
    delete attributes.filename;
    attributes['__proto__'] = 'p';
  }`);
  assert.equal(made.attributes.seen, "a.wav!");
  assert.equal("filename" in made.attributes, false);
  assert.equal(
    Object.entries(made.attributes).some(([k, v]) => k === "__proto__" && v === "p") ||
      made.attributes.seen !== undefined,
    true,
  );
});

test("attributes that names of objects have are not there", () => {
  assert.equal(
    one(`function process({ attributes }) {
    return { content: [attributes.constructor, attributes.toString].map((one) => typeof one) };
  }`).text,
    '["undefined","undefined"]',
  );
});

test("content is read as bytes, text, JSON and in pieces", () => {
  assert.equal(
    one(
      `function process(flowfile) {
    let length = 0;
    for (const piece of flowfile.chunks(2)) length += piece.length;
    return { content: [flowfile.bytes().length, flowfile.json().a, length, flowfile.size] };
  }`,
      '{"a":"ü"}',
    ).text,
    '[10,"ü",10,10]',
  );
});

test("content is written in pieces", () => {
  assert.equal(
    one(`function process(flowfile) {
    function* lines() { for (let n = 0; n < 3; n++) yield n + '\\n'; }
    flowfile.write(lines());
    flowfile.append('end');
    const out = flowfile.writer(true); out.write('!'); out.write(33); out.close();
  }`).text,
    "0\n1\n2\nend!!",
  );
});

test("the size follows what is written", () => {
  assert.equal(
    one(`function process(flowfile) {
    const sizes = [flowfile.size];
    flowfile.write('four'); sizes.push(flowfile.size);
    flowfile.append('five5'); sizes.push(flowfile.size);
    return { content: sizes };
  }`).text,
    "[1,4,9]",
  );
});

test("process(session, flowfile) has the session", () => {
  const host = done(`function process(session, flowfile) {
    const copy = session.clone(flowfile);
    const fresh = session.create(flowfile);
    fresh.write('fresh');
    session.transfer([copy, fresh], 'failure');
    session.count('seen', 2);
    session.remove(flowfile);
  }`);
  assert.deepEqual(
    host.done.map((each) => [each.relationship, contentOf(each)]),
    [
      ["failure", "x"],
      ["failure", "fresh"],
    ],
  );
  assert.deepEqual(host.counters, { seen: 2 });
});

test("process(session) takes its flowfiles itself", () => {
  const host = done(
    `function process(session) {
    for (let one = session.get(); one; one = session.get()) session.transfer(one, 'failure');
    const made = session.create(); made.write('made'); session.transfer(made);
  }`,
    ["a", "b"],
  );
  assert.deepEqual(host.done.map(contentOf).sort(), ["a", "b", "made"]);
});

test("processBatch gets several", () => {
  const host = start(`function processBatch(session, flowfiles) {
    return flowfiles.map((one) => ({ content: String(flowfiles.length) }));
  }`);
  for (let n = 0; n < 111; n += 1) host.host.add("x");
  host.run();
  assert.equal(host.host.done.length, 111);
  assert.deepEqual([...new Set(host.host.done.map(contentOf))], ["100", "11"]);
});

test("a batch that returns too little is refused", () => {
  assert.match(
    failure("function processBatch(s, f) { return [] }").message,
    /processBatch returned 0 results for 1 flowfiles/,
  );
});

test("export and export default", () => {
  for (const script of [
    'export function process(f) { return "failure" }',
    'export default function (f) { return "failure" }',
    'export default function go(f) { return "failure" }',
    'export default (f) => "failure"',
    'export default async (f) => "failure"',
    'function go(f) { return "failure" }\nexport { go as process }',
    'function go(f) { return "failure" }\nexport default go\n',
    'const go = (f) => "failure";\nexport { go as default };',
    'export const process = function (f) { return "failure" };',
    'var process = (f) => "failure"',
    'let process = (f) => "failure"',
  ]) {
    assert.equal(one(script).relationship, "failure", script);
  }
});

test("async: what it waits for is settled", () => {
  assert.equal(
    one(`
    const later = (value) => new Promise((resolve) => queueMicrotask(() => resolve(value)));
    class Reader { #n = 1; async read(by = 2, ...more) { return (await later(this.#n)) + by; } }
    export async function process(flowfile) {
      const log = [];
      log.push(await new Reader().read())
      await Promise.all([later(1), 2, (async () => { await null; log.push('inner') })()])
      const arrow = async x => ({ x: await later(x) })
      log.push((await arrow(5)).x, await later(flowfile.size))
      try { await Promise.reject(new Error('no')) } catch (error) { log.push(error.message) }
      for (const n of [1, 2]) log.push(await later(n) + await later(n))
      const [a] = (await Promise.allSettled([Promise.reject(1)]));
      log.push(a.status, await Promise.any([Promise.reject(1), later('any')]))
      return { content: log }
    }`).text,
    '[3,"inner",5,1,"no",2,4,"rejected","any"]',
  );
});

test("a promise that nothing settles is a fault", () => {
  const fault = failure("async function process() { await new Promise(() => {}) }");
  assert.match(fault.message, /promise that nothing will ever settle: there are no timers/);
});

test("a rejection that nothing takes is a fault", () => {
  const fault = failure('function process() {\n Promise.reject(new Error("lost")) }');
  assert.match(fault.message, /Error: lost/);
  assert.equal(fault.line, 2);
});

test("an async function that throws says its line", () => {
  const fault = failure("async function process(f) {\n  await 1;\n  null.x;\n}");
  assert.equal(fault.line, 3);
});

test("what cannot be returned is said", () => {
  assert.match(
    failure("function process() { return 5 }").message,
    /process returned 5: it returns/,
  );
  assert.match(failure("function process(f) { return f }").message, /returned a flowfile/);
  assert.match(
    failure("function process(f) { return { a: 1 } }").message,
    /an object with 'a'.*return \{ attributes/,
  );
  assert.match(
    failure('function process(s, f) { s.remove(f); return "success" }').message,
    /removed itself/,
  );
  assert.match(
    failure('function process(f) { return "nowhere" }').message,
    /no relationship 'nowhere'/,
  );
});

test("what is used after its end is said", () => {
  const fault = failure("function process(s, f) {\n s.transfer(f);\n f.text(); }");
  assert.match(fault.message, /was transferred to success before/);
  assert.equal(fault.line, 3);
});

test("a flowfile of an earlier session is refused", () => {
  const { host, run } = start(`let old;
    function process(s, f) { if (old) s.transfer(old); old = f.attributes.uuid && f; }`);
  host.add("x");
  run();
  host.add("x");
  assert.throws(run, (error) => /before/.test(error.val.message));
});

test("Retry asks for another time, and HostError io too", () => {
  assert.equal(failure('function process() { throw new Retry("busy") }').tag, "retry");
  assert.equal(failure("function process(s, f) { s.rollback() }").tag, "retry");
  assert.equal(failure('function process() { throw new Error("busy") }').tag, "fatal");
});

test("state is kept", () => {
  const { host, run } = start(`function process(flowfile) {
    const { state } = context;
    const n = Number(state.get('n') ?? 0) + 1;
    state.set('n', n);
    return { content: [n, state.keys(), state.get('none') === undefined] };
  }`);
  for (const expected of ['[1,["n"],true]', '[2,["n"],true]']) {
    host.add("x");
    run();
    assert.equal(contentOf(host.done.pop()), expected);
  }
});

test("properties are there", () => {
  assert.equal(
    one(
      `function process(flowfile) {
    return { content: [context.property('greeting', flowfile),
      context.property('none') === undefined,
      greeting.getValue(), context.properties.greeting] };
  }`,
      "x",
      { properties: { greeting: "hi ${filename}" }, dynamic: ["greeting"] },
    ).text,
    '["hi a.wav",true,"hi ${filename}","hi ${filename}"]',
  );
});

test("it ends early when it is asked to", () => {
  const { host, run } = start("function process() {}");
  for (let n = 0; n < 105; n += 1) host.add("x");
  host.end = true;
  run();
  assert.equal(host.done.length, 100);
});

test("scripts that cannot be started are refused", () => {
  assert.match(loadFault("const process = 5").message, /process is no function/);
  assert.match(loadFault("function process(a, b, c) {}").message, /takes 3 arguments/);
  assert.match(loadFault("return\nfunction process(a) {}").message, /returns before/);
});

test("counters wait for a flowfile", () => {
  const host = done(
    `function process(session) {
      session.count('early', 2);
      const made = session.create();
      session.count('late');
      session.transfer(made);
    }`,
    [],
  );
  assert.deepEqual(host.counters, { early: 2, late: 1 });
  assert.match(
    failure("function process(session) { session.count('none') }", []).message,
    /has none any more/,
  );
});

test("what is asked for while the script is loaded is refused", () => {
  for (const code of [
    "context.property('x')",
    "context.state.get('x')",
    "context.properties.x",
    "limit.getValue()",
    "context.shouldEnd()",
  ]) {
    const options = { properties: { limit: "1" }, dynamic: ["limit"] };
    const fault = loadFault(`\n${code};\nfunction process() {}`, options);
    assert.match(fault.message, /inside of process/, code);
    assert.equal(fault.line, 2);
  }
});
