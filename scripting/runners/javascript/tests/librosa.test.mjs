// librosa in JavaScript calls the library as its Python face does (librosa/calls.py), with the same
// values of the same kinds.
import test from "node:test";
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { contentOf } from "./host.mjs";
import { done } from "./runner.mjs";

const cases = JSON.parse(readFileSync(new URL("librosa/calls.json", import.meta.url), "utf8"));

const kinds = {
  float32: Float32Array,
  float64: Float64Array,
  complex64: Float32Array,
  int64: BigInt64Array,
};

function array(dtype, shape) {
  const parts = shape.reduce((a, b) => a * b, 1) * (dtype === "complex64" ? 2 : 1);
  const numbers = new kinds[dtype](parts).fill(dtype === "int64" ? 1n : 1);
  return { tag: "array", val: { dtype, shape, order: "c", data: new Uint8Array(numbers.buffer) } };
}

const rows = new Set(["rms", "rms_of_spectrogram", "zero_crossing_rate"]);

/** What calls.py gives for the same calls. */
function call(name, args) {
  switch (name) {
    case "fft_frequencies":
      return [array("float64", [Math.floor(args[1].val / 2) + 1])];
    case "beat_track":
      return [{ tag: "sequence", val: 2 }, { tag: "number", val: 120.5 }, array("int64", [2])];
    case "onset_detect":
      return [array("int64", [2])];
    case "stft":
      return [array("complex64", [3, 4])];
    case "istft":
      return [array("float32", [5])];
    case "onset_strength_multi":
      return [array("float32", [1, 4])];
    case "spectral_contrast":
      return [array("float32", [1025, 4])];
    default:
      if (name.startsWith("spectral_") || rows.has(name)) return [array("float32", [3])];
      if (/_to_|^delta$/.test(name)) return [array("float32", args[0].val.shape)];
      return [array("float32", [1025, 4])];
  }
}

/** The values of a call with their kinds, taken together again. */
function shown(values) {
  let at = 0;
  const one = () => {
    const { tag, val } = values[at++];
    if (tag === "none") return "none";
    if (tag === "integer") return { i: val };
    if (tag === "number") return { f: val === Infinity ? "inf" : val };
    if (tag === "array") return `${val.dtype}(${val.shape})`;
    return tag === "sequence" ? Array.from({ length: val }, one) : val;
  };
  const made = [];
  while (at < values.length) made.push(one());
  return made;
}

for (const { name, options, first, calls, shapes } of cases) {
  test(`${name} ${JSON.stringify(options)}`, () => {
    const given = JSON.stringify(options).replace(/"(y|S)":1/, '"$1":$1');
    const host = done(
      `function process(f) {
        const { y } = librosa.load(f);
        const D = librosa.stft(y);
        const S = librosa.feature.melspectrogram({ y });
        const made = librosa.${name}(${first === null ? "" : `${first}, `}${given});
        const all = Array.isArray(made) ? made : [made];
        return { content: all.map((each) => each.shape ?? null) };
      }`,
      ["x"],
      { audio: { load: () => [array("float32", [4096]).val, 22050], call } },
    );
    const made = host.calls.slice(2).map(([called, args]) => [called, shown(args)]);
    assert.deepEqual(made, calls);
    // Of one channel there is one tempo, which is a number here.
    const expected = name === "beat.beat_track" ? [null, shapes[1]] : shapes;
    assert.deepEqual(JSON.parse(contentOf(host.done[0])), expected);
  });
}
