/** Texts by their keys. Every text that a person reads comes from here. */
import { en } from "./en";

export type MessageKey = keyof typeof en;
type Values = Record<string, string | number>;

/** The text of that key, with `{name}` replaced by values. */
export function t(key: MessageKey, values?: Values): string {
  const text: string = en[key];
  if (!values) return text;
  return text.replaceAll(/\{(\w+)\}/g, (whole, name: string) => {
    const value = values[name];
    return value === undefined ? whole : String(value);
  });
}

const COUNT = new Intl.NumberFormat("en");

/** One of two texts, by number, which is `{count}` in them. */
export function plural(
  number: number,
  one: MessageKey,
  other: MessageKey,
  values?: Values,
): string {
  return t(number === 1 ? one : other, { ...values, count: COUNT.format(number) });
}
