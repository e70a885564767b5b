// `console`, and NiFi's `log`: both write to the processor's log.
import * as host from "./host.js";
import {
  ErrorClass,
  StringOf,
  freeze,
  isArray,
  replaceEach,
  stringify,
  substring,
  toWellFormed,
  typedLength,
  typedTag,
} from "./primordials.js";

/** The engine keeps no longer message. */
const LONGEST = 64 << 10;

/** A value for people: text as it is, all else so that one sees what it is. */
export function shown(value) {
  switch (typeof value) {
    case "string":
      return value;
    case "bigint":
      return `${value}n`;
    case "symbol":
      return StringOf(value);
    case "function":
      return `[function ${StringOf(value.name) || "without a name"}]`;
    case "object":
      break;
    default:
      return StringOf(value);
  }
  if (value === null) return "null";
  if (value instanceof ErrorClass) return errorText(value);
  const tag = typedTag(value);
  if (tag !== undefined) return `${tag}(${typedLength(value)})`;
  try {
    const text = stringify(value, (_, one) => (typeof one === "bigint" ? `${one}n` : one));
    // What has no fields of its own shows by its own text: dates, maps, sets, expressions.
    if (text === "{}" && value.toString !== objectText) return StringOf(value);
    return text ?? StringOf(value);
  } catch {
    return isArray(value) ? "[an array that contains itself]" : "[an object that contains itself]";
  }
}

const objectText = Object.prototype.toString;

function errorText(error) {
  return `${StringOf(error.name)}: ${StringOf(error.message)}`;
}

function write(level, text) {
  const whole = toWellFormed(text);
  host.log(
    level,
    whole.length <= LONGEST
      ? whole
      : `${toWellFormed(substring(whole, 0, LONGEST))}… (${whole.length} characters)`,
  );
}

function spaced(values) {
  let text = "";
  for (let at = 0; at < values.length; at += 1) text += (at > 0 ? " " : "") + shown(values[at]);
  return text;
}

const at =
  (level) =>
  (...values) =>
    write(level, spaced(values));

export const console = {
  log: at("info"),
  info: at("info"),
  debug: at("debug"),
  trace: at("debug"),
  dir: at("info"),
  table: at("info"),
  warn: at("warning"),
  error: at("error"),
  assert(condition, ...values) {
    if (!condition) write("error", `assertion failed: ${spaced(values)}`);
  },
};

/** A message with `{}` for each value; what is left of them comes behind. */
const formatted =
  (level) =>
  (message, ...values) => {
    let used = 0;
    // NiFi also takes the values as one array.
    const list = values.length === 1 && isArray(values[0]) ? values[0] : values;
    let text = replaceEach(shown(message), /\{\}/g, () => {
      if (used >= list.length) return "{}";
      used += 1;
      return shown(list[used - 1]);
    });
    for (; used < list.length; used += 1) text += ` ${shown(list[used])}`;
    write(level, text);
  };

const yes = () => true;

export const log = freeze({
  debug: formatted("debug"),
  info: formatted("info"),
  warn: formatted("warning"),
  warning: formatted("warning"),
  error: formatted("error"),
  trace: formatted("debug"),
  isDebugEnabled: yes,
  isInfoEnabled: yes,
  isWarnEnabled: yes,
  isErrorEnabled: yes,
  isTraceEnabled: yes,
});

/** Text of errors that nobody may see otherwise. */
export function warn(text) {
  write("warning", text);
}
