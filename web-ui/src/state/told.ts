/** What a processor has told of late that somebody should know of: by the bulletins of the flow. */
import type { Bulletin } from "../api/types";
import { useLive } from "./live";

/** How long a box is marked after its processor has told something. */
export const TOLD_MS = 5 * 60_000;

const indexes = new WeakMap<readonly Bulletin[], Map<string, Bulletin[]>>();

/** Errors and warnings by component: a thousand boxes ask once a second. */
function indexOf(bulletins: readonly Bulletin[]): Map<string, Bulletin[]> {
  const known = indexes.get(bulletins);
  if (known) return known;
  const index = new Map<string, Bulletin[]>();
  for (const each of bulletins) {
    if (each.level !== "error" && each.level !== "warning") continue;
    const list = index.get(each.component);
    if (list) list.push(each);
    else index.set(each.component, [each]);
  }
  indexes.set(bulletins, index);
  return index;
}

const NONE: readonly Bulletin[] = [];

function recent(bulletins: readonly Bulletin[], path: string, now: number): readonly Bulletin[] {
  const all = indexOf(bulletins).get(path);
  return all?.filter((each) => now - each.timeMs < TOLD_MS) ?? NONE;
}

/** The newest error or warning; bulletins come newest first. */
export function newestTold(
  bulletins: readonly Bulletin[],
  path: string,
  now: number,
): Bulletin | undefined {
  return recent(bulletins, path, now)[0];
}

export function toneTold(
  bulletins: readonly Bulletin[],
  path: string,
  now: number,
): "bad" | "warn" | undefined {
  const all = recent(bulletins, path, now);
  if (all.length === 0) return undefined;
  return all.some(({ level }) => level === "error") ? "bad" : "warn";
}

/** These follow the clock, as each status asks them anew; what stays the same renders nothing. */
export function useNewestTold(path: string): Bulletin | undefined {
  return useLive(({ bulletins }) => newestTold(bulletins, path, Date.now()));
}

export function useToneTold(path: string): "bad" | "warn" | undefined {
  return useLive(({ bulletins }) => toneTold(bulletins, path, Date.now()));
}
