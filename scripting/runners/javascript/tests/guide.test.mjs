// The examples of the guide run as they stand there.
import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { contentOf } from "./host.mjs";
import { done } from "./runner.mjs";

const guide = readFileSync(
  new URL("../../../../docs/script-javascript.md", import.meta.url),
  "utf8",
);
const examples = [...guide.matchAll(/^```(js|ts)\n([\s\S]*?)^```$/gm)].map(([, kind, code]) => ({
  kind,
  code,
}));
const floats = new Uint8Array(new Float32Array([1, 3]).buffer);
const array = { dtype: "float32", shape: [1, 2], order: "c", data: floats };
const audio = {
  load: () => [{ ...array, shape: [2] }, 22050],
  call: () => [{ tag: "array", val: array }],
};

/** What each example does with this content: relationships, contents, and some attributes. */
const expected = [
  ["x", [["success", "x", { seen: "yes" }]]],
  ['{"total":5}', [["success", '{"total":5,"paid":true}', { "order.total": "5" }]]],
  [
    "a\nb\n",
    [
      ["success", "a", { number: "0" }],
      ["success", "b", { number: "1" }],
    ],
  ],
  [
    "x",
    [
      ["failure", "x", { copy: "true" }],
      ["success", "x", {}],
    ],
  ],
  ['{"total":5}', [["success", '{"total":5}', { total: "5" }]]],
  ["x", [["success", '{"mfccs":[2]}', {}]]],
  ["x", [["success", "X", { upper: "true" }]]],
];

test("all examples are held to something", () => assert.equal(examples.length, expected.length));

for (const [at, { kind, code }] of examples.entries()) {
  test(`example ${at + 1}: ${code.trim().split("\n")[0]}`, () => {
    const [content, outcomes] = expected[at];
    const made = done(code, [content], { audio, name: `script.${kind}` }).done;
    assert.deepEqual(
      made.map((one) => [one.relationship, contentOf(one)]),
      outcomes.map(([relationship, text]) => [relationship, text]),
    );
    outcomes.forEach(([, , attributes], each) => {
      for (const [name, value] of Object.entries(attributes)) {
        assert.equal(made[each].attributes[name], value);
      }
    });
  });
}
