/** What a connection holds, and in which order it gives that away: as the format has it. */
import type { ConnectionTree } from "./tree";

/** What counts for a connection that says nothing else. */
export const DEFAULTS = { count: 10_000, size: "1 GB", expiration: "0 sec" } as const;

export const PRIORITIZERS = [
  "FirstInFirstOutPrioritizer",
  "NewestFlowFileFirstPrioritizer",
  "OldestFlowFileFirstPrioritizer",
  "PriorityAttributePrioritizer",
] as const;

const UNITS = ["B", "KB", "MB", "GB", "TB"];

/** Reads `1 GB` as flows write it; nothing when it is none. */
export function readBytes(text: string): number | undefined {
  const found = /^\s*(\d+(?:\.\d+)?)\s*(B|KB|MB|GB|TB)\s*$/i.exec(text);
  if (!found) return undefined;
  return Number(found[1]) * 1024 ** UNITS.indexOf((found[2] ?? "").toUpperCase());
}

/** How much fills a connection; 0 is no limit. */
export function roomOf(connection: ConnectionTree | undefined): {
  countMax: number;
  bytesMax: number;
} {
  const { count = DEFAULTS.count, size = DEFAULTS.size } = connection?.backPressure ?? {};
  // What cannot be read is told by the server, and does not count.
  return { countMax: count, bytesMax: readBytes(size) ?? readBytes(DEFAULTS.size) ?? 0 };
}
