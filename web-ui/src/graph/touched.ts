/** Which things of a flow changes are about, to bring them into view. */
import type { Change } from "../api/types";
import { groupAt, kindOf, KINDS, split, thingAt, type FlowTree, type Kind } from "./tree";

export interface Touched {
  group: string;
  nodes: string[];
  wires: string[];
  /** Whether nothing but places was changed. */
  isMove: boolean;
}

interface Place {
  group: string;
  kind: Kind | undefined;
  name: string | undefined;
}

/** The innermost thing that a path is in, and the group around it. */
function placeOf(path: readonly string[]): Place {
  let group = "";
  for (let at = 0; at < path.length; at += 2) {
    const kind = KINDS.get(path[at] ?? "");
    const name = path[at + 1];
    if (kind === undefined || name === undefined) break;
    // A member of a group, such as its description, is the group's own.
    const isInside = kind === "group" && KINDS.has(path[at + 2] ?? "");
    if (!isInside) return { group, kind, name };
    group = group === "" ? name : `${group}/${name}`;
  }
  return { group, kind: undefined, name: undefined };
}

/** What is there of that which was changed, in the group where the first of it is; where all of it
 * is gone, the group that it was in. */
export function touchedBy(flow: FlowTree, changes: readonly Change[]): Touched | undefined {
  const inFlow = changes.filter((change) => change.document === "flow");
  const isMove = inFlow.length === 0;
  const places = isMove
    ? changes
        .filter(({ path }) => path[0] === "positions" || path[0] === "sizes")
        .map(({ path }): Place => ({ ...split(path[1] ?? ""), kind: undefined }))
    : inFlow.map(({ path }) => placeOf(path));
  const found = new Map<string, Touched>();
  for (const { group, kind, name } of places) {
    const tree = groupAt(flow, group);
    if (!tree) continue;
    const touched = found.get(group) ?? { group, nodes: [], wires: [], isMove };
    found.set(group, touched);
    if (name === undefined) continue;
    if (kind === "connection") {
      if (thingAt(tree, kind, name) && !touched.wires.includes(name)) touched.wires.push(name);
    } else if (kind !== "service" && kindOf(tree, name) && !touched.nodes.includes(name)) {
      touched.nodes.push(name);
    }
  }
  const all = [...found.values()];
  return all.find((each) => each.nodes.length + each.wires.length > 0) ?? all[0];
}
