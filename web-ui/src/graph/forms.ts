/** The forms that settings have: what is written otherwise the server would not take for a flow. */

export type Form =
  { is: "number"; min: number; max: number } | { is: "duration" | "size" | "cron" | "zone" };

/** Settings that are whole numbers, with their bounds. */
export const NUMBERS = {
  concurrentTasks: { is: "number", min: 1, max: 1024 },
  attempts: { is: "number", min: 1, max: 10_000 },
  count: { is: "number", min: 0, max: 2 ** 32 - 1 },
} as const satisfies Record<string, Form>;

const TIMES: readonly [RegExp, number][] = [
  [/^(ns|nano|nanos|nanosecond|nanoseconds)$/i, 1],
  [/^(us|µs|micro|micros|microsecond|microseconds)$/i, 1e3],
  [/^(ms|milli|millis|millisecond|milliseconds)$/i, 1e6],
  [/^(s|sec|secs|second|seconds)$/i, 1e9],
  [/^(m|min|mins|minute|minutes)$/i, 6e10],
  [/^(h|hr|hrs|hour|hours)$/i, 3.6e12],
  [/^(d|day|days)$/i, 8.64e13],
  [/^(w|wk|wks|week|weeks)$/i, 6.048e14],
];
const SIZES: readonly [RegExp, number][] = [
  [/^b$/i, 1],
  [/^kb$/i, 1024],
  [/^mb$/i, 1024 ** 2],
  [/^gb$/i, 1024 ** 3],
  [/^tb$/i, 1024 ** 4],
];
/** Both are counted in 64 bits. */
const MOST = 2 ** 64;

function isMeasure(text: string, units: readonly [RegExp, number][]): boolean {
  const [, number, unit = ""] = /^(\d+(?:\.\d+)?)\s*(\D.*)$/.exec(text) ?? [];
  const found = units.find(([name]) => name.test(unit));
  return number !== undefined && found !== undefined && Number(number) * found[1] < MOST;
}

/** Of each field of a cron expression the least, the most, and the first of its names. */
const CRON = [
  { min: 0, max: 59 },
  { min: 0, max: 59 },
  { min: 0, max: 23 },
  { min: 1, max: 31 },
  { min: 1, max: 12, names: /^(JAN|FEB|MAR|APR|MAY|JUN|JUL|AUG|SEP|OCT|NOV|DEC)$/i },
  { min: 0, max: 7, names: /^(SUN|MON|TUE|WED|THU|FRI|SAT)$/i },
] as const;

/** Whether it has six fields of what such fields may have. What no calendar has, such as the 30th
 * of February, the server tells. */
function isCron(text: string): boolean {
  const fields = text.split(/\s+/);
  if (fields.length !== CRON.length) return false;
  return CRON.every((known, at) => {
    const names = "names" in known ? known.names : undefined;
    const isDay = at === 3 || at === 5;
    const isOne = (word: string) => {
      const plain = isDay ? word.replace(/^L-?|[LW]$|#([1-5]|L)$/gi, "") : word;
      if (plain === "") return isDay && word !== "";
      const isNumber = /^\d{1,2}$/.test(plain);
      return isNumber
        ? Number(plain) >= known.min && Number(plain) <= known.max
        : names?.test(plain) === true;
    };
    return (fields[at] ?? "").split(",").every((part) => {
      const [range = "", step, ...more] = part.split("/");
      if (more.length > 0 || (step !== undefined && !/^[1-9]\d?$/.test(step))) return false;
      if (range === "*" || range === "?") return true;
      if (isDay && /^L/i.test(range)) return isOne(range);
      const ends = range.split("-");
      return ends.length <= 2 && ends.every(isOne);
    });
  });
}

function isZone(text: string): boolean {
  // Browsers take differences to UTC as well, such as +01:00.
  if (!/^[a-z]/i.test(text)) return false;
  try {
    new Intl.DateTimeFormat("en", { timeZone: text });
    return true;
  } catch {
    return false;
  }
}

/** Whether `text` has that form, so that it can be sent. */
export function hasForm(form: Form, text: string): boolean {
  const trimmed = text.trim();
  switch (form.is) {
    case "number":
      return (
        /^\d{1,15}$/.test(trimmed) && Number(trimmed) >= form.min && Number(trimmed) <= form.max
      );
    case "duration":
      return isMeasure(trimmed, TIMES);
    case "size":
      return isMeasure(trimmed, SIZES);
    case "cron":
      return isCron(trimmed);
    case "zone":
      return isZone(trimmed);
  }
}
