// The processor's properties and its state, as `context`, and the user's own as variables.
import * as host from "./host.js";
import { flowfileOf, flush } from "./flowfile.js";
import { State, stateManager } from "./state.js";
import {
  NumberOf,
  TypeErrorClass,
  create,
  defineProperty,
  exec,
  freeze,
  hasOwn,
  isSafeInteger,
  toLowerCase,
  trim,
} from "./primordials.js";
import { textOf } from "./values.js";

const seconds = {
  __proto__: null,
  ns: 1e-9,
  nanos: 1e-9,
  ms: 1e-3,
  millis: 1e-3,
  milliseconds: 1e-3,
  s: 1,
  sec: 1,
  secs: 1,
  second: 1,
  seconds: 1,
  m: 60,
  min: 60,
  mins: 60,
  minute: 60,
  minutes: 60,
  h: 3600,
  hr: 3600,
  hrs: 3600,
  hour: 3600,
  hours: 3600,
  d: 86400,
  day: 86400,
  days: 86400,
  w: 604800,
  week: 604800,
  weeks: 604800,
};
const bytes = { __proto__: null, b: 1, kb: 2 ** 10, mb: 2 ** 20, gb: 2 ** 30, tb: 2 ** 40 };

/** The value of a property. Its expressions are evaluated where a flowfile was named. */
export class PropertyValue {
  #name;
  #flowfile;

  constructor(name, flowfile) {
    this.#name = name;
    this.#flowfile = flowfile;
  }

  static {
    delete PropertyValue.prototype.constructor;
  }

  evaluateAttributeExpressions(flowfile = undefined) {
    return new PropertyValue(
      this.#name,
      flowfile === undefined || flowfile === null
        ? undefined
        : flowfileOf(flowfile, "what expressions are evaluated for"),
    );
  }

  getValue() {
    const handle = this.#flowfile === undefined ? null : flush(this.#flowfile);
    return host.property(this.#name, handle) ?? null;
  }

  isSet() {
    return this.getValue() !== null;
  }
  isExpressionLanguagePresent() {
    return exec(/\$\{/, host.property(this.#name, null) ?? "") !== null;
  }
  asInteger() {
    return this.#as("a whole number, such as 13", (text) => {
      const number = exec(/^[+-]?\d+$/, text) === null ? NaN : NumberOf(text);
      return isSafeInteger(number) ? number : undefined;
    });
  }
  asLong() {
    return this.asInteger();
  }
  asDouble() {
    return this.#as("a number, such as 0.5", (text) => {
      const number = text === "" ? NaN : NumberOf(text);
      return number === number ? number : undefined;
    });
  }
  asFloat() {
    return this.asDouble();
  }
  asBoolean() {
    return this.#as("true or false", (text) => {
      const word = toLowerCase(text);
      return word === "true" ? true : word === "false" ? false : undefined;
    });
  }
  /** How long, in milliseconds. */
  asTimePeriod() {
    return this.#unit("a duration, such as 5 min", seconds, 1000);
  }
  /** How much, in bytes. */
  asDataSize() {
    return this.#unit("a size, such as 10 MB", bytes, 1);
  }

  toString() {
    return this.getValue() ?? "";
  }
  toJSON() {
    return this.getValue();
  }

  #unit(what, units, times) {
    return this.#as(what, (text) => {
      const found = exec(/^([0-9.]+)\s*([A-Za-z]+)$/, text);
      const unit = found === null ? undefined : units[toLowerCase(found[2])];
      return unit === undefined ? undefined : NumberOf(found[1]) * unit * times;
    });
  }

  #as(what, make) {
    const text = this.getValue();
    if (text === null) return null;
    const made = make(trim(text));
    if (made === undefined) {
      throw new TypeErrorClass(`the property '${this.#name}' is '${text}', and must be ${what}`);
    }
    return made;
  }
}
freeze(PropertyValue.prototype);

const propertyOf = (name) => new PropertyValue(textOf(name, "the name of a property"), undefined);

/** What the processor is set to. */
export const context = freeze({
  /** Values that are kept from one call to another. */
  state: freeze(new State()),

  /** The text of a property, evaluated for a flowfile if one is given. */
  property(name, flowfile = undefined) {
    return propertyOf(name).evaluateAttributeExpressions(flowfile).getValue() ?? undefined;
  },

  /** The user's own properties: their texts by name. */
  get properties() {
    const made = create(null);
    const names = host.dynamicProperties();
    for (let at = 0; at < names.length; at += 1) made[names[at]] = host.property(names[at], null);
    return made;
  },

  /** Whether the script is to end soon: the processor stops, or has used its time. */
  shouldEnd: () => host.shouldEnd(),
  /** There is nothing to do for the processor's yield duration. */
  yield: () => host.yieldProcessor(),

  getProperty: propertyOf,
  getProperties() {
    return this.properties;
  },
  getAllProperties() {
    return this.properties;
  },
  getStateManager: () => manager,
});

const manager = stateManager(context.state);

let defined = create(null);

/** The user's own properties as variables, where no other has the name. */
export function defineDynamic(target) {
  const names = host.dynamicProperties();
  for (let at = 0; at < names.length; at += 1) {
    const name = names[at];
    if (defined[name] === true || hasOwn(target, name)) continue;
    defined[name] = true;
    defineProperty(target, name, {
      value: new PropertyValue(name, undefined),
      writable: true,
      configurable: true,
      enumerable: false,
    });
  }
}
