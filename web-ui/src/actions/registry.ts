/** Every command of a person, once: menus, shortcuts, the command palette and the help read them. */
import type { Role } from "../api/types";
import { t, type MessageKey } from "../messages";
import { toast } from "../state/ui";
import { refusalFor } from "../state/user";

export type ActionGroup = "edit" | "select" | "view" | "run" | "go";

export interface Action {
  id: string;
  label: MessageKey;
  group: ActionGroup;
  /** As in `Mod+Shift+Z`; Mod is the command key on a Mac, Control elsewhere. */
  keys?: string[];
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
  const refusal = refusalFor(action.needs);
  if (refusal === undefined) action.run();
  else toast({ tone: "info", title: t("problemRole"), detail: refusal });
}

export function runAction(id: string): void {
  const action = actionOf(id);
  if (action && action.isEnabled?.() !== false) perform(action);
}

/** The keys of an event, as actions name them. */
export function keysOf(
  event: Pick<KeyboardEvent, "key" | "ctrlKey" | "metaKey" | "shiftKey" | "altKey">,
): string {
  const isLetter = /^[a-z]$/i.test(event.key);
  const key = isLetter ? event.key.toUpperCase() : event.key;
  const parts = [
    event.ctrlKey || event.metaKey ? "Mod" : "",
    event.altKey ? "Alt" : "",
    // Of other signs, such as `?`, the shift key is a part.
    event.shiftKey && (isLetter || key.length > 1) ? "Shift" : "",
    key,
  ];
  return parts.filter((part) => part !== "").join("+");
}

export function actionFor(keys: string): Action | undefined {
  return actions.find((each) => each.keys?.includes(keys) && each.isEnabled?.() !== false);
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
  const [keys] = actionOf(id)?.keys ?? [];
  return keys === undefined ? undefined : shownKeys(keys);
}
