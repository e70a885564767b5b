/** Boxes and wires as xyflow wants them; what did not change stays the same object. */
import { Position, type Edge, type Node, type NodeHandle } from "@xyflow/react";
import { portOffset, type Box, type Wire } from "../graph/boxes";
import type { Point } from "../graph/edits";

export interface BoxData extends Record<string, unknown> {
  box: Box;
  thing: object;
}

export type BoxNode = Node<BoxData>;
export type WireEdge = Edge<{ wire: Wire }>;

export const inputHandle = (port: string) => `in:${port}`;
export const outputHandle = (port: string) => `out:${port}`;
/** The port that a handle stands for; nothing for that of a whole box. */
export function portOf(handle: string | null | undefined): string | undefined {
  return handle?.startsWith("in:")
    ? handle.slice(3)
    : handle?.startsWith("out:")
      ? handle.slice(4)
      : undefined;
}

/** Where wires end, so that they can be drawn to boxes that are out of sight. */
function handlesOf(box: Box): NodeHandle[] {
  const at = (type: "source" | "target", y: number, id: string | null): NodeHandle => ({
    id,
    type,
    position: type === "source" ? Position.Right : Position.Left,
    x: type === "source" ? box.width : 0,
    y,
    width: 1,
    height: 1,
  });
  const middle = box.height / 2;
  const whole = [at("target", middle, null), at("source", middle, null)];
  const inputs = box.inputs.map((port) =>
    at("target", portOffset(box.inputs, port) ?? middle, inputHandle(port)),
  );
  const outputs = box.outputs.map((port) =>
    at("source", portOffset(box.outputs, port) ?? middle, outputHandle(port)),
  );
  return [...whole, ...inputs, ...outputs];
}

/** xyflow has styles of its own for nodes of the type `group`. */
const nodeType = (kind: Box["kind"]) => (kind === "group" ? "processGroup" : kind);

const isSameBox = (left: Box, right: Box) =>
  left.kind === right.kind &&
  left.width === right.width &&
  left.height === right.height &&
  left.path === right.path &&
  left.inputs.join("/") === right.inputs.join("/") &&
  left.outputs.join("/") === right.outputs.join("/");

export function toNodes(
  previous: readonly BoxNode[],
  boxes: readonly Box[],
  places: ReadonlyMap<string, Point>,
  things: (name: string) => object | undefined,
  selected: ReadonlySet<string>,
): BoxNode[] {
  const old = new Map(previous.map((node) => [node.id, node]));
  return boxes.map((box) => {
    const last = old.get(box.name);
    const thing = things(box.name) ?? {};
    const place = places.get(box.name) ?? box;
    const isSelected = selected.has(box.name);
    if (
      last?.data.thing === thing &&
      isSameBox(last.data.box, box) &&
      last.position.x === place.x &&
      last.position.y === place.y &&
      last.selected === isSelected
    ) {
      return last;
    }
    const isSameData = last?.data.thing === thing && isSameBox(last.data.box, box);
    return {
      id: box.name,
      type: nodeType(box.kind),
      position: { x: place.x, y: place.y },
      width: box.width,
      height: box.height,
      measured: { width: box.width, height: box.height },
      handles: handlesOf(box),
      selected: isSelected,
      zIndex: box.kind === "label" ? -1 : 0,
      data: isSameData ? last.data : { box, thing },
    };
  });
}

const isSameWire = (left: Wire, right: Wire) =>
  left.path === right.path &&
  left.lane === right.lane &&
  left.index === right.index &&
  left.count === right.count &&
  JSON.stringify(left.bends) === JSON.stringify(right.bends);

export function toEdges(
  previous: readonly WireEdge[],
  wires: readonly Wire[],
  boxes: ReadonlyMap<string, Box>,
  selected: ReadonlySet<string>,
): WireEdge[] {
  const old = new Map(previous.map((edge) => [edge.id, edge]));
  return wires.flatMap((wire) => {
    const from = boxes.get(wire.from);
    const to = boxes.get(wire.to);
    if (!from || !to) return [];
    const last = old.get(wire.name);
    const isSelected = selected.has(wire.name);
    if (last?.data && isSameWire(last.data.wire, wire) && last.selected === isSelected)
      return [last];
    const { fromPort, toPort } = wire;
    const hasFrom = fromPort !== undefined && from.outputs.includes(fromPort);
    const hasTo = toPort !== undefined && to.inputs.includes(toPort);
    return [
      {
        id: wire.name,
        type: "wire",
        source: wire.from,
        target: wire.to,
        sourceHandle: hasFrom ? outputHandle(fromPort) : null,
        targetHandle: hasTo ? inputHandle(toPort) : null,
        selected: isSelected,
        data: { wire },
      },
    ];
  });
}
