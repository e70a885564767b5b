/** The shortcuts that a person has changed, by command; the browser keeps them. */
import { create } from "zustand";

const KEY = "tutti.keys";
const COMMANDS_MAX = 200;
const KEYS_MAX = 4;
const LENGTH_MAX = 40;

type Changed = Readonly<Record<string, readonly string[]>>;

/** What is kept, whoever wrote it. */
export function readKeys(text: string | null): Changed {
  try {
    const found: unknown = JSON.parse(text ?? "{}");
    if (typeof found !== "object" || found === null) return {};
    const isKey = (key: unknown): key is string =>
      typeof key === "string" && key !== "" && key.length <= LENGTH_MAX;
    return Object.fromEntries(
      Object.entries(found as Record<string, unknown>)
        .slice(0, COMMANDS_MAX)
        .flatMap(([id, keys]) =>
          Array.isArray(keys) ? [[id, keys.filter(isKey).slice(0, KEYS_MAX)]] : [],
        ),
    );
  } catch {
    return {};
  }
}

function kept(): Changed {
  try {
    return readKeys(localStorage.getItem(KEY));
  } catch {
    return {};
  }
}

export const useKeys = create<{ changed: Changed }>(() => ({ changed: kept() }));

function keep(changed: Changed): void {
  try {
    localStorage.setItem(KEY, JSON.stringify(changed));
  } catch {
    // A browser that keeps nothing has them until it is closed.
  }
  useKeys.setState({ changed });
}

export function changeKeys(changes: Changed): void {
  keep({ ...useKeys.getState().changed, ...changes });
}

/** Those of one command, or of all, are again as they came. */
export function resetKeys(id?: string): void {
  const { changed } = useKeys.getState();
  keep(
    id === undefined
      ? {}
      : Object.fromEntries(Object.entries(changed).filter(([each]) => each !== id)),
  );
}
