/** Opens things: groups, queues, dialogs; keeps the address right. */
import type { ProvenanceSearch } from "../api/types";
import { asFlow, groupAt, join, kindOf, split } from "../graph/tree";
import { useDraft } from "./draft";
import { flowHash, type Route } from "./route";
import { flowName } from "./session";
import { focusOn, select, useUi, type DialogName } from "./ui";

export function openGroup(path: string): void {
  history.pushState(null, "", flowHash(flowName(), path));
  useUi.setState({ group: path, pointer: undefined });
  select([]);
  focusOn("all");
}

/** Shows what waits in a connection; `number` is the flowfile to begin with. */
export function openQueue(connection: string, number?: number): void {
  useUi.setState({ queue: { connection, number }, dialog: "queue" });
}

export function openProvenance(provenance: ProvenanceSearch): void {
  useUi.setState({ provenance, dialog: "provenance" });
}

export function openDialog(dialog: DialogName): void {
  useUi.setState({ dialog });
}

export function closeDialog(): void {
  useUi.setState({ dialog: undefined });
}

/** Shows what an address names: a group, or something in one. */
export function follow(route: Extract<Route, { page: "flow" }>): void {
  const flow = asFlow(useDraft.getState().documents.flow);
  if (groupAt(flow, route.path) !== undefined) {
    useUi.setState({ group: route.path });
    select([], route.connection === undefined ? [] : [route.connection]);
    focusOn("all");
    return;
  }
  const { group, name } = split(route.path);
  const tree = groupAt(flow, group);
  useUi.setState({ group: tree ? group : "" });
  select(kindOf(tree, name) ? [name] : []);
  focusOn(kindOf(tree, name) ? name : "all");
}

/** Shows a thing of any group, selected and in view. */
export function reveal(group: string, name: string, isConnection = false): void {
  const ui = useUi.getState();
  if (ui.group !== group) useUi.setState({ group });
  select(isConnection ? [] : [name], isConnection ? [name] : []);
  focusOn(name);
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
