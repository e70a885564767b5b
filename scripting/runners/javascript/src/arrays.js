// Arrays of the audio library: numbers row by row, with their shape, and what one mostly does
// with them. They come from the host as bytes.
import {
  BigIntOf,
  Bytes,
  Doubles,
  Floats,
  Longs,
  Ints,
  NumberOf,
  RangeErrorClass,
  TypeErrorClass,
  freeze,
  isArray,
  isInteger,
  join,
  push,
  slice,
  sqrt,
  typedBuffer,
  typedByteLength,
  typedByteOffset,
  typedLength,
  typedTag,
} from "./primordials.js";
import { describe, kindOf } from "./values.js";

const views = {
  __proto__: null,
  float32: Floats,
  float64: Doubles,
  int64: Longs,
  int32: Ints,
  uint8: Bytes,
  boolean: Bytes,
  complex64: Floats,
};
const dtypes = {
  __proto__: null,
  Float32Array: "float32",
  Float64Array: "float64",
  BigInt64Array: "int64",
  Int32Array: "int32",
  Uint8Array: "uint8",
};

const sizes = {
  __proto__: null,
  float32: 4,
  float64: 8,
  int64: 8,
  int32: 4,
  uint8: 1,
  boolean: 1,
  complex64: 4,
};

let fieldsOf;

export class NdArray {
  #dtype;
  #shape;
  #data;

  /** `shape` and `data` as they are; made of nested arrays by `NdArray.of`. */
  constructor(dtype, shape, data) {
    this.#dtype = dtype;
    this.#shape = shape;
    this.#data = data;
  }

  static {
    fieldsOf = (value) =>
      typeof value === "object" && value !== null && #data in value
        ? { dtype: value.#dtype, shape: value.#shape, data: value.#data }
        : undefined;
    delete NdArray.prototype.constructor;
  }

  get dtype() {
    return this.#dtype;
  }
  get shape() {
    return slice(this.#shape);
  }
  get ndim() {
    return this.#shape.length;
  }
  /** How many numbers there are. */
  get size() {
    return count(this.#shape);
  }
  /** Rows, or numbers of a single row. */
  get length() {
    return this.#shape[0] ?? 1;
  }
  /** The numbers, row by row; of complex ones the real and the imaginary part, in turn. */
  get data() {
    return this.#data;
  }

  /** The number at a place: one index for each dimension, from the end if it is negative. */
  at(...indices) {
    if (indices.length < this.#shape.length) return this.row(indices[0]);
    let place = 0;
    for (let axis = 0; axis < this.#shape.length; axis += 1) {
      place = place * this.#shape[axis] + index(indices[axis], this.#shape[axis]);
    }
    return this.#dtype === "complex64"
      ? { re: this.#data[2 * place], im: this.#data[2 * place + 1] }
      : numberOf(this.#dtype, this.#data[place]);
  }

  /** A row of it, as an array with one dimension less. */
  row(number) {
    const at = index(number, this.#shape[0]);
    const shape = slice(this.#shape, 1);
    const each = count(shape) * (this.#dtype === "complex64" ? 2 : 1);
    return new NdArray(this.#dtype, shape, this.#data.slice(at * each, (at + 1) * each));
  }

  /** Rows and columns exchanged. */
  get T() {
    const [rows, columns] = this.#shape;
    if (this.#shape.length < 2) return this;
    if (this.#shape.length > 2) throw new RangeErrorClass("T is there for two dimensions");
    const parts = this.#dtype === "complex64" ? 2 : 1;
    const data = new views[this.#dtype](this.#data.length);
    for (let row = 0; row < rows; row += 1) {
      for (let column = 0; column < columns; column += 1) {
        for (let part = 0; part < parts; part += 1) {
          data[(column * rows + row) * parts + part] =
            this.#data[(row * columns + column) * parts + part];
        }
      }
    }
    return new NdArray(this.#dtype, [columns, rows], data);
  }

  /** Over all, as a number; over an axis, as an array without that. */
  sum(axis = undefined) {
    return this.#reduce(axis, 0, (total, one) => total + one);
  }
  min(axis = undefined) {
    return this.#reduce(axis, Infinity, (a, b) => (b < a || b !== b ? b : a));
  }
  max(axis = undefined) {
    return this.#reduce(axis, -Infinity, (a, b) => (b > a || b !== b ? b : a));
  }
  mean(axis = undefined) {
    const number = axis === undefined ? this.size : this.#shape[index(axis, this.#shape.length)];
    return over(this.sum(axis), (total) => total / number, this.#dtype);
  }
  /** The standard deviation of all numbers, as numpy has it. */
  std(axis = undefined) {
    const number = axis === undefined ? this.size : this.#shape[index(axis, this.#shape.length)];
    const mean = this.mean(axis);
    const means = fieldsOf(mean)?.data;
    const squares = this.#reduce(axis, 0, (total, one, to) => {
      const off = one - (means === undefined ? mean : means[to]);
      return total + off * off;
    });
    return over(squares, (total) => sqrt(total / number), this.#dtype);
  }

  /** Each number changed by a function, which gets it and its place. */
  map(change) {
    this.#real("map");
    const data = new Doubles(this.size);
    for (let at = 0; at < data.length; at += 1) {
      data[at] = change(numberOf(this.#dtype, this.#data[at]), at);
    }
    return new NdArray("float64", slice(this.#shape), data);
  }

  /** Absolute values: of complex numbers, their magnitudes. */
  abs() {
    if (this.#dtype !== "complex64") {
      const data = this.#data.map((one) => (one < 0 ? -one : one));
      return new NdArray(this.#dtype, slice(this.#shape), data);
    }
    const data = new Floats(this.size);
    for (let at = 0; at < data.length; at += 1) {
      const re = this.#data[2 * at];
      const im = this.#data[2 * at + 1];
      data[at] = sqrt(re * re + im * im);
    }
    return new NdArray("float32", slice(this.#shape), data);
  }

  /** The same numbers in another precision. */
  as(dtype, name = "the array") {
    if (dtype === undefined || dtype === this.#dtype) return this;
    const data = new views[dtype](this.size * (dtype === "complex64" ? 2 : 1));
    if (this.#dtype === "complex64") {
      throw new TypeErrorClass(`${name} is complex, and must be real: abs() gives magnitudes`);
    }
    for (let at = 0; at < this.size; at += 1) {
      const number = NumberOf(this.#data[at]);
      if (dtype === "complex64") data[2 * at] = number;
      else data[at] = dtype === "int64" ? BigIntOf(number) : number;
    }
    return new NdArray(dtype, slice(this.#shape), data);
  }

  reshape(...shape) {
    const wanted = isArray(shape[0]) ? slice(shape[0]) : shape;
    if (count(wanted) !== this.size) {
      throw new RangeErrorClass(`${this.size} numbers are not those of (${join(wanted, ", ")})`);
    }
    return new NdArray(this.#dtype, wanted, this.#data);
  }

  /** Arrays of arrays of numbers. */
  toArray() {
    return nested(this.#dtype, this.#shape, this.#data, 0, { at: 0 });
  }
  tolist() {
    return this.toArray();
  }
  toJSON() {
    return this.toArray();
  }
  toString() {
    return `NdArray(${join(this.#shape, " × ")} ${this.#dtype})`;
  }

  *[Symbol.iterator]() {
    for (let at = 0; at < this.length; at += 1) yield this.at(at);
  }

  #real(what) {
    if (this.#dtype === "complex64") {
      throw new TypeErrorClass(
        `${what} takes real numbers, and these are complex: abs() gives ` + "their magnitudes",
      );
    }
  }

  #reduce(axis, begin, step) {
    this.#real("this");
    const { size } = this;
    if (axis === undefined) {
      let made = begin;
      for (let at = 0; at < size; at += 1) made = step(made, NumberOf(this.#data[at]), 0);
      return made;
    }
    const along = index(axis, this.#shape.length);
    const shape = slice(this.#shape);
    const length = shape[along];
    shape.splice(along, 1);
    let inside = 1;
    for (let next = along + 1; next < this.#shape.length; next += 1) inside *= this.#shape[next];
    const data = new Doubles(count(shape)).fill(begin);
    for (let at = 0; at < size; at += 1) {
      const block = at - (at % (length * inside));
      const to = block / length + (at % inside);
      data[to] = step(data[to], NumberOf(this.#data[at]), to);
    }
    return new NdArray("float64", shape, data);
  }
}
freeze(NdArray.prototype);

function over(value, change) {
  const fields = fieldsOf(value);
  if (fields === undefined) return change(value);
  const { data } = fields;
  for (let at = 0; at < data.length; at += 1) data[at] = change(data[at]);
  return value;
}

function count(shape) {
  let all = 1;
  for (let at = 0; at < shape.length; at += 1) all *= shape[at];
  return all;
}

function index(at, length) {
  if (!isInteger(at) || at < -length || at >= length) {
    throw new RangeErrorClass(`there is no index ${describe(at)} in ${length}`);
  }
  return at < 0 ? at + length : at;
}

function numberOf(dtype, value) {
  if (dtype === "boolean") return value !== 0;
  return dtype === "int64" ? NumberOf(value) : value;
}

function nested(dtype, shape, data, axis, place) {
  if (axis === shape.length) {
    const { at } = place;
    place.at += 1;
    return dtype === "complex64"
      ? { re: data[2 * at], im: data[2 * at + 1] }
      : numberOf(dtype, data[at]);
  }
  const made = [];
  for (let at = 0; at < shape[axis]; at += 1) {
    push(made, nested(dtype, shape, data, axis + 1, place));
  }
  return made;
}

/** Of the host's array. Its bytes may lie where no number may, so they are copied then. */
export function fromHost({ dtype, shape, order, data }) {
  const View = views[dtype];
  const size = sizes[dtype];
  const bytes = typedByteOffset(data) % size === 0 ? data : new Bytes(data);
  const numbers = new View(
    typedBuffer(bytes),
    typedByteOffset(bytes),
    typedByteLength(bytes) / size,
  );
  const lengths = slice(shape);
  // Column by column, it is the transposed one, row by row.
  if (order !== "fortran" || lengths.length < 2) return new NdArray(dtype, lengths, numbers);
  return new NdArray(dtype, lengths, rowByRow(dtype, lengths, numbers));
}

function rowByRow(dtype, shape, from) {
  const parts = dtype === "complex64" ? 2 : 1;
  const to = new views[dtype](from.length);
  const strides = [];
  let stride = 1;
  for (let axis = 0; axis < shape.length; axis += 1) {
    push(strides, stride);
    stride *= shape[axis];
  }
  for (let at = 0; at < stride; at += 1) {
    let left = at;
    let place = 0;
    for (let axis = shape.length - 1; axis >= 0; axis -= 1) {
      place += (left % shape[axis]) * strides[axis];
      left = (left - (left % shape[axis])) / shape[axis];
    }
    for (let part = 0; part < parts; part += 1) to[at * parts + part] = from[place * parts + part];
  }
  return to;
}

/** For the host, of an NdArray, a typed array, or arrays of arrays; undefined for all else. */
export function toHost(value, what) {
  const own = fieldsOf(value);
  if (own !== undefined) {
    return { dtype: own.dtype, shape: own.shape, order: "c", data: rawBytes(own.data) };
  }
  const tag = typedTag(value);
  if (tag !== undefined) {
    if (dtypes[tag] !== undefined) {
      return { dtype: dtypes[tag], shape: [typedLength(value)], order: "c", data: rawBytes(value) };
    }
    const data = new Doubles(typedLength(value));
    for (let at = 0; at < typedLength(value); at += 1) data[at] = NumberOf(value[at]);
    return { dtype: "float64", shape: [data.length], order: "c", data: rawBytes(data) };
  }
  if (!isArray(value)) return undefined;
  const shape = [];
  for (let one = value; isArray(one); one = one[0]) push(shape, one.length);
  const data = new Doubles(count(shape));
  const place = { at: 0 };
  fill(value, shape, 0, data, place, what);
  return { dtype: "float64", shape, order: "c", data: rawBytes(data) };
}

function fill(value, shape, axis, data, place, what) {
  if (axis === shape.length) {
    if (typeof value !== "number") {
      throw new TypeErrorClass(`${what} must hold numbers, and holds ${kindOf(value)}`);
    }
    data[place.at] = value;
    place.at += 1;
    return;
  }
  if (!isArray(value) || value.length !== shape[axis]) {
    throw new TypeErrorClass(`the rows of ${what} are not equally long`);
  }
  for (let at = 0; at < value.length; at += 1) fill(value[at], shape, axis + 1, data, place, what);
}

function rawBytes(view) {
  return new Bytes(typedBuffer(view), typedByteOffset(view), typedByteLength(view));
}

/** Whether it is an array of numbers, of any kind. */
export function isNumbers(value) {
  return (
    fieldsOf(value) !== undefined ||
    isArray(value) ||
    (typeof value === "object" && value !== null && typedTag(value) !== undefined)
  );
}
