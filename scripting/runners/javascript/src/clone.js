// structuredClone, as browsers have it, for what there is here.
import {
  Buffers,
  Bytes,
  ErrorClass,
  TypeErrorClass,
  apply,
  bufferLength,
  construct,
  isArray,
  isView,
  ownKeys,
  slice,
  typedSet,
} from "./primordials.js";
import { kindOf } from "./values.js";

const plainPrototypes = new Set([Object.prototype, null]);
const errors = new Map(
  [Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError].map((type) => [
    type.prototype,
    type,
  ]),
);
const { getPrototypeOf } = Object;
const primitives = new Set([String.prototype, Number.prototype, Boolean.prototype]);
const DateClass = Date;
const RegExpClass = RegExp;
const MapClass = Map;
const SetClass = Set;

/** A copy of a value and of all that it refers to, which may refer to each other. */
export function structuredClone(value) {
  return copyOf(value, new MapClass());
}

function copyOf(value, seen) {
  if (typeof value === "function" || typeof value === "symbol") {
    throw new TypeErrorClass(`structuredClone cannot copy ${kindOf(value)}`);
  }
  if (typeof value !== "object" || value === null) return value;
  if (seen.has(value)) return seen.get(value);
  const keep = (made) => {
    seen.set(value, made);
    return made;
  };
  if (isArray(value)) {
    const made = keep([]);
    made.length = value.length;
    return fields(value, made, seen);
  }
  if (isView(value)) {
    const buffer = copyOf(value.buffer, seen);
    const { constructor } = getPrototypeOf(value);
    return keep(
      construct(constructor, [buffer, value.byteOffset, value.length ?? value.byteLength]),
    );
  }
  if (value instanceof Buffers) {
    const made = keep(new Buffers(bufferLength(value)));
    typedSet(new Bytes(made), new Bytes(value), 0);
    return made;
  }
  const prototype = getPrototypeOf(value);
  if (value instanceof DateClass) return keep(new DateClass(+value));
  if (value instanceof RegExpClass) return keep(new RegExpClass(value.source, value.flags));
  if (value instanceof MapClass) {
    const made = keep(new MapClass());
    for (const [key, one] of slice([...value])) made.set(copyOf(key, seen), copyOf(one, seen));
    return made;
  }
  if (value instanceof SetClass) {
    const made = keep(new SetClass());
    for (const one of [...value]) made.add(copyOf(one, seen));
    return made;
  }
  if (value instanceof ErrorClass) {
    const made = keep(new (errors.get(prototype) ?? ErrorClass)(value.message));
    if (value.cause !== undefined) made.cause = copyOf(value.cause, seen);
    return made;
  }
  if (primitives.has(prototype)) return keep(Object(value.valueOf()));
  // Objects of classes come out as plain ones; those that the language keeps closed do not.
  if (
    !plainPrototypes.has(prototype) &&
    apply(Object.prototype.toString, value, []) !== "[object Object]"
  ) {
    throw new TypeErrorClass(`structuredClone cannot copy ${kindOf(value)}`);
  }
  return fields(value, keep({}), seen);
}

function fields(from, to, seen) {
  const names = ownKeys(from);
  for (let at = 0; at < names.length; at += 1) {
    const name = names[at];
    if (typeof name !== "string" || (name === "length" && isArray(from))) continue;
    if (!apply(isEnumerable, from, [name])) continue;
    Object.defineProperty(to, name, {
      value: copyOf(from[name], seen),
      writable: true,
      configurable: true,
      enumerable: true,
    });
  }
  return to;
}

const isEnumerable = Object.prototype.propertyIsEnumerable;
