/** What is open and selected. Nothing of it is kept by the server. */
import { create } from "zustand";
import type { Conflict, ProvenanceSearch } from "../api/types";
import type { Point } from "../graph/edits";
import type { QuickAdd, WirePick } from "./pick";

export type DockTab = "problems" | "bulletins" | "outline";
export type DialogName =
  | "plan"
  | "help"
  | "commands"
  | "queue"
  | "connect"
  | "rename"
  | "newThing"
  | "parameters"
  | "newFlow"
  | "provenance"
  | "figures"
  | "operations"
  | "trash"
  | "deleteFlow";

export interface ToastAction {
  label: string;
  run: () => void;
}

export interface Toast {
  id: number;
  /** Errors and warnings stay until they are read. */
  tone: "info" | "success" | "warning" | "error";
  title: string;
  detail?: string | undefined;
  conflicts?: Conflict[];
  /** What can be chosen. */
  actions?: ToastAction[];
  /** Whether it stays until one of these is chosen, as it holds what is nowhere else. */
  isChoice?: boolean;
  /** Whether it stays until it is read, though it went well. */
  isLasting?: boolean;
  /** What it is true of: it goes when that has changed. */
  about?: "trash";
}

export interface UiState {
  group: string;
  nodes: ReadonlySet<string>;
  wires: ReadonlySet<string>;
  isPaletteOpen: boolean;
  /** Whether what is selected is shown in the panel. */
  isPanelOpen: boolean;
  /** Whether the panel shows the group itself while nothing is selected. */
  isFlowPanelOpen: boolean;
  dock: DockTab | undefined;
  dialog: DialogName | undefined;
  /** Whether the review was opened by starting the flow. */
  isStarting: boolean;
  quickAdd: QuickAdd | undefined;
  wirePick: WirePick | undefined;
  /** The connection whose queue is looked into, by its path, and the flowfile to begin with. */
  queue: { connection: string; number: number | undefined } | undefined;
  /** The processor whose script is open, and the property that it is. */
  script: { group: string; name: string; property: string } | undefined;
  /** The parameter that the list of parameters begins with, as `CONTEXT:NAME`. */
  parameter: string | undefined;
  /** The service that the panel of the group is to show, or all with an empty name; until it does. */
  service: string | undefined;
  /** What the provenance is searched for at first. */
  provenance: ProvenanceSearch;
  toasts: Toast[];
  /** Asks the canvas to bring boxes or a wire into view, or all of the group; softly only where that
   * is possible without another zoom. */
  focus: { names: readonly string[] | "all"; turn: number; isSoft?: boolean } | undefined;
  /** Where the mouse was last, in the canvas's units. */
  pointer: Point | undefined;
  /** Told to people who hear instead of see. */
  announcement: string;
}

export const useUi = create<UiState>(() => ({
  group: "",
  nodes: new Set<string>(),
  wires: new Set<string>(),
  isPaletteOpen: true,
  isPanelOpen: true,
  isFlowPanelOpen: false,
  dock: undefined,
  dialog: undefined,
  isStarting: false,
  quickAdd: undefined,
  wirePick: undefined,
  queue: undefined,
  script: undefined,
  parameter: undefined,
  service: undefined,
  provenance: {},
  toasts: [],
  focus: undefined,
  pointer: undefined,
  announcement: "",
}));

/** Closes whatever lies above the canvas: it is of what was shown. */
export function closeAll(): void {
  useUi.setState({
    ...{ dialog: undefined, quickAdd: undefined, wirePick: undefined, script: undefined },
  });
}

/** Shows or hides the panel: that of the selection, or without one that of the group. */
export function togglePanel(): void {
  const { nodes, wires, isPanelOpen, isFlowPanelOpen } = useUi.getState();
  if (nodes.size + wires.size > 0) useUi.setState({ isPanelOpen: !isPanelOpen });
  else useUi.setState({ isFlowPanelOpen: !isFlowPanelOpen });
}

let turn = 0;

export function select(nodes: Iterable<string>, wires: Iterable<string> = []): void {
  useUi.setState({ nodes: new Set(nodes), wires: new Set(wires) });
}

export function focusOn(...names: string[]): void {
  turn += 1;
  useUi.setState({ focus: { names, turn } });
}

export function keepInView(...names: string[]): void {
  turn += 1;
  useUi.setState({ focus: { names, turn, isSoft: true } });
}

export function focusAll(): void {
  turn += 1;
  useUi.setState({ focus: { names: "all", turn } });
}

/** How many messages are shown that nobody has to choose about; the newest. */
const TOASTS_MAX = 4;
const TOAST_MS = 6000;
/** A button takes longer to be found and pressed. */
const TOAST_ACT_MS = 15_000;

export function toast(made: Omit<Toast, "id">): number {
  turn += 1;
  const id = turn;
  // The same told again is the same: it stays as long as what was told last.
  const others = useUi.getState().toasts.filter((each) => !isEqual(each, made));
  const toasts = [...others, { ...made, id }];
  const oldest = toasts.filter((each) => !each.isChoice).slice(0, -TOASTS_MAX);
  useUi.setState({ toasts: toasts.filter((each) => !oldest.includes(each)) });
  const isPassing = made.tone === "info" || made.tone === "success";
  if (!made.isChoice && made.isLasting !== true && isPassing) {
    setTimeout(
      () => {
        dismiss(id);
      },
      made.actions ? TOAST_ACT_MS : TOAST_MS,
    );
  }
  return id;
}

function isEqual(one: Toast, other: Omit<Toast, "id">): boolean {
  const isSame =
    one.tone === other.tone && one.title === other.title && one.detail === other.detail;
  return isSame && !one.isChoice && !other.isChoice && !one.conflicts && !other.conflicts;
}

export function dismissAbout(about: NonNullable<Toast["about"]>): void {
  useUi.setState(({ toasts }) => ({ toasts: toasts.filter((each) => each.about !== about) }));
}

export function dismissAll(): void {
  useUi.setState({ toasts: [] });
}

export function dismiss(id: number): void {
  useUi.setState({ toasts: useUi.getState().toasts.filter((each) => each.id !== id) });
}

export function announce(text: string): void {
  useUi.setState({ announcement: text });
}
