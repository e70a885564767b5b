// NiFi's style: whole scripts, as they stand in guides to ExecuteScript.
import test from "node:test";
import assert from "node:assert/strict";
import { contentOf } from "./host.mjs";
import { done, failure, start } from "./runner.mjs";

test("a script of a guide runs as it stands", () => {
  const host = done(
    `
    var StreamCallback = Java.type("org.apache.nifi.processor.io.StreamCallback");
    var IOUtils = Java.type("org.apache.commons.io.IOUtils");
    var StandardCharsets = Java.type("java.nio.charset.StandardCharsets");

    var flowFile = session.get();
    if (flowFile != null) {
      flowFile = session.write(flowFile, new StreamCallback(function(inputStream, outputStream) {
        var text = IOUtils.toString(inputStream, StandardCharsets.UTF_8);
        var obj = JSON.parse(text);
        obj.doubled = obj.value * 2;
        outputStream.write(JSON.stringify(obj, null, '\\t').getBytes(StandardCharsets.UTF_8));
      }));
      var filename = flowFile.getAttribute('filename').split('.')[0] + '.json';
      flowFile = session.putAttribute(flowFile, 'filename', filename);
      session.transfer(flowFile, REL_SUCCESS);
    }`,
    ['{"value":2}', '{"value":3}', '{"value":"ü"}'],
  );
  assert.deepEqual(host.done.map(contentOf).map(JSON.parse), [
    { value: 2, doubled: 4 },
    { value: 3, doubled: 6 },
    { value: "ü", doubled: null },
  ]);
  assert.equal(host.done[0].attributes.filename, "a.json");
  assert.equal(host.done[0].relationship, "success");
});

test("it runs again while there is input, and names begin anew", () => {
  const host = done(
    `
    flowFile = session.get()
    if (flowFile) {
      seen = typeof seen === 'undefined' ? 1 : seen + 1
      session.putAttribute(flowFile, 'seen', seen)
      session.transfer(flowFile, REL_SUCCESS)
    }`,
    ["a", "b", "c"],
  );
  assert.deepEqual(
    host.done.map((one) => one.attributes.seen),
    ["1", "1", "1"],
  );
});

test("more than the host gives at once", () => {
  const { host, run } = start(`var flowFile = session.get();
    if (flowFile != null) session.transfer(flowFile, REL_SUCCESS);`);
  for (let n = 0; n < 250; n += 1) host.add(`${n}`);
  run();
  assert.deepEqual(
    host.done.map(contentOf),
    Array.from({ length: 250 }, (_, n) => `${n}`),
  );
});

test("return leaves the script, as const and let are its own", () => {
  const host = done(
    `const flowFile = session.get(); let log = 1;
    if (flowFile == null) return;
    if (flowFile.getSize() > 1) { session.remove(flowFile); return; }
    session.transfer(flowFile, REL_FAILURE);`,
    ["a", "bb"],
  );
  assert.equal(host.done.length, 1);
  assert.equal(host.removed.length, 1);
});

test("session.get(n) gives a list", () => {
  const host = done(
    `var list = session.get(10);
    if (!list.isEmpty()) {
      var merged = session.create(list);
      session.merge(list, merged, '[', ']', ',');
      for (var i = 0; i < list.size(); i++) session.remove(list.get(i));
      session.transfer(merged, REL_SUCCESS);
    }`,
    ["1", "2", "3"],
  );
  assert.deepEqual(host.done.map(contentOf), ["[1,2,3]"]);
});

test("a script without input makes flowfiles", () => {
  const host = done(
    `var flowFile = session.create();
    flowFile = session.write(flowFile, new OutputStreamCallback(function(out) {
      out.write("made".getBytes("UTF-8")); out.write([33, -1]); }));
    session.transfer(flowFile, REL_SUCCESS);`,
    [],
  );
  assert.equal(host.done.length, 1);
  assert.deepEqual([...host.done[0].content], [109, 97, 100, 101, 33, 255]);
});

test("streams have the names of Java", () => {
  const host = done(
    `var flowFile = session.get();
    var InputStreamCallback = Java.type('org.apache.nifi.processor.io.InputStreamCallback');
    var found = [];
    session.read(flowFile, new InputStreamCallback(function(stream) {
      found.push(stream.read(), stream.available());
      var some = new Uint8Array(3); found.push(stream.read(some), some[0], stream.skip(1));
      found.push(IOUtils.toByteArray(stream).length, stream.read());
    }));
    session.read(flowFile, function(stream) {
      found.push(IOUtils.readLines(stream, 'utf-8').size());
    });
    var stream = session.read(flowFile); found.push(stream.text()); stream.close();
    session.write(flowFile, { process: function(i, o) { IOUtils.copy(i, o); o.write('!'); } });
    session.append(flowFile, function(o) { o.write('?'); });
    session.putAttribute(flowFile, 'found', found);
    session.transfer(flowFile, REL_SUCCESS);`,
    ["ab\ncdefg\n"],
  );
  assert.equal(host.done[0].attributes.found, '[97,8,3,98,1,4,-1,2,"ab\\ncdefg\\n"]');
  assert.equal(contentOf(host.done[0]), "ab\ncdefg\n!?");
});

test("attributes, clones, counters, penalties and provenance", () => {
  const host = done(
    `var flowFile = session.get();
    var HashMap = Java.type("java.util.HashMap");
    var map = new HashMap(); map.put('one', 1); map.put('two', '2');
    flowFile = session.putAllAttributes(flowFile, map);
    flowFile = session.putAllAttributes(flowFile, { three: 3 });
    flowFile = session.removeAttribute(flowFile, 'one');
    var copy = session.clone(flowFile, 1, 2);
    session.adjustCounter('seen', 3, false);
    session.getProvenanceReporter().modifyContent(flowFile, 'x');
    flowFile = session.penalize(flowFile);
    session.transfer([flowFile, copy], REL_FAILURE);
    session.commit();`,
    ["abcd"],
  );
  assert.deepEqual(host.done.map(contentOf), ["abcd", "bc"]);
  assert.equal(host.done[0].attributes.two, "2");
  assert.equal(host.done[1].attributes.three, "3");
  assert.equal("one" in host.done[0].attributes, false);
  assert.equal(host.penalized.length, 1);
  assert.deepEqual(host.counters, { seen: 3 });
});

test("properties and dynamic ones as variables", () => {
  const host = done(
    `var flowFile = session.get();
    var p = context.getProperty('name').evaluateAttributeExpressions(flowFile);
    session.putAttribute(flowFile, 'values', [p.getValue(), p.isSet(), myCount.asInteger() + 1,
      name.evaluateAttributeExpressions(flowFile).getValue(), wait.asTimePeriod(),
      size.asDataSize(),
      on.asBoolean(), context.getProperty('none').getValue(), '' + myCount]);
    session.transfer(flowFile, REL_SUCCESS);`,
    ["x"],
    {
      properties: {
        name: "of ${filename}",
        myCount: "41",
        wait: "2 min",
        size: "1 KB",
        on: "TRUE",
      },
      dynamic: ["name", "myCount", "wait", "size", "on", "JSON"],
    },
  );
  assert.deepEqual(JSON.parse(host.done[0].attributes.values), [
    "of a.wav",
    true,
    42,
    "of a.wav",
    120000,
    1024,
    true,
    null,
    "41",
  ]);
});

test("a property of another kind is said", () => {
  assert.match(
    failure("var f = session.get(); n.asInteger();", ["x"], {
      properties: { n: "many" },
      dynamic: ["n"],
    }).message,
    /the property 'n' is 'many', and must be a whole number/,
  );
});

test("state by its manager", () => {
  const { host, run } = start(`var flowFile = session.get();
    if (flowFile) {
      var manager = context.getStateManager();
      var before = manager.getState(Scope.LOCAL);
      var n = parseInt(before.get('n') || '0') + 1;
      var map = {}; map.n = n; if (n == 1) map.once = 'yes';
      manager.setState(map, Scope.LOCAL);
      session.putAttribute(flowFile, 'n', n);
      session.transfer(flowFile, REL_SUCCESS);
    }`);
  for (const n of ["1", "2"]) {
    host.add("x");
    run();
    assert.equal(host.done.pop().attributes.n, n);
  }
  assert.deepEqual(host.state, { n: "2", ".names": '["n"]' });
});

test("log fills in values", () => {
  const host = done(`var flowFile = session.get();
    log.info('a {} b {} {}', 1, { x: 2 }); log.warn('n', new Error('e'));
    log.error('{}', [flowFile.getSize()]);
    log.debug('d'); print('p', 1);
    session.remove(flowFile);`);
  assert.deepEqual(host.logs, [
    ["info", 'a 1 b {"x":2} {}'],
    ["warning", "n Error: e"],
    ["error", "1"],
    ["debug", "d"],
    ["info", "p 1"],
  ]);
});

test("packages of Java by their paths", () => {
  const host = done(`var flowFile = session.get();
    var C = org.apache.nifi.processor.io.OutputStreamCallback;
    session.write(flowFile, new C(function (out) { out.write('x') }));
    var Extended = Java.extend(Java.type('org.apache.nifi.processor.io.StreamCallback'), {
      process: function (i, o) { o.write(IOUtils.toString(i, 'UTF-8') + 'y') } });
    session.write(flowFile, Extended);
    session.transfer(flowFile, REL_SUCCESS)`);
  assert.equal(contentOf(host.done[0]), "xy");
});

test("other names of Java are refused with a hint", () => {
  for (const [script, text] of [
    ['Java.type("java.io.File")', /nothing in place of java\.io\.File: a script sees no files/],
    ['Java.type("java.util.UUID")', /the attribute uuid/],
    ["java.lang.Thread.sleep(1)", /there are no threads/],
    ["new org.json.JSONObject()", /use JSON\.parse/],
    ["Packages.com.example.Thing", /nothing in place of com\.example\.Thing/],
  ])
    assert.match(failure(`${script}; session.get()`).message, text);
});

test("a flowfile that comes to no end is said", () => {
  assert.match(
    failure("var flowFile = session.get();").message,
    /1 of the script's flowfiles came to no end \(a\.wav\): each is transferred/,
  );
});

test("what is used after its end, or is none, is said", () => {
  const fault = failure(
    "var f = session.get();\nsession.remove(f);\nsession.transfer(f, REL_SUCCESS);",
  );
  assert.match(fault.message, /was removed before/);
  assert.equal(fault.line, 3);
  assert.match(failure("session.transfer(null, REL_SUCCESS)").message, /null.*session\.get\(\)/);
  assert.match(failure('session.transfer(session.get(), "nowhere")').message, /'nowhere'/);
  assert.match(
    failure("session.write(session.get(), new StreamCallback(5))").message,
    /takes a function, and got number/,
  );
});

test("rollback asks for another time", () => {
  assert.equal(failure("var f = session.get(); session.rollback(true)").tag, "retry");
});
