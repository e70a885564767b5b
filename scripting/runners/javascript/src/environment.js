// The names that a script finds: those that stand before it, which it may use for its own, and
// those that are global.
import * as host from './host.js';
import { asynchronous, install as installPromises } from './promise.js';
import { context } from './context.js';
import { console, log } from './output.js';
import { TextDecoder, TextEncoder } from './encoding.js';
import { structuredClone } from './clone.js';
import { librosa } from './audio.js';
import { Retry } from './errors.js';
import { install as installJava } from './java.js';
import { defineProperty, deleteProperty, ErrorClass, getOwnPropertyDescriptor } from './primordials.js';

/** What stands before the script. */
export const values = {
  __proto__: null, context, log, librosa, Retry, REL_SUCCESS: 'success', REL_FAILURE: 'failure',
  $async: asynchronous,
};

const fixed = (target, name, value) => defineProperty(target, name, {
  value, writable: false, configurable: false, enumerable: false });
const plain = (target, name, value) => defineProperty(target, name, {
  value, writable: true, configurable: true, enumerable: false });

/** Makes the global object what scripts find; done while the component is built. */
export function install(target) {
  plain(target, 'console', console);
  plain(target, 'TextEncoder', TextEncoder);
  plain(target, 'TextDecoder', TextDecoder);
  plain(target, 'structuredClone', structuredClone);
  plain(target, 'print', console.log);
  installPromises(target);
  installJava(target);
  installClock(target);
  // Nothing ever calls back from these here, so it is better that they are not there.
  deleteProperty(target, 'FinalizationRegistry');
  deleteProperty(target, 'SharedArrayBuffer');
  deleteProperty(target, '__cqjs');
  deleteProperty(target, 'wit');
  delete Array.fromAsync;
}

/**
 * Keeps what the bindings themselves look up when a call ends with an error: without these, a
 * script that replaces one would end the whole instance.
 */
export function protect(target) {
  for (const name of ['Object', 'Error', 'String']) fixed(target, name, target[name]);
  const own = Object.prototype.hasOwnProperty;
  // An object may still have its own: `object.hasOwnProperty = …` defines that.
  defineProperty(Object.prototype, 'hasOwnProperty', {
    get: () => own,
    set(value) {
      if (this === Object.prototype) return;
      defineProperty(this, 'hasOwnProperty', {
        value, writable: true, configurable: true, enumerable: true });
    },
    configurable: false,
    enumerable: false,
  });
  if (getOwnPropertyDescriptor(Error, 'prepareStackTrace')?.configurable !== false) {
    fixed(Error, 'prepareStackTrace', undefined);
  }
  if (getOwnPropertyDescriptor(Error, 'stackTraceLimit')?.configurable !== false) {
    fixed(Error, 'stackTraceLimit', 40);
  }
}

/** The host's time, where it gives one; QuickJS's own would end the instance. */
function now() {
  const time = host.now();
  if (time === undefined) {
    throw new ErrorClass('there is no clock here, so new Date() needs a time: take one from an '
      + 'attribute, such as new Date(flowfile.attributes["file.lastModifiedTime"]), or let '
      + 'UpdateAttribute set one with ${now()}');
  }
  return time;
}

function installClock(target) {
  const { Date: Native } = target;
  const Clock = new Proxy(Native, {
    construct: (_, args, as) => Reflect.construct(Native, args.length === 0 ? [now()] : args, as),
    apply: () => new Native(now()).toString(),
  });
  plain(Native, 'now', now);
  plain(Native.prototype, 'constructor', Clock);
  plain(target, 'Date', Clock);
  const start = () => {
    const begin = now();
    return () => now() - begin;
  };
  let since;
  plain(target, 'performance', Object.freeze({
    now: () => (since ??= start())(),
    get timeOrigin() { return now(); },
  }));
}
