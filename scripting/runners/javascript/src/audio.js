// `librosa`, whose functions the host has natively: `librosa.feature.mfcc({ y, sr })` is a call by
// that name. And `flowfile.audio()`, which decodes.
import * as host from './host.js';
import { handleOf, isFlowFile } from './flowfile.js';
import { fromHost, toHost } from './arrays.js';
import { sourceOf } from './streams.js';
import {
  ProxyClass, TypeErrorClass, create, defineProperty, isArray, isFinite, isInteger,
  isSafeInteger, ownKeys, push, toWellFormed, NumberOf, StringOf,
} from './primordials.js';
import { bytesIn, kindOf, textOf } from './values.js';

/** The samples of a recording and their rate. */
export function loadSamples(handle, options = undefined) {
  const given = optionsOf(options, ['sampleRate', 'mono', 'offset', 'duration'], 'audio');
  const mono = given.mono ?? true;
  const [array, rate] = host.audioLoad(handle, optional(given.sampleRate, 'sampleRate'),
    !!(mono), finite(given.offset ?? 0, 'offset'), optional(given.duration, 'duration'));
  const y = fromHost(array);
  if (y.ndim < 2) return { samples: y.data, sampleRate: rate, y };
  const samples = [];
  for (let at = 0; at < y.length; at += 1) push(samples, y.row(at).data);
  return { samples, sampleRate: rate, y };
}

/** `librosa.load(flowfile)`: `{ y, sr }`, which may be taken apart as an array too. */
function load(source, options = undefined) {
  const given = optionsOf(options, ['sr', 'mono', 'offset', 'duration'], 'librosa.load');
  // As librosa: 22,050 unless another is asked for, and the recording's own for null.
  const rate = given.sr === undefined ? 22050 : optional(given.sr, 'sr');
  const mono = !!(given.mono ?? true);
  const offset = finite(given.offset ?? 0, 'offset');
  const duration = optional(given.duration, 'duration');
  const flowfile = isFlowFile(source) ? source : sourceOf(source);
  const bytes = flowfile === undefined ? bytesIn(source) : undefined;
  if (flowfile === undefined && bytes === undefined) {
    throw new TypeErrorClass('librosa.load takes a flowfile, its stream, or bytes, and got '
      + `${kindOf(source)}; a script sees no files`);
  }
  const [array, sr] = flowfile === undefined
    ? host.audioLoadBytes(bytes, rate, mono, offset, duration)
    : host.audioLoad(handleOf(flowfile), rate, mono, offset, duration);
  const y = fromHost(array);
  const made = { y, sr };
  defineProperty(made, Symbol.iterator, { value: function* both() { yield y; yield sr; } });
  return made;
}

function optionsOf(options, known, what) {
  if (options === undefined || options === null) return {};
  if (typeof options !== 'object') {
    throw new TypeErrorClass(`${what} takes options by name, such as { ${known[0]}: … }, and got ${
      kindOf(options)}`);
  }
  const names = ownKeys(options);
  for (let at = 0; at < names.length; at += 1) {
    let found = false;
    for (let one = 0; one < known.length; one += 1) found ||= known[one] === names[at];
    if (!found) {
      throw new TypeErrorClass(`${what} has no option '${StringOf(names[at])}': there are ${
        known.join(', ')}`);
    }
  }
  return options;
}

function finite(value, what) {
  if (typeof value === 'number' && isFinite(value)) return value;
  throw new TypeErrorClass(`${what} must be a number, and is ${kindOf(value)}`);
}

function optional(value, what) {
  return value === undefined || value === null ? null : finite(value, what);
}

/** An argument as the contract has it. */
function argument(value, what) {
  switch (typeof value) {
    case 'undefined': return { tag: 'none' };
    case 'boolean': return { tag: 'boolean', val: value };
    case 'string': return { tag: 'text', val: toWellFormed(value) };
    case 'number':
      return isInteger(value) && isSafeInteger(value) && !isMinusZero(value)
        ? { tag: 'integer', val: value } : { tag: 'number', val: value };
    case 'bigint':
      if (isSafeInteger(NumberOf(value))) return { tag: 'integer', val: NumberOf(value) };
      throw new TypeErrorClass(`${what} is too large`);
    case 'function': throw new TypeErrorClass(`${what} cannot be a function here: give its `
      + 'value, such as { ref: S.max() }');
    default:
  }
  if (value === null) return { tag: 'none' };
  if (isArray(value) && value.length > 0 && typeof value[0] === 'string') {
    const texts = [];
    for (let at = 0; at < value.length; at += 1) push(texts, textOf(value[at], what));
    return { tag: 'texts', val: texts };
  }
  if (isArray(value) && !isArray(value[0])) {
    const numbers = [];
    for (let at = 0; at < value.length; at += 1) {
      if (typeof value[at] !== 'number') {
        throw new TypeErrorClass(`${what} must hold numbers, and holds ${kindOf(value[at])}`);
      }
      push(numbers, value[at]);
    }
    return { tag: 'numbers', val: numbers };
  }
  const array = toHost(value, what);
  if (array !== undefined) return { tag: 'array', val: array };
  throw new TypeErrorClass(`${what} is ${kindOf(value)}, and must be a number, text, or an array`);
}

const isMinusZero = (value) => value === 0 && 1 / value < 0;

function result(value) {
  switch (value.tag) {
    case 'none': return null;
    case 'array': return fromHost(value.val);
    case 'integer': return NumberOf(value.val);
    default: return value.val;
  }
}

function called(path, args) {
  const named = [];
  const [given] = args;
  if (args.length > 1 || (given !== undefined && (typeof given !== 'object' || given === null
    || isArray(given) || toHost(given, 'it') !== undefined))) {
    throw new TypeErrorClass(`librosa.${path} takes its arguments by name, such as `
      + `librosa.${path}({ y, sr })`);
  }
  if (given !== undefined) {
    const names = ownKeys(given);
    for (let at = 0; at < names.length; at += 1) {
      const name = textOf(names[at], 'the name of an argument');
      push(named, [name, argument(given[name], `the argument ${name} of librosa.${path}`)]);
    }
  }
  const values = host.audioCall(path, named);
  if (values.length === 1) return result(values[0]);
  const made = [];
  for (let at = 0; at < values.length; at += 1) push(made, result(values[at]));
  return made;
}

/** A function of that name, whose fields are functions of longer names. */
function named(path) {
  const fields = create(null);
  const target = (...args) => called(path, args);
  return new ProxyClass(target, {
    get(_, name) {
      if (typeof name !== 'string' || name === 'then' || name === 'prototype') return undefined;
      if (name === 'name') return path;
      if (name === 'load' && path === '') return load;
      fields[name] ??= named(path === '' ? name : `${path}.${name}`);
      return fields[name];
    },
    set() { throw new TypeErrorClass('librosa cannot be changed'); },
    defineProperty() { throw new TypeErrorClass('librosa cannot be changed'); },
  });
}

export const librosa = named('');
