// What a script keeps from one call to another: texts by name, which count with the session.
import * as host from "./host.js";
import { create, freeze, hasOwn, ownKeys, parse, push, stringify } from "./primordials.js";
import { attributeText, textOf } from "./values.js";

/** Where the names of all are kept, for the engine gives a value for its name and no names. */
const NAMES = ".names";

function names() {
  const text = host.stateGet(NAMES);
  return text === undefined ? [] : parse(text);
}

function keep(list) {
  host.statePut(NAMES, list.length === 0 ? null : stringify(list));
}

function without(list, name) {
  const made = [];
  for (let at = 0; at < list.length; at += 1) if (list[at] !== name) push(made, list[at]);
  return made;
}

export class State {
  /** The text of that name, or undefined. */
  get(name) {
    return host.stateGet(textOf(name, "the name of a state"));
  }

  has(name) {
    return this.get(name) !== undefined;
  }

  /** Keeps a value, as attributes do: numbers written out, objects as JSON. */
  set(name, value) {
    const key = textOf(name, "the name of a state");
    if (value === undefined || value === null) {
      this.delete(key);
      return this;
    }
    host.statePut(key, attributeText(value, key));
    const list = names();
    for (let at = 0; at < list.length; at += 1) if (list[at] === key) return this;
    push(list, key);
    keep(list);
    return this;
  }

  delete(name) {
    const key = textOf(name, "the name of a state");
    if (host.stateGet(key) === undefined) return false;
    host.statePut(key, null);
    keep(without(names(), key));
    return true;
  }

  keys() {
    return names();
  }

  toObject() {
    const made = create(null);
    const list = names();
    for (let at = 0; at < list.length; at += 1) made[list[at]] = host.stateGet(list[at]);
    return made;
  }

  toJSON() {
    return this.toObject();
  }
}
freeze(State.prototype);

/** What NiFi's scripts know of it. */
export function stateManager(state) {
  const replaceAll = (values) => {
    const given = valuesOf(values);
    const list = state.keys();
    for (let at = 0; at < list.length; at += 1) {
      if (!hasOwn(given, list[at])) state.delete(list[at]);
    }
    const keys = ownKeys(given);
    for (let at = 0; at < keys.length; at += 1) state.set(keys[at], given[keys[at]]);
  };
  return freeze({
    getState: () => {
      const all = state.toObject();
      const get = (key) => (hasOwn(all, key) ? all[key] : null);
      return freeze({
        get,
        toMap: () => all,
        getVersion: () => (state.keys().length > 0 ? 1 : -1),
        getStateVersion: () => ({ isPresent: () => state.keys().length > 0 }),
      });
    },
    setState: replaceAll,
    replace: (_, values) => {
      replaceAll(values);
      return true;
    },
    clear: () => replaceAll({}),
  });
}

function valuesOf(values) {
  return values?.toObject?.() ?? values ?? {};
}
