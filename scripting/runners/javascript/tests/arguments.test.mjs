// Values of all kinds for all that a script can call: the host is never given what would end the
// instance.
import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { traps } from "./host.mjs";
import { start } from "./runner.mjs";

const script = readFileSync(new URL("scripts/arguments.js", import.meta.url), "utf8");
const data = new Uint8Array(new Float32Array([0, 1, 2, 3, 4, 5]).buffer);
const array = { dtype: "float32", shape: [2, 3], order: "fortran", data };

test("no call gives the host what it does not take", () => {
  const { host, run } = start(script, {
    audio: {
      load: () => [{ ...array, shape: [6], order: "c" }, 22050],
      loadBytes: () => [{ ...array, shape: [6], order: "c" }, 22050],
      call: () => [{ tag: "array", val: array }],
    },
  });
  for (let round = 0; round < 3; round += 1) {
    host.add("content");
    assert.throws(run, (error) => error.val?.message === "Error: the end");
    host.queue.length = 0;
  }
  assert.deepEqual(traps, []);
});
