/** Opens things: groups, queues, dialogs; keeps the address right. */
import type { Change, ProvenanceSearch } from "../api/types";
import { touchedBy } from "../graph/touched";
import { asFlow, groupAt, join, kindOf, own, split, type GroupTree } from "../graph/tree";
import { t } from "../messages";
import { flowName, useDraft } from "./draft";
import { flowHash, type Route } from "./route";
import {
  dismiss,
  dismissAbout,
  focusAll,
  focusOn,
  select,
  toast,
  useUi,
  type DialogName,
  type ToastAction,
} from "./ui";

export function openGroup(path: string): void {
  history.pushState(null, "", flowHash(flowName(), path));
  useUi.setState({ group: path, pointer: undefined });
  select([]);
  focusAll();
}

/** Shows what waits in a connection; `number` is the flowfile to begin with. */
export function openQueue(connection: string, number?: number): void {
  useUi.setState({ queue: { connection, number }, dialog: "queue" });
}

/** Opens the editor of a script: a property of a processor. */
export function openScript(group: string, name: string, property: string): void {
  useUi.setState({ script: { group, name, property } });
}

export function closeScript(): void {
  useUi.setState({ script: undefined });
}

export function openProvenance(provenance: ProvenanceSearch): void {
  useUi.setState({ provenance, dialog: "provenance" });
}

export function openDialog(dialog: DialogName): void {
  useUi.setState({ dialog, parameter: undefined, isStarting: false });
}

/** The review of what would be started. */
export function openReviewOfStart(): void {
  useUi.setState({ dialog: "plan", isStarting: true });
}

// The trash is that of the flow that is open.
useDraft.subscribe((now, before) => {
  if (now.flow !== before.flow) dismissAbout("trash");
});

/** What a message of flowfiles in the trash offers. */
export function trashAction(): ToastAction {
  const run = () => {
    openDialog("trash");
  };
  return { label: t("trashOpen"), run };
}

/** Shows the parameters, with one of them ready to be written: `CONTEXT:NAME`. */
export function openParameters(parameter: string): void {
  useUi.setState({ dialog: "parameters", parameter });
}

export function openProblems(): void {
  useUi.setState({ dialog: undefined, dock: "problems" });
}

/** Shows the services of a group in the panel, one of them opened. */
export function openService(group: string, name = ""): void {
  if (useUi.getState().group !== group) openGroup(group);
  select([]);
  useUi.setState({ isFlowPanelOpen: true, service: name });
  replaceAddress();
}

/** Shows those of the group that is open. */
export function openServices(): void {
  openService(useUi.getState().group);
}

export function closeDialog(): void {
  useUi.setState({ dialog: undefined });
}

/** Shows what an address names: a group, or something in one. */
export function follow(route: Extract<Route, { page: "flow" }>): void {
  const flow = asFlow(useDraft.getState().documents.flow);
  const shown = groupAt(flow, route.path);
  if (shown !== undefined) {
    const { connection } = route;
    const isThere = connection !== undefined && own(shown.connections, connection) !== undefined;
    useUi.setState({ group: route.path });
    select([], isThere ? [connection] : []);
    if (connection !== undefined && !isThere) tellGone(connection);
    focusAll();
    return;
  }
  const { group, name } = split(route.path);
  const tree = groupAt(flow, group);
  useUi.setState({ group: tree ? group : "" });
  select(kindOf(tree, name) ? [name] : []);
  if (kindOf(tree, name)) focusOn(name);
  else {
    tellGone(route.path);
    focusAll();
  }
}

/** What was told of the address last. */
let gone: number | undefined;

/** A link may be older than what it leads to. Browsers tell of a new address twice. */
function tellGone(name: string): void {
  if (gone !== undefined) dismiss(gone);
  gone = toast({ tone: "info", title: t("linkGone", { name }) });
}

/** Shows a thing of any group, selected and in view. */
export function reveal(group: string, name: string, isConnection = false): void {
  const ui = useUi.getState();
  if (ui.group !== group) useUi.setState({ group });
  select(isConnection ? [] : [name], isConnection ? [name] : []);
  focusOn(name);
  replaceAddress();
}

/** Shows what changes were about: selected, in view, and its group opened. What was moved only is
 * not selected. */
export function revealChanges(changes: readonly Change[]): void {
  const flow = asFlow(useDraft.getState().documents.flow);
  const touched = touchedBy(flow, changes);
  const { group } = useUi.getState();
  if (!touched) {
    if (groupAt(flow, group) === undefined) openGroup("");
    return;
  }
  const { nodes, wires, isMove } = touched;
  const names = [...nodes, ...wires];
  if (touched.group !== group) {
    openGroup(touched.group);
    if (names.length === 0) return;
  }
  if (!isMove && names.length > 0) select(nodes, wires);
  if (names.length > 0) focusOn(...names);
  replaceAddress();
}

/** The address follows the selection, without a step in the browser's history. */
export function replaceAddress(): void {
  const { group, nodes, wires } = useUi.getState();
  const [node] = nodes;
  const [wire] = wires;
  const tree = groupAt(asFlow(useDraft.getState().documents.flow), group);
  // The address of a group opens it; so a group that is only selected is not in the address.
  const isOne = nodes.size === 1 && node !== undefined && kindOf(tree, node) !== "group";
  const path = isOne ? join(group, node) : group;
  const connection = nodes.size === 0 && wires.size === 1 ? wire : undefined;
  const hash = flowHash(flowName(), path, connection);
  if (location.hash !== hash) history.replaceState(null, "", hash);
}

/** The group that is shown. */
export function shownGroup(): GroupTree | undefined {
  return groupAt(asFlow(useDraft.getState().documents.flow), useUi.getState().group);
}
