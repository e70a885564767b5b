/** Sorts types of processors into families by what they say of themselves, for colours and icons. */
import type { ProcessorType } from "../api/types";

export const FAMILIES = [
  "audio",
  "script",
  "source",
  "store",
  "http",
  "route",
  "attributes",
  "content",
  "other",
] as const;

export type Family = (typeof FAMILIES)[number];

const BY_TAG: readonly [Family, readonly string[]][] = [
  ["script", ["script"]],
  ["audio", ["music", "librosa", "decode"]],
  ["http", ["http", "https"]],
  ["route", ["route", "throttle", "dedupe", "signal", "decide"]],
  ["attributes", ["attribute", "attributes", "mime.type"]],
  ["content", ["content", "split", "merge", "json", "text", "compress", "unpack", "archive"]],
];

export function familyOf(type: ProcessorType | undefined): Family {
  if (!type) return "other";
  const found = BY_TAG.find(([, tags]) => tags.some((tag) => type.tags.includes(tag)));
  const isFiles = ["file", "object"].some((tag) => type.tags.slice(0, 2).includes(tag));
  if (isFiles && type.outside) return type.input === "forbidden" ? "source" : "store";
  if (found) return found[0];
  return type.input === "forbidden" ? "source" : "other";
}

/** A name for a new processor: its type in words, as in `Decode audio`. */
export function wordsOf(type: string): string {
  const words = type
    .replaceAll(/([a-z0-9])([A-Z])/g, "$1 $2")
    .replaceAll(/([A-Z]+)([A-Z][a-z])/g, "$1 $2")
    .split(" ");
  return words
    .map((word, index) => (index === 0 || word === word.toUpperCase() ? word : word.toLowerCase()))
    .join(" ");
}
