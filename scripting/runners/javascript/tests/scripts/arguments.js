// Calls all that a script can call with values of all kinds, and ends with an error.
let round = 0;

function throws() {
  throw new Error("a trap");
}

/** Buffers that are gone, that shrank, and that lie about their length. */
function buffers() {
  const gone = new ArrayBuffer(8);
  const onGone = new Uint8Array(gone);
  gone.transfer?.();
  const small = new ArrayBuffer(8, { maxByteLength: 16 });
  const onSmall = [new Uint8Array(small), new Uint8Array(small, 4, 4)];
  small.resize?.(2);
  const longer = new Uint8Array(4);
  Object.defineProperty(longer, "length", { value: 1e9 });
  const other = new Uint8Array(4);
  Object.defineProperty(other, "byteLength", { value: 1e9 });
  Object.defineProperty(other, "buffer", { value: 5 });
  class Own extends Uint8Array {}
  return [gone, onGone, small, ...onSmall, longer, other, new Own(3), new Uint8Array(3)];
}

function values() {
  const loop = {};
  loop.loop = loop;
  const proxy = new Proxy({}, { get: throws, ownKeys: throws });
  return [
    ...[undefined, null, true, false, NaN, -1, 0, -0, 1.5, 2 ** 31, 2 ** 32, 2 ** 53, 1e300],
    ...[Infinity, 10n, -5n, 2n ** 70n, "", "\ud800", "a\0b", "success", "uuid", Symbol("s")],
    ...[{}, [], [1], [[1, 2], [3]], ["\ud800"], [NaN], new Array(5), Object.freeze([1])],
    ...[() => 1, class A {}, proxy, new Proxy([], {}), new Proxy(() => 1, {}), ...buffers()],
    ...[new DataView(new ArrayBuffer(4)), new Date(NaN), loop, Object.create(null)],
    ...[new String("x"), new Number(5), new Float32Array(3), new BigInt64Array(2), /x/g],
    ...[{ process: 5 }, { process: throws }, { next: () => 5 }, { next: () => ({ value: {} }) }],
    ...[{ [Symbol.iterator]: 5 }, { toString: throws, valueOf: throws }, { then: 5 }],
    ...[{ toJSON: () => undefined }, { tag: "array", val: {} }, { y: [1], sr: 1 }],
    ...[{ y: "\ud800" }, { sr: NaN }, { n_fft: 1e9 }, { window: ["\ud800", 1] }],
    ...[new (class extends Array {})(3), new Map([[1, 2]]), new Set([1]), new Error("\ud800")],
  ];
}

function attempt(call) {
  try {
    const made = call();
    made?.then?.(
      () => {},
      () => {},
    );
    if (typeof made !== "function") made?.next?.();
  } catch {
    // Refused, as it should be.
  }
}

function process(session, flowfile) {
  const all = values();
  const at = (index) => all[index % all.length];
  const kept = session.create(flowfile);
  const matrix = librosa.stft(new Float32Array(4));
  const methods = (one) => Object.getOwnPropertyNames(Object.getPrototypeOf(one));
  const targets = [
    ...[session, kept, context.state, kept.stream(), session.create().writer(), matrix].map(
      (one) => [one, methods(one)],
    ),
    ...[context, log, console, IOUtils, Java].map((one) => [one, Object.keys(one)]),
    [globalThis, ["btoa", "atob", "structuredClone", "queueMicrotask", "print"]],
  ];
  for (const [target, names] of targets) {
    for (const name of names.filter((one) => one !== "rollback" && one !== "close")) {
      for (let index = 0; index < all.length; index += 1) {
        const value = all[index];
        const fresh = session.create();
        attempt(() => target[name](value));
        attempt(() => target[name](fresh, value));
        attempt(() => target[name](value, at(index * 7 + round), at(index * 11 + 3)));
        attempt(() => target[name].call(value, value));
        attempt(() => {
          fresh.attributes = {};
          fresh.attributes[String(index)] = value;
          session.transfer(fresh, "failure");
        });
      }
    }
  }
  const functions = [
    ...[librosa.load, librosa.stft, librosa.istft, librosa.power_to_db, librosa.frames_to_time],
    ...[librosa.feature.mfcc, librosa.feature.rms, librosa.feature.delta, librosa.get_duration],
    ...[librosa.onset.onset_strength, librosa.beat.beat_track],
  ];
  for (const call of functions) {
    for (const value of all) {
      const other = at(round * 13);
      attempt(() => call(value));
      attempt(() => call(value, other));
      attempt(() => call({ y: value, sr: other, S: other }));
      attempt(() => call({ S: value, data: value, ref: other, top_db: other }));
      attempt(() => call({ y: [1, 2], window: value, n_fft: other, hop_length: other }));
    }
  }
  for (const value of all) {
    attempt(() => new TextDecoder(value, value));
    attempt(() => new TextDecoder().decode(value));
    attempt(() => new TextEncoder().encodeInto(value, value));
    attempt(() => new Promise(value));
    attempt(() => Promise.all(value));
    attempt(() => Promise.resolve(value));
    attempt(() => new StreamCallback(value));
  }
  round += 1;
  throw new Error("the end");
}
