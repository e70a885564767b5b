/** Places from left to right along the wires, for boxes wired in whichever way. Loaded with its
 * library, when boxes are laid out that are no chain. */
import { Graph, layout } from "@dagrejs/dagre";
import type { Box, Wire } from "./boxes";
import { labelWidth, LABEL_HEIGHT, MARGIN, RANK_GAP } from "./chain";

/** Boxes and wires without labels. */
export function ranked(drawn: readonly Box[], wires: readonly Wire[]): Box[] {
  const graph = new Graph({ multigraph: true });
  graph.setGraph({
    rankdir: "LR",
    nodesep: 40,
    edgesep: 24,
    ranksep: RANK_GAP,
    marginx: MARGIN,
    marginy: MARGIN,
  });
  graph.setDefaultEdgeLabel(() => ({}));
  // The library keeps nodes in an object by their names, which must not be those of its own members.
  const ids = new Map(drawn.map((box, index) => [box.name, `n${String(index)}`]));
  for (const box of drawn) {
    graph.setNode(ids.get(box.name) ?? "", { width: box.width, height: box.height });
  }
  const sorted = [...wires].sort((left, right) => (left.name < right.name ? -1 : 1));
  for (const wire of sorted) {
    const [from, to] = [ids.get(wire.from), ids.get(wire.to)];
    if (from === undefined || to === undefined || from === to) continue;
    // Failures are drawn beside the way that most flowfiles go.
    const weight = wire.relationships.includes("failure") ? 1 : 4;
    const label = { weight, width: labelWidth(wire), height: LABEL_HEIGHT, labelpos: "c" };
    graph.setEdge(from, to, label, wire.name);
  }
  layout(graph);
  return drawn.map((box) => {
    const node = graph.node(ids.get(box.name) ?? "") as { x: number; y: number };
    return { ...box, x: node.x - box.width / 2, y: node.y - box.height / 2 };
  });
}
