// librosa's names, as calls of the host's library, and the arrays that come back.
import test from "node:test";
import assert from "node:assert/strict";
import { contentOf } from "./host.mjs";
import { done, failure } from "./runner.mjs";

const floats = (...numbers) => new Uint8Array(new Float32Array(numbers).buffer);
const array = (shape, data, dtype = "float32", order = "c") => ({ dtype, shape, order, data });

/** A library that says what it was asked, and gives two rows of three numbers. */
const audio = {
  load: (flowfile, rate, mono, offset, duration) => [
    mono ? array([4], floats(0, 0.5, -0.5, 1)) : array([2, 2], floats(0, 0.5, -0.5, 1)),
    rate ?? 44100,
  ],
  loadBytes: (bytes, rate) => [array([1], floats(bytes.length)), rate],
  call(name) {
    const matrix = {
      tag: "array",
      val: array([2, 3], floats(1, 4, 2, 5, 3, 6), "float32", "fortran"),
    };
    if (name === "fft_frequencies") {
      return [
        {
          tag: "array",
          val: array([2], new Uint8Array(new Float64Array([0, 10]).buffer), "float64"),
        },
      ];
    }
    if (name === "beat_track") {
      return [
        { tag: "sequence", val: 2 },
        { tag: "number", val: 120.5 },
        {
          tag: "array",
          val: array([2], new Uint8Array(new BigInt64Array([1n, 43n]).buffer), "int64"),
        },
      ];
    }
    if (name === "spectral_centroid") return [{ tag: "array", val: array([3], floats(7, 8, 9)) }];
    return [matrix];
  },
};

const run = (script, options = {}) => done(script, ["x"], { audio, ...options });
const json = (script) => JSON.parse(contentOf(run(script).done[0]));
const short = ({ tag, val }) =>
  tag === "array"
    ? `${val.dtype}(${val.shape})`
    : tag === "none"
      ? "none"
      : tag === "sequence"
        ? `[${val}]`
        : val;

test("samples of a recording", () => {
  assert.deepEqual(
    json(`function process(f) {
    const { samples, sampleRate } = f.audio();
    const two = f.audio({ sampleRate: 8000, mono: false });
    return { content: [[...samples], sampleRate,
      two.samples.map((one) => [...one]), two.sampleRate] };
  }`),
    [
      [0, 0.5, -0.5, 1],
      44100,
      [
        [0, 0.5],
        [-0.5, 1],
      ],
      8000,
    ],
  );
});

test("librosa.load has its defaults, and both ways to take it apart", () => {
  assert.deepEqual(
    json(`function process(f) {
    const { y, sr } = librosa.load(f);
    const [y2, sr2] = librosa.load(f, { sr: null, duration: 5 });
    const three = librosa.load(f.bytes());
    return { content: [y.shape, sr, y2.size, sr2, three.y] };
  }`),
    [[4], 22050, 4, 44100, [1]],
  );
});

test("a feature is the calls of the library that librosa makes", () => {
  const host = run(`function process(f) {
    const { y, sr } = librosa.load(f);
    const mfccs = librosa.feature.mfcc({ y, sr, n_mfcc: 13 });
    return { content: { mfccs: mfccs.mean(1), shape: mfccs.shape } };
  }`);
  assert.deepEqual(JSON.parse(contentOf(host.done[0])), { mfccs: [2, 5], shape: [2, 3] });
  assert.deepEqual(
    host.calls.map(([name, args]) => [name, args.map(short)]),
    [
      [
        "melspectrogram",
        [
          "float32(4)",
          22050,
          "[6]",
          2048,
          512,
          "none",
          "[2]",
          "hann",
          0,
          true,
          "constant",
          "[5]",
          128,
          0,
          "none",
          false,
          "slaney",
        ],
      ],
      ["power_to_db", ["float32(2,3)", "[3]", 1, 1e-10, 80]],
      ["mfcc", ["float32(2,3)", "[4]", 13, 2, true, 0]],
    ],
  );
  const tags = host.calls[0][1].map(({ tag }) => tag);
  assert.deepEqual(tags.slice(1, 9), [
    "number",
    "sequence",
    "integer",
    "integer",
    "none",
    "sequence",
    "text",
    "number",
  ]);
});

test("spectral features are a row", () => {
  const host = run(`function process(f) {
    const { y, sr } = librosa.load(f);
    const made = librosa.feature.spectral_centroid({ y, sr });
    return { content: [made.shape, made] };
  }`);
  assert.deepEqual(JSON.parse(contentOf(host.done[0])), [[1, 3], [[7, 8, 9]]]);
  assert.deepEqual(
    host.calls.map(([name]) => name),
    ["spectrogram", "fft_frequencies", "spectral_centroid"],
  );
});

test("beats in each unit", () => {
  assert.deepEqual(
    json(`function process(f) {
    const { y, sr } = librosa.load(f);
    const [tempo, beats] = librosa.beat.beat_track({ y, sr });
    const [, times] = librosa.beat.beat_track({ y, sr, units: 'time' });
    const seconds = librosa.get_duration({ y, sr });
    return { content: [tempo, beats, times.at(0) === 512 / sr, seconds * sr] };
  }`),
    [120.5, [1, 43], true, 4],
  );
});

test("arrays have what one mostly asks of them", () => {
  assert.deepEqual(
    json(`function process(f) {
    const a = librosa.stft(f.audio().y, { n_fft: 4 });
    return { content: [a.shape, a.T.shape, a.T, a.mean(), a.mean(0), a.mean(-1), a.sum(1),
      a.min(), a.max(0),
      a.std(1).map((x) => Math.round(x * 1000)), a.at(1, 2), a.at(-1, -1), a.row(1),
      [...a].length, a.length,
      a.reshape(3, 2), a.map((x) => x * 2), a.abs().size, String(a), a.toArray()] };
  }`),
    [
      [2, 3],
      [3, 2],
      [
        [1, 4],
        [2, 5],
        [3, 6],
      ],
      3.5,
      [2.5, 3.5, 4.5],
      [2, 5],
      [6, 15],
      1,
      [4, 5, 6],
      [816, 816],
      6,
      6,
      [4, 5, 6],
      2,
      2,
      [
        [1, 2],
        [3, 4],
        [5, 6],
      ],
      [
        [2, 4, 6],
        [8, 10, 12],
      ],
      6,
      "NdArray(2 × 3 float32)",
      [
        [1, 2, 3],
        [4, 5, 6],
      ],
    ],
  );
});

test("what is not there is said", () => {
  assert.match(
    failure("function process() { librosa.feature.tonnetz({}) }", ["x"], { audio }).message,
    /librosa\.feature\.tonnetz is not there in JavaScript: there are .*Python has all/,
  );
  assert.match(
    failure("function process() { librosa.effects.hpss({}) }", ["x"], { audio }).message,
    /librosa\.effects is not there/,
  );
  assert.match(failure("function process(f) { f.audio() }").message, /cannot be decoded: silence/);
  assert.match(
    failure("function process(f) { librosa.stft(librosa.load(f, { mono: false }).y) }", ["x"], {
      audio,
    }).message,
    /y has the shape \(2,2\), and must have 1 dimension/,
  );
});
