// Scripts that change the language under the runner: it must go on, and say what is wrong.
import test from "node:test";
import assert from "node:assert/strict";
import { contentOf } from "./host.mjs";
import { start } from "./runner.mjs";

/** Replaces every function of every built-in object by one that throws, and all globals. */
const poison = `
  function poison() {
    const seen = new Set();
    const work = [];
    const names = Object.getOwnPropertyNames(globalThis);
    for (const name of names) { try { work.push(globalThis[name]); } catch {} }
    work.push(Object.getPrototypeOf(function* () {}).prototype, Object.getPrototypeOf([].values()),
      Object.getPrototypeOf(new Map().entries()), Object.getPrototypeOf(''[Symbol.iterator]()));
    const list = [];
    while (work.length) {
      const one = work.pop();
      if (Object(one) !== one || seen.has(one)) continue;
      seen.add(one);
      if (one === globalThis) continue;
      list.push(one);
      for (const key of Reflect.ownKeys(one)) {
        const found = Reflect.getOwnPropertyDescriptor(one, key);
        for (const part of [found.value, found.get, found.set]) work.push(part);
      }
      work.push(Reflect.getPrototypeOf(one));
    }
    const bad = function () { throw 'poisoned'; };
    const { ownKeys, getOwnPropertyDescriptor, defineProperty } = Reflect;
    let count = 0;
    for (let at = 0; at < list.length; at += 1) {
      const keys = ownKeys(list[at]);
      for (let k = 0; k < keys.length; k += 1) {
        const found = getOwnPropertyDescriptor(list[at], keys[k]);
        if (!found || !found.configurable) continue;
        if (found.get || found.set) defineProperty(list[at], keys[k], { get: bad, set: bad });
        else if (typeof found.value === 'function') {
          defineProperty(list[at], keys[k], { value: bad });
        } else continue;
        count += 1;
      }
    }
    for (let at = 0; at < names.length; at += 1) {
      try { if (names[at] !== 'globalThis') globalThis[names[at]] = bad; } catch {}
    }
    return count;
  }`;

test("all that is built in replaced, in the simple style", () => {
  const { host, run } = start(`${poison}
    let calls = 0;
    function process(session, flowfile) {
      calls += 1;
      if (calls === 1) { flowfile.write('' + poison()); return; }
      if (calls === 3) null.x;
      flowfile.attributes.n = calls;
      flowfile.attributes.list = { a: [1] };
      const copy = session.clone(flowfile);
      session.transfer(copy, 'failure');
      let text = flowfile.text();
      for (const piece of [1]) text += piece;
      return { content: text + 'ü' };
    }`);
  host.add("x");
  run();
  assert.equal(Number(contentOf(host.done[0])) > 500, true, contentOf(host.done[0]));
  host.done.length = 0;
  host.add('{"a":1}');
  run();
  assert.deepEqual(host.done.map(contentOf).sort(), ['{"a":1}', '{"a":1}1ü']);
  host.add("y");
  assert.throws(run, (error) => error.val.line > 40 && /TypeError/.test(error.val.message));
});

test("all that is built in replaced, and plain work goes on", () => {
  const { host, run } = start(`${poison}
    let calls = 0;
    function process(flowfile) {
      calls += 1;
      if (calls === 1) { poison(); return; }
      if (calls === 4) null.x;
      flowfile.attributes.n = calls;
      flowfile.attributes.list = { a: 1 };
      delete flowfile.attributes.filename;
      return { relationship: 'failure', content: flowfile.text() + 'ü' + flowfile.json().a,
        attributes: { more: true } };
    }`);
  host.add("x");
  run();
  host.done.length = 0;
  host.add('{"a":"ö"}');
  host.add('{"a":1}');
  run();
  assert.deepEqual(host.done.map(contentOf), ['{"a":"ö"}üö', '{"a":1}ü1']);
  assert.deepEqual(
    { ...host.done[0].attributes },
    { uuid: "u0", n: "2", list: '{"a":1}', more: "true" },
  );
  host.add("x");
  assert.throws(run, (error) => error.val.line > 40 && /TypeError/.test(error.val.message));
});

test("all that is built in replaced, in NiFi's style", () => {
  const { host, run } = start(`${poison}
    var flowFile = session.get();
    if (flowFile != null) {
      if (flowFile.getAttribute('first')) poison();
      else if (flowFile.getAttribute('bad')) null.x;
      flowFile = session.write(flowFile, new StreamCallback(function (i, o) {
        o.write(IOUtils.toString(i, StandardCharsets.UTF_8) + '!');
      }));
      log.info('seen {}', flowFile.getSize());
      flowFile = session.putAttribute(flowFile, 'n', 5);
      session.transfer(flowFile, REL_SUCCESS);
    }`);
  host.add("x", { first: "yes" });
  assert.throws(run, (error) => typeof error.val.message === "string");
});

for (const [what, code] of [
  ["process on the global object", "globalThis.process = 5; globalThis.processBatch = 5;"],
  [
    "Object.prototype with fields of the contract",
    'for (const key of ["line", "message", "trace", "tag", "val", "payload", "flowfile"]) ' +
      'Object.prototype[key] = "x";',
  ],
  [
    "Object.prototype with setters",
    'Object.defineProperty(Object.prototype, "content", { set() ' +
      "{ throw 1 }, get() { return undefined }, configurable: true });",
  ],
  ["Array.prototype with a setter", 'Object.defineProperty(Array.prototype, "7", { set() {} });'],
  ["JSON", "JSON.stringify = JSON.parse = () => { throw 1 }; JSON = null;"],
  [
    "Function.prototype",
    "Function.prototype.call = Function.prototype.apply = Function.prototype" + ".bind = null;",
  ],
  [
    "Symbol.iterator",
    "Array.prototype[Symbol.iterator] = String.prototype[Symbol.iterator] = null;",
  ],
  ["regular expressions", 'RegExp.prototype.exec = () => ["x"]; RegExp.prototype.test = null;'],
  ["errors", "Error = TypeError = null; Error.prototype && (Error.prototype.toString = null);"],
  ["promises", "Promise.prototype = 1; Promise = null; queueMicrotask = null;"],
  ["console", "console.log = null; console = null; log = null; context = null; librosa = null;"],
  [
    "what is frozen",
    "Object.freeze(globalThis); Object.freeze(Object.prototype); " +
      "Object.freeze(Array.prototype);",
  ],
]) {
  test(`a script that changes ${what}`, () => {
    const { host, run } = start(`
      let calls = 0;
      function change() { ${code} }
      function process(session, flowfile) {
        calls += 1;
        if (calls === 1) { try { change(); } catch {} }
        if (calls === 3) null.x;
        if (calls === 4) return 'nowhere';
        flowfile.attributes.n = calls;
        return { content: flowfile.text() + 'ü' };
      }`);
    for (const expected of ["aü", "bü"]) {
      host.add(expected[0]);
      run();
      assert.equal(contentOf(host.done.pop()), expected);
    }
    for (const [line, text] of [
      [7, /TypeError/],
      [null, /no relationship 'nowhere'/],
    ]) {
      host.add("c");
      assert.throws(
        run,
        ({ tag, val }) => tag === "fatal" && val.line === line && text.test(val.message),
      );
      host.queue.length = 0;
    }
  });
}

test("objects may still have their own hasOwnProperty", () => {
  const { host, run } = start(`function process(f) {
    const one = { a: 1 }; one.hasOwnProperty = () => 'mine';
    class Two { hasOwnProperty() { return 'two' } }
    return { content: [one.hasOwnProperty('b'), new Two().hasOwnProperty('x'),
      { a: 1 }.hasOwnProperty('a'),
      Object.keys(one)] };
  }`);
  host.add("x");
  run();
  assert.equal(contentOf(host.done[0]), '["mine","two",true,["a","hasOwnProperty"]]');
});
