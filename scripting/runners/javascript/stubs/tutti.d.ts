// What a script finds, for editors. Nothing of this is to be imported: all of it is there.

/** A value of an attribute: numbers are written out, objects as JSON; `null` removes it. */
type AttributeValue = string | number | boolean | bigint | object | null | undefined;

/** Content: text as UTF-8, bytes as they are, any other value as JSON. */
type Content = string | ArrayBuffer | ArrayBufferView | object | number | boolean;

/** What `process` may return. Nothing returned: the flowfile goes to `success`. */
type Result =
  void | undefined | null | RelationshipName | Uint8Array | ArrayBuffer | Outcome | Outcome[];

type RelationshipName = string;

interface Outcome {
  /** Where it goes; without it, to `success`. */
  relationship?: RelationshipName;
  /** Attributes to set; `null` removes one. */
  attributes?: Record<string, AttributeValue>;
  /** The new content. */
  content?: Content;
}

/** One of this session, until it is transferred or removed. */
interface FlowFile {
  /** To be read and changed. What is there is text; what you set may be more. */
  attributes: Record<string, any>;
  /** Bytes of its content. */
  readonly size: number;
  /** The whole content, of at most `limit` bytes (64 MiB where you say nothing). */
  bytes(limit?: number): Uint8Array;
  /** The whole content as text, of UTF-8. */
  text(limit?: number): string;
  /** The whole content as the value that its JSON says. */
  json(limit?: number): any;
  /** The content piece by piece, of at most `size` bytes each. */
  chunks(size?: number): IterableIterator<Uint8Array>;
  /** The content as a stream, from `offset` on. */
  stream(offset?: number): InputStream;
  /** New content, or an iterator of its pieces. */
  write(content: Content | Iterator<string | Uint8Array>): void;
  append(content: Content): void;
  /** A stream to new content, which it has when you close that. */
  writer(append?: boolean): OutputStream;
  /** The recording that it is, decoded. */
  audio(options?: { sampleRate?: number; mono?: true; offset?: number; duration?: number }): {
    samples: Float32Array;
    sampleRate: number;
    y: NdArray;
  };
  audio(options: { sampleRate?: number; mono: false; offset?: number; duration?: number }): {
    samples: Float32Array[];
    sampleRate: number;
    y: NdArray;
  };
  /** Lets it wait for the processor's penalty duration wherever it goes. */
  penalize(): void;

  getAttribute(name: string): string | null;
  getAttributes(): Record<string, string>;
  getSize(): number;
  getId(): string;
}

interface InputStream {
  /** The next byte, or -1. */
  read(): number;
  /** So many of the next bytes as fit there; how many, or -1. */
  read(into: Uint8Array | number[], offset?: number, length?: number): number;
  /** Up to so many of the next bytes; none at the end. */
  next(most?: number): Uint8Array;
  readAllBytes(): Uint8Array;
  readNBytes(most: number): Uint8Array;
  text(): string;
  json(): any;
  skip(count: number): number;
  available(): number;
  close(): void;
}

interface OutputStream {
  write(
    data: string | number | number[] | ArrayBuffer | ArrayBufferView,
    offset?: number,
    length?: number,
  ): void;
  flush(): void;
  close(): void;
}

/** All that one call of the script does. It counts when the call ends well, or not at all. */
interface Session {
  get(): FlowFile | null;
  get(most: number): FlowFile[];
  create(parent?: FlowFile | FlowFile[]): FlowFile;
  clone(flowfile: FlowFile, offset?: number, size?: number): FlowFile;
  transfer(flowfiles: FlowFile | FlowFile[], relationship?: RelationshipName): void;
  remove(flowfiles: FlowFile | FlowFile[]): void;
  penalize<T extends FlowFile | FlowFile[]>(flowfiles: T): T;
  /** Undoes all, and tries it again later. Ends the call. */
  rollback(penalize?: boolean): never;
  /** Adds to a counter of the processor. */
  count(name: string, amount?: number): void;

  read(flowfile: FlowFile): InputStream;
  read(flowfile: FlowFile, callback: Callback<[InputStream]>): FlowFile;
  write(flowfile: FlowFile): OutputStream;
  write(
    flowfile: FlowFile,
    callback: Callback<[InputStream, OutputStream]> | Callback<[OutputStream]>,
  ): FlowFile;
  append(flowfile: FlowFile, callback: Callback<[OutputStream]>): FlowFile;
  merge(
    sources: FlowFile[],
    destination: FlowFile,
    header?: string | Uint8Array,
    footer?: string | Uint8Array,
    between?: string | Uint8Array,
  ): FlowFile;
  putAttribute(flowfile: FlowFile, name: string, value: AttributeValue): FlowFile;
  putAllAttributes(flowfile: FlowFile, attributes: Record<string, AttributeValue>): FlowFile;
  removeAttribute(flowfile: FlowFile, name: string): FlowFile;
  removeAllAttributes(flowfile: FlowFile, names: string[]): FlowFile;
  adjustCounter(name: string, amount: number, immediate?: boolean): void;
  commit(): void;
}

type Callback<Streams extends any[]> =
  ((...streams: Streams) => void) | { process(...streams: Streams): void };

interface PropertyValue {
  getValue(): string | null;
  evaluateAttributeExpressions(flowfile?: FlowFile): PropertyValue;
  isSet(): boolean;
  asInteger(): number | null;
  asLong(): number | null;
  asDouble(): number | null;
  asBoolean(): boolean | null;
  /** In milliseconds. */
  asTimePeriod(): number | null;
  /** In bytes. */
  asDataSize(): number | null;
}

/** Texts that are kept from one call to another, and over a restart. */
interface State {
  get(name: string): string | undefined;
  has(name: string): boolean;
  set(name: string, value: AttributeValue): State;
  delete(name: string): boolean;
  keys(): string[];
  toObject(): Record<string, string>;
}

interface Context {
  readonly state: State;
  /** The text of a property, its expressions evaluated for a flowfile if one is given. */
  property(name: string, flowfile?: FlowFile): string | undefined;
  /** The properties that you named yourself. */
  readonly properties: Record<string, string>;
  /** Whether the script is to end soon. */
  shouldEnd(): boolean;
  /** There is nothing to do for the processor's yield duration. */
  yield(): void;

  getProperty(name: string): PropertyValue;
  getProperties(): Record<string, string>;
  getStateManager(): {
    getState(scope?: string): { get(name: string): string | null; toMap(): Record<string, string> };
    setState(values: Record<string, AttributeValue>, scope?: string): void;
    clear(scope?: string): void;
  };
}

interface Log {
  /** Each `{}` of the message is one of the values. */
  debug(message: any, ...values: any[]): void;
  info(message: any, ...values: any[]): void;
  warn(message: any, ...values: any[]): void;
  error(message: any, ...values: any[]): void;
}

/** Numbers row by row, with their shape. As JSON it is arrays of arrays. */
interface NdArray extends Iterable<any> {
  readonly dtype: "float32" | "float64" | "complex64" | "int32" | "int64" | "uint8" | "boolean";
  readonly shape: number[];
  readonly ndim: number;
  readonly size: number;
  readonly length: number;
  readonly data: Float32Array | Float64Array | Int32Array | BigInt64Array | Uint8Array;
  /** Rows and columns exchanged. */
  readonly T: NdArray;
  at(...indices: number[]): any;
  row(index: number): NdArray;
  sum(): number;
  sum(axis: number): NdArray;
  mean(): number;
  mean(axis: number): NdArray;
  std(): number;
  std(axis: number): NdArray;
  min(): number;
  min(axis: number): NdArray;
  max(): number;
  max(axis: number): NdArray;
  abs(): NdArray;
  map(change: (value: number, index: number) => number): NdArray;
  reshape(...shape: number[]): NdArray;
  toArray(): any[];
}

type Numbers = NdArray | ArrayBufferView | number[] | number[][];

interface Signal {
  y?: Numbers;
  sr?: number;
}
interface Frames {
  n_fft?: number;
  hop_length?: number | null;
  win_length?: number | null;
  window?: string | [string, number] | number[];
  center?: boolean;
  pad_mode?: string;
}
interface Mel {
  n_mels?: number;
  fmin?: number;
  fmax?: number | null;
  htk?: boolean;
  norm?: any;
}
interface Spectra extends Signal, Frames {
  S?: Numbers;
  freq?: Numbers;
}

declare const librosa: {
  load(
    source: FlowFile | InputStream | Uint8Array | ArrayBuffer,
    options?: {
      sr?: number | null;
      mono?: boolean;
      offset?: number;
      duration?: number | null;
    },
  ): { y: NdArray; sr: number } & Iterable<any>;
  get_duration(of: Signal): number;
  frames_to_time(frames: Numbers, options?: { sr?: number; hop_length?: number }): NdArray;
  fft_frequencies(of: { sr?: number; n_fft?: number }): NdArray;
  stft(y: Numbers, options?: Frames): NdArray;
  istft(bins: Numbers, options?: Frames & { length?: number }): NdArray;
  power_to_db(
    S: Numbers,
    options?: { ref?: number; amin?: number; top_db?: number | null },
  ): NdArray;
  amplitude_to_db(
    S: Numbers,
    options?: { ref?: number; amin?: number; top_db?: number | null },
  ): NdArray;
  db_to_power(S_db: Numbers, options?: { ref?: number }): NdArray;
  db_to_amplitude(S_db: Numbers, options?: { ref?: number }): NdArray;
  feature: {
    melspectrogram(of: Spectra & Mel & { power?: number }): NdArray;
    mfcc(
      of: Spectra &
        Omit<Mel, "norm"> & {
          n_mfcc?: number;
          dct_type?: number;
          norm?: "ortho" | null;
          lifter?: number;
          mel_norm?: any;
          power?: number;
        },
    ): NdArray;
    spectral_centroid(of: Spectra): NdArray;
    spectral_bandwidth(of: Spectra & { p?: number }): NdArray;
    spectral_rolloff(of: Spectra & { roll_percent?: number }): NdArray;
    spectral_contrast(
      of: Spectra & { fmin?: number; n_bands?: number; quantile?: number; linear?: boolean },
    ): NdArray;
    spectral_flatness(of: Spectra & { amin?: number; power?: number }): NdArray;
    rms(of: {
      y?: Numbers;
      S?: Numbers;
      frame_length?: number;
      hop_length?: number;
      center?: boolean;
      pad_mode?: string;
    }): NdArray;
    zero_crossing_rate(
      y: Numbers,
      options?: { frame_length?: number; hop_length?: number; center?: boolean },
    ): NdArray;
    chroma_stft(
      of: Spectra & {
        norm?: number | null;
        tuning?: number | null;
        n_chroma?: number;
        ctroct?: number;
        octwidth?: number | null;
        base_c?: boolean;
      },
    ): NdArray;
    delta(data: Numbers, options?: { width?: number; order?: number; mode?: string }): NdArray;
  };
  onset: {
    onset_strength(
      of: Signal &
        Mel & {
          S?: Numbers;
          n_fft?: number;
          hop_length?: number;
          lag?: number;
          max_size?: number;
          detrend?: boolean;
          center?: boolean;
          aggregate?: "mean" | "median" | "max" | "min";
        },
    ): NdArray;
    onset_detect(
      of: Signal & {
        onset_envelope?: Numbers;
        hop_length?: number;
        units?: "frames" | "samples" | "time";
        normalize?: boolean;
        delta?: number;
      },
    ): NdArray;
  };
  beat: {
    beat_track(
      of: Signal & {
        onset_envelope?: Numbers;
        hop_length?: number;
        start_bpm?: number;
        tightness?: number;
        trim?: boolean;
        bpm?: number | null;
        units?: "frames" | "samples" | "time";
      },
    ): [tempo: number, beats: NdArray];
  };
};

declare const context: Context;
declare const log: Log;
/** In scripts of NiFi's style alone; the others have it as a parameter. */
declare const session: Session;
declare const REL_SUCCESS: "success";
declare const REL_FAILURE: "failure";
/** `throw new Retry('…')`: undo all that this call did, and try again later. */
declare class Retry extends Error {}
/** What the engine refuses is thrown as this: `catch (error) { if (error.kind === 'limit') … }`. */
interface HostError extends Error {
  readonly kind: string;
}

/** `Java.type('org.apache.commons.io.IOUtils')` and some others of NiFi's scripts. */
declare const Java: {
  type(name: string): any;
  from(list: Iterable<any>): any[];
  to(list: any): any;
  extend(type: any, methods?: object): any;
};
declare const StreamCallback: {
  new (process: (input: InputStream, output: OutputStream) => void): {
    process(input: InputStream, output: OutputStream): void;
  };
};
declare const InputStreamCallback: {
  new (process: (input: InputStream) => void): { process(input: InputStream): void };
};
declare const OutputStreamCallback: {
  new (process: (output: OutputStream) => void): { process(output: OutputStream): void };
};
declare const IOUtils: {
  toString(source: InputStream | Uint8Array | string, charset?: string): string;
  toByteArray(source: InputStream | string): Uint8Array;
  readLines(source: InputStream, charset?: string): string[];
  copy(source: InputStream, target: OutputStream): number;
  write(data: string | Uint8Array, target: OutputStream, charset?: string): void;
};
declare const StandardCharsets: {
  UTF_8: "utf-8";
  US_ASCII: "us-ascii";
  ISO_8859_1: "iso-8859-1";
  UTF_16LE: "utf-16le";
};
declare function print(...values: any[]): void;

declare const console: {
  log(...values: any[]): void;
  info(...values: any[]): void;
  debug(...values: any[]): void;
  warn(...values: any[]): void;
  error(...values: any[]): void;
  assert(condition: unknown, ...values: any[]): void;
};
declare function queueMicrotask(task: () => void): void;
declare function structuredClone<T>(value: T): T;
declare function btoa(text: string): string;
declare function atob(text: string): string;
declare class TextEncoder {
  readonly encoding: string;
  encode(text?: string): Uint8Array;
  encodeInto(text: string, into: Uint8Array): { read: number; written: number };
}
declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  readonly encoding: string;
  readonly fatal: boolean;
  readonly ignoreBOM: boolean;
  decode(input?: ArrayBuffer | ArrayBufferView, options?: { stream?: boolean }): string;
}
declare const performance: { now(): number };

interface String {
  /** Bytes of a text, as NiFi's scripts ask for them. */
  getBytes(charset?: string): Uint8Array;
  equals(other: unknown): boolean;
  equalsIgnoreCase(other: string): boolean;
  isEmpty(): boolean;
  contains(part: string): boolean;
}
