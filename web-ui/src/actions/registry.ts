/** Every command of a person, once: menus, shortcuts, the command palette and the help read them. */
import type { Role } from "../api/types";
import type { MessageKey } from "../messages";
import { useKeys } from "../state/keys";
import { isRefused } from "../state/user";

export type ActionGroup = "edit" | "select" | "view" | "run" | "go";

export interface Action {
  id: string;
  label: MessageKey;
  /** What else people call it: it is found by these words, too. */
  words?: MessageKey;
  group: ActionGroup;
  /** As in `Mod+Shift+Z`; Mod is the command key on a Mac, Control elsewhere. */
  keys?: readonly string[];
  /** Whether its keys work while one writes, too; what was typed counts. */
  isInFields?: boolean;
  isEnabled?: () => boolean;
  /** The role that a user must have at least; a viewer's where nothing is said. */
  needs?: Role;
  run: () => void;
}

const actions: Action[] = [];

export function register(...added: Action[]): void {
  actions.push(...added);
}

export function allActions(): readonly Action[] {
  return actions;
}

export function actionOf(id: string): Action | undefined {
  return actions.find((each) => each.id === id);
}

/** Does it, or says why the user may not. */
export function perform(action: Action): void {
  if (!isRefused(action.needs)) action.run();
}

export function runAction(id: string): void {
  const action = actionOf(id);
  if (action && action.isEnabled?.() !== false) perform(action);
}

/** The keys of an event, as actions name them. */
export function keysOf(
  event: Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">,
): string {
  // With Alt a Mac makes other signs of letters.
  const written =
    event.altKey && !/^[a-z]$/i.test(event.key) ? /^Key([A-Z])$/.exec(event.code) : null;
  const isLetter = written !== null || /^[a-z]$/i.test(event.key);
  const key = isLetter ? (written?.[1] ?? event.key).toUpperCase() : event.key;
  const parts = [
    event.ctrlKey || event.metaKey ? "Mod" : "",
    event.altKey ? "Alt" : "",
    // Of other signs, such as `?`, the shift key is a part.
    event.shiftKey && (isLetter || key.length > 1) ? "Shift" : "",
    key,
  ];
  return parts.filter((part) => part !== "").join("+");
}

/** The commands that browsers have events for, with the keys that make them everywhere. */
export const NATIVE_KEYS: Readonly<Record<string, string>> = {
  copy: "Mod+C",
  cut: "Mod+X",
  paste: "Mod+V",
};

/** The command whose event the browser makes of these keys. */
export function nativeOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">,
): string | undefined {
  const { key, ctrlKey, metaKey, shiftKey, altKey } = event;
  const isAlone = IS_MAC ? metaKey && !ctrlKey : ctrlKey && !metaKey;
  if (!isAlone || shiftKey || altKey) return undefined;
  const keys = `Mod+${key.toUpperCase()}`;
  return Object.keys(NATIVE_KEYS).find((id) => NATIVE_KEYS[id] === keys);
}

const NO_KEYS: readonly string[] = [];

/** Those that a person gave it, or those that it came with. */
export function keysFor({ id, keys }: Action): readonly string[] {
  return useKeys.getState().changed[id] ?? keys ?? NO_KEYS;
}

export function actionFor(keys: string): Action | undefined {
  return actions.find((each) => keysFor(each).includes(keys) && each.isEnabled?.() !== false);
}

/** Another command that has these keys. */
export function ownerOf(keys: string, besides: string): Action | undefined {
  return actions.find((each) => each.id !== besides && keysFor(each).includes(keys));
}

/** What browsers do themselves, whatever a page wants, and what the canvas and buttons need. */
const BROWSERS = /^Mod\+(Shift\+)?[NTW]$|^F(11|12)$/;
const CANVAS = /^(Shift\+)?(Arrow(Left|Right|Up|Down)|Enter| |Space)$/;

/** Why no command can have these keys. */
export function refusalOfKeys(keys: string): "keysOfBrowser" | "keysOfCanvas" | undefined {
  if (BROWSERS.test(keys)) return "keysOfBrowser";
  return CANVAS.test(keys) ? "keysOfCanvas" : undefined;
}

const IS_MAC = typeof navigator !== "undefined" && /mac/i.test(navigator.userAgent);

const ARROWS: Record<string, string> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
};

/** Keys as they stand on the keyboard. */
export function shownKeys(keys: string): string {
  return keys
    .split(/\+(?=.)/)
    .map((part) => {
      if (part === "Mod") return IS_MAC ? "⌘" : "Ctrl";
      if (part === "Delete") return "Del";
      if (part in ARROWS) return ARROWS[part] ?? part;
      return part;
    })
    .join(IS_MAC ? "" : "+");
}

export function shortcutOf(id: string): string | undefined {
  const action = actionOf(id);
  const [keys] = action ? keysFor(action) : NO_KEYS;
  return keys === undefined ? undefined : shownKeys(keys);
}
