// Promises whose jobs the runner runs itself: the component's own are never run, since nothing
// waits in a sandbox without timers or sockets. `async` functions become generators that call
// `asynchronous` (see syntax/async.js).
import {
  ErrorClass,
  TypeErrorClass,
  apply,
  defineProperty,
  freeze,
  push,
  AggregateErrorClass,
} from "./primordials.js";

const PENDING = 0;
const FULFILLED = 1;
const REJECTED = 2;

let jobs = [];
let unhandled = [];

/** Runs what waits, and what that makes wait, to the end. */
export function drain() {
  for (let at = 0; at < jobs.length; at += 1) {
    const job = jobs[at];
    jobs[at] = undefined;
    job();
  }
  jobs = [];
}

/** Forgets what an earlier session left. */
export function forget() {
  jobs = [];
  unhandled = [];
}

/** A rejection that nothing took care of, as `{ reason }`. */
export function unhandledRejection() {
  for (let at = 0; at < unhandled.length; at += 1) {
    if (!unhandled[at].handled) return { reason: unhandled[at].value };
  }
  return undefined;
}

export function queueMicrotask(task) {
  if (typeof task !== "function") throw new TypeErrorClass("queueMicrotask takes a function");
  push(jobs, () => task());
}

let stateOf;

export class Promise {
  #state = { status: PENDING, value: undefined, waiting: [], handled: false };

  static {
    stateOf = (value) =>
      typeof value === "object" && value !== null && #state in value ? value.#state : undefined;
  }

  constructor(executor) {
    if (typeof executor !== "function") throw new TypeErrorClass("new Promise takes a function");
    const { resolve, reject } = settlers(this.#state, this);
    try {
      executor(resolve, reject);
    } catch (error) {
      reject(error);
    }
  }

  then(fulfilled, rejected) {
    const next = withResolvers();
    const state = this.#state;
    state.handled = true;
    const react = () => {
      const handler = state.status === FULFILLED ? fulfilled : rejected;
      if (typeof handler !== "function") {
        if (state.status === FULFILLED) next.resolve(state.value);
        else next.reject(state.value);
        return;
      }
      let made;
      try {
        made = handler(state.value);
      } catch (error) {
        next.reject(error);
        return;
      }
      next.resolve(made);
    };
    if (state.status === PENDING) push(state.waiting, react);
    else push(jobs, react);
    return next.promise;
  }

  catch(rejected) {
    return this.then(undefined, rejected);
  }

  finally(task) {
    if (typeof task !== "function") return this.then(task, task);
    return this.then(
      (value) => Promise.resolve(task()).then(() => value),
      (reason) =>
        Promise.resolve(task()).then(() => {
          throw reason;
        }),
    );
  }

  get [Symbol.toStringTag]() {
    return "Promise";
  }

  static resolve(value) {
    if (stateOf(value) !== undefined) return value;
    return new Promise((resolve) => resolve(value));
  }

  static reject(reason) {
    return new Promise((_, reject) => reject(reason));
  }
  static withResolvers() {
    return withResolvers();
  }
  static try(task, ...args) {
    return new Promise((resolve) => resolve(apply(task, undefined, args)));
  }

  static all(values) {
    return gather(values, (each, made, left, { resolve, reject }) =>
      each.then((value) => {
        made[left.at] = value;
        if ((left.all.count -= 1) === 0) resolve(made);
      }, reject),
    );
  }

  static allSettled(values) {
    return gather(values, (each, made, left, { resolve }) => {
      const settle = (one) => {
        made[left.at] = one;
        if ((left.all.count -= 1) === 0) resolve(made);
      };
      each.then(
        (value) => settle({ status: "fulfilled", value }),
        (reason) => settle({ status: "rejected", reason }),
      );
    });
  }

  static race(values) {
    return new Promise((resolve, reject) => {
      for (const value of values) Promise.resolve(value).then(resolve, reject);
    });
  }

  static any(values) {
    return gather(
      values,
      (each, errors, left, { resolve, reject }) => {
        each.then(resolve, (reason) => {
          errors[left.at] = reason;
          if ((left.all.count -= 1) === 0) {
            reject(new AggregateErrorClass(errors, "all promises were rejected"));
          }
        });
      },
      true,
    );
  }
}

freeze(Promise.prototype);

function gather(values, take, any = false) {
  const outcome = withResolvers();
  const made = [];
  const all = { count: 1 };
  let at = 0;
  for (const value of values) {
    all.count += 1;
    made[at] = undefined;
    take(Promise.resolve(value), made, { at, all }, outcome);
    at += 1;
  }
  all.count -= 1;
  if (all.count === 0) {
    if (any) outcome.reject(new AggregateErrorClass(made, "all promises were rejected"));
    else outcome.resolve(made);
  }
  return outcome.promise;
}

function withResolvers() {
  let resolve;
  let reject;
  const promise = new Promise((yes, no) => {
    resolve = yes;
    reject = no;
  });
  return { promise, resolve, reject };
}

function settle(state, status, value) {
  state.status = status;
  state.value = value;
  const { waiting } = state;
  state.waiting = [];
  for (let at = 0; at < waiting.length; at += 1) push(jobs, waiting[at]);
  if (status === REJECTED && !state.handled) push(unhandled, state);
}

/** The two functions that settle a promise, once. */
function settlers(state, promise) {
  let done = false;
  const reject = (reason) => {
    if (done) return;
    done = true;
    settle(state, REJECTED, reason);
  };
  const resolve = (value) => {
    if (done) return;
    done = true;
    if (value === promise) {
      settle(state, REJECTED, new TypeErrorClass("a promise cannot wait for itself"));
      return;
    }
    if ((typeof value !== "object" || value === null) && typeof value !== "function") {
      settle(state, FULFILLED, value);
      return;
    }
    let then;
    try {
      then = value.then;
    } catch (error) {
      settle(state, REJECTED, error);
      return;
    }
    if (typeof then !== "function") {
      settle(state, FULFILLED, value);
      return;
    }
    push(jobs, () => {
      const inner = settlers(state, promise);
      try {
        apply(then, value, [inner.resolve, inner.reject]);
      } catch (error) {
        inner.reject(error);
      }
    });
  };
  return { resolve, reject };
}

/** What becomes of `async` functions: runs a generator, which yields what it awaits. */
export function asynchronous(self, args, generator) {
  const running = apply(generator, self, args);
  const { next, throw: raise } = generatorMethods;
  return new Promise((resolve, reject) => {
    const step = (method, value) => {
      let made;
      try {
        made = apply(method, running, [value]);
      } catch (error) {
        reject(error);
        return;
      }
      if (made.done) {
        resolve(made.value);
        return;
      }
      Promise.resolve(made.value).then(
        (got) => step(next, got),
        (error) => step(raise, error),
      );
    };
    step(next, undefined);
  });
}

const generatorPrototype = Object.getPrototypeOf(Object.getPrototypeOf((function* none() {})()));
const generatorMethods = { next: generatorPrototype.next, throw: generatorPrototype.throw };

/** What a function gave, after all jobs ran: of a promise its value, or its error thrown. */
export function settled(value, what) {
  drain();
  const state = stateOf(value);
  if (state === undefined) {
    if (value !== null && typeof value === "object" && typeof value.then === "function") {
      return settled(Promise.resolve(value), what);
    }
    return value;
  }
  state.handled = true;
  if (state.status === FULFILLED) return state.value;
  if (state.status === REJECTED) throw state.value;
  throw new ErrorClass(
    `${what} gave a promise that nothing will ever settle: there are no timers` +
      " and no network here, so a script can only wait for promises that it settles itself",
  );
}

export function isPromise(value) {
  return stateOf(value) !== undefined;
}

/** Puts them where scripts find them. */
export function install(target) {
  defineProperty(target, "Promise", {
    value: Promise,
    writable: true,
    configurable: true,
    enumerable: false,
  });
  defineProperty(target, "queueMicrotask", {
    value: queueMicrotask,
    writable: true,
    configurable: true,
    enumerable: false,
  });
}
