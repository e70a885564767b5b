// UTF-8 both ways, held against Node's own, over strings and bytes of chance.
import test from "node:test";
import assert from "node:assert/strict";
import { build } from "esbuild";
import { fileURLToPath } from "node:url";
import { done, failure } from "./runner.mjs";
import { contentOf } from "./host.mjs";

const {
  outputFiles: [file],
} = await build({
  stdin: {
    contents: `
  export * from './text.js'; export * from './encoding.js';
  export { structuredClone } from './clone.js';`,
    resolveDir: fileURLToPath(new URL("../src", import.meta.url)),
  },
  bundle: true,
  format: "esm",
  write: false,
});
const ours = await import(
  `data:text/javascript;base64,${Buffer.from(file.text).toString("base64")}`
);

let state = 7;
const random = (below) => {
  state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
  return Math.floor((state / 2 ** 32) * below);
};
const kinds = [
  () => random(0x80),
  () => random(0x800),
  () => random(0x10000),
  () => 0xd800 + random(0x800),
  () => [0xd800 + random(0x400), 0xdc00 + random(0x400)],
];
const string = () =>
  String.fromCharCode(
    ...Array.from({ length: random(20) }, () => kinds[random(kinds.length)]()).flat(),
  );
const bytes = () =>
  Uint8Array.from({ length: random(12) }, () =>
    random(3) === 0
      ? random(0x80)
      : [
          0x80, 0xbf, 0xc0, 0xc1, 0xc2, 0xdf, 0xe0, 0xa0, 0x9f, 0xed, 0xef, 0xf0, 0x90, 0xf4, 0x8f,
          0xf5, 0xff,
        ][random(17)],
  );

test("20,000 strings are encoded as Node does", () => {
  for (let n = 0; n < 20000; n += 1) {
    const text = string();
    assert.deepEqual(ours.encode(text), new Uint8Array(new TextEncoder().encode(text)));
  }
});

test("50,000 times bytes are decoded as Node does", () => {
  const own = new TextDecoder("utf-8", { ignoreBOM: true });
  const strict = new TextDecoder("utf-8", { ignoreBOM: true, fatal: true });
  for (let n = 0; n < 50000; n += 1) {
    const some = bytes();
    assert.equal(ours.decode(some), own.decode(some), `${some}`);
    let expected;
    try {
      expected = strict.decode(some);
    } catch {
      expected = undefined;
    }
    if (expected === undefined) assert.throws(() => ours.decode(some, true), TypeError);
    else assert.equal(ours.decode(some, true), expected);
  }
});

test("decoders in pieces give what they give at once", () => {
  for (const label of ["utf-8", "utf-16le"]) {
    for (let n = 0; n < 5000; n += 1) {
      const some = random(2) ? bytes() : new TextEncoder().encode(string());
      const cut = random(some.length + 1);
      const [decoder, node] = [new ours.TextDecoder(label), new TextDecoder(label)];
      const parts = [some.subarray(0, cut), some.subarray(cut)];
      const made = decoder.decode(parts[0], { stream: true }) + decoder.decode(parts[1]);
      assert.equal(
        made,
        node.decode(parts[0], { stream: true }) + node.decode(parts[1]),
        `${label} ${some} at ${cut}`,
      );
      // It begins anew then.
      assert.equal(decoder.decode(some), new TextDecoder(label).decode(some));
    }
  }
});

test("other labels, marks and encodeInto are as Node has them", () => {
  const all = Uint8Array.from({ length: 256 }, (_, n) => n);
  const western = new ours.TextDecoder("latin1").decode(all);
  assert.equal(western.length, 256);
  assert.equal(western.slice(0x80, 0x85), "€\x81‚ƒ„");
  assert.equal(western.charCodeAt(255), 255);
  for (const options of [{}, { ignoreBOM: true }]) {
    for (const text of ["\ufeffa", "a\ufeff", ""]) {
      const encoded = new TextEncoder().encode(text);
      assert.equal(
        new ours.TextDecoder("utf8", options).decode(encoded),
        new TextDecoder("utf8", options).decode(encoded),
      );
    }
  }
  for (let n = 0; n < 2000; n += 1) {
    const text = string();
    const [into, expected] = [new Uint8Array(10), new Uint8Array(10)];
    assert.deepEqual(
      new ours.TextEncoder().encodeInto(text, into),
      new TextEncoder().encodeInto(text, expected),
    );
    assert.deepEqual(into, expected);
  }
});

test("content as text keeps what it is, or is refused", () => {
  const script = "function process(f) { return { content: f.text() } }";
  const text = "\ufeffgrüße 😀 \u0000\uffff";
  assert.equal(
    new TextDecoder("utf-8", { ignoreBOM: true }).decode(done(script, [text]).done[0].content),
    text,
  );
  const fault = failure("function process(f) {\n f.text() }", [new Uint8Array([0xff])]);
  assert.match(fault.message, /the content is no text in UTF-8/);
  assert.equal(fault.line, 2);
  assert.match(failure("function process(f) { f.json() }", ["{"]).message, /content is not JSON/);
});

test("views of buffers are those bytes", () => {
  const host = done(`function process(f) {
    const buffer = new Uint8Array([0, 104, 105, 0]).buffer;
    return [new Uint8Array(buffer, 1, 2), new DataView(buffer, 1, 2), buffer.slice(1, 3),
      new Uint16Array([0x6968]), new (class Own extends Uint8Array {})([104, 105])]
      .map((content) => ({ content }));
  }`);
  assert.deepEqual(host.done.map(contentOf), Array(5).fill("hi"));
});

test("structuredClone copies what it can", () => {
  const { structuredClone: clone } = ours;
  const value = {
    a: [1, , 3],
    d: new Date(5),
    m: new Map([[{ k: 1 }, new Set([1])]]),
    r: /x/gi,
    f: new Float32Array([1.5, 2]),
    b: new Uint8Array([1, 2, 3]).buffer,
    n: null,
    u: undefined,
    e: new RangeError("r"),
    big: 5n,
  };
  value.self = value;
  const made = clone(value);
  assert.notEqual(made, value);
  assert.equal(made.self, made);
  assert.deepEqual(made, structuredClone(value));
  for (const bad of [() => 1, Symbol("s"), { f() {} }, new WeakMap()]) {
    assert.throws(() => clone(bad), /cannot copy/);
  }
});
