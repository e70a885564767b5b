// All calls to the host, and nothing else. The host refuses with values of the contract, which
// become errors with a text here; what is handed to it has been checked before (values.js).
import * as session from "tutti:processor/session@0.1.0";
import * as audio from "tutti:processor/audio@0.1.0";
import { ErrorClass, defineProperty, freeze, NumberOf } from "./primordials.js";

/** The host has refused something; `kind` is the contract's name of the reason. */
export class HostError extends ErrorClass {
  constructor(kind, message) {
    super(message);
    defineProperty(this, "kind", { value: kind, enumerable: true });
  }
}
defineProperty(HostError.prototype, "name", { value: "HostError" });
freeze(HostError.prototype);

const texts = {
  __proto__: null,
  "unknown-relationship": (name) =>
    `there is no relationship '${name}': add it to the ` +
    "processor's relationships, or transfer to one that is there",
  limit: (text) => `a limit of the processor: ${text}`,
  invalid: (text) => text,
  denied: (text) => `the flow does not grant this: ${text}`,
  unreadable: (text) => `cannot be decoded: ${text}`,
  io: (text) => `the content cannot be read or written now: ${text}`,
  parameter: (text) => text,
  missing: (text) => text,
};

/** What the host threw, as an error for scripts. */
function refused(error) {
  let payload = error?.payload ?? error;
  if (payload?.tag === "refused") payload = payload.val;
  const text = texts[payload?.tag];
  if (text === undefined) return error;
  return new HostError(payload.tag, text(payload.val));
}

let running = false;

/** Says that a session begins, or has ended. */
export function setRunning(value) {
  running = value;
}

/** While a script is loaded there is no session, and a call of one would end the instance. */
function inSession() {
  if (running) return;
  throw new ErrorClass(
    "there is no flowfile, property or state while the script is loaded: ask for it inside of " +
      "process",
  );
}

const orUndefined = (value) => (value === null ? undefined : value);

export function get(max) {
  inSession();
  try {
    return session.get(max);
  } catch (error) {
    throw refused(error);
  }
}
export function create(parents) {
  inSession();
  try {
    return session.create(parents);
  } catch (error) {
    throw refused(error);
  }
}
export function clone(parent) {
  try {
    return session.clone(parent);
  } catch (error) {
    throw refused(error);
  }
}
export function transfer(handles, relationship) {
  try {
    session.transfer(handles, relationship);
  } catch (error) {
    throw refused(error);
  }
}
export function remove(handles) {
  try {
    session.remove(handles);
  } catch (error) {
    throw refused(error);
  }
}
export function attributes(handle) {
  return handle.attributes();
}
export function size(handle) {
  return NumberOf(handle.size());
}
export function penalize(handle) {
  handle.penalize();
}
export function setAttributes(handle, set, removed) {
  try {
    handle.setAttributes(set, removed);
  } catch (error) {
    throw refused(error);
  }
}
export function readAll(handle, limit) {
  try {
    return handle.readAll(limit);
  } catch (error) {
    throw refused(error);
  }
}
export function writeAll(handle, bytes) {
  try {
    handle.writeAll(bytes);
  } catch (error) {
    throw refused(error);
  }
}
export function reader(handle, offset) {
  try {
    return handle.read(offset);
  } catch (error) {
    throw refused(error);
  }
}
export function writer(handle, append) {
  try {
    return handle.write(append);
  } catch (error) {
    throw refused(error);
  }
}
export function next(source, max) {
  try {
    return source.next(max);
  } catch (error) {
    throw refused(error);
  }
}
export function pushBytes(target, bytes) {
  try {
    target.push(bytes);
  } catch (error) {
    throw refused(error);
  }
}
export function copyFrom(target, source, offset, length) {
  try {
    return NumberOf(target.copyFrom(source, offset, length));
  } catch (error) {
    throw refused(error);
  }
}
export function finish(target) {
  try {
    target.finish();
  } catch (error) {
    throw refused(error);
  }
}
const disposal = Symbol.dispose;
/** Gives a reader or a writer back, finished or not. */
export function dispose(resource) {
  if (disposal !== undefined && typeof resource[disposal] === "function") resource[disposal]();
}

export function property(name, on) {
  inSession();
  try {
    return orUndefined(session.property(name, on));
  } catch (error) {
    throw refused(error);
  }
}
export function dynamicProperties() {
  return session.dynamicProperties();
}
export function log(level, message) {
  session.log(level, message);
}
export function count(on, name, amount) {
  session.count(on, name, amount);
}
export function shouldEnd() {
  inSession();
  return session.shouldEnd();
}
export function yieldProcessor() {
  inSession();
  session.yieldProcessor();
}
export function stateGet(key) {
  inSession();
  try {
    return orUndefined(session.stateGet(key));
  } catch (error) {
    throw refused(error);
  }
}
export function statePut(key, value) {
  inSession();
  try {
    session.statePut(key, value);
  } catch (error) {
    throw refused(error);
  }
}

export function audioLoad(handle, rate, mono, offset, duration) {
  try {
    return audio.load(handle, rate, mono, offset, duration);
  } catch (error) {
    throw refused(error);
  }
}
export function audioLoadBytes(bytes, rate, mono, offset, duration) {
  try {
    return audio.loadBytes(bytes, rate, mono, offset, duration);
  } catch (error) {
    throw refused(error);
  }
}
export function audioCall(name, args) {
  try {
    return audio.call(name, args);
  } catch (error) {
    throw refused(error);
  }
}
