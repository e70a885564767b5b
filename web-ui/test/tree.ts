// A flow as its file has it, as the tree that a draft has.
import type { Json, JsonObject } from "../src/api/types";
import { connectionName } from "../src/graph/tree";

/** A flow's file with its lists as objects by name. */
export function byName(group: JsonObject): JsonObject {
  const tree = structuredClone(group);
  const connections = (tree.connections ?? []) as unknown[];
  if (Array.isArray(connections)) {
    tree.connections = Object.fromEntries(
      connections.map((each) => [
        connectionName(each as Parameters<typeof connectionName>[0]),
        each as Json,
      ]),
    );
  }
  if (Array.isArray(tree.funnels)) {
    tree.funnels = Object.fromEntries((tree.funnels as string[]).map((each) => [each, {}]));
  }
  for (const [name, inner] of Object.entries((tree.groups ?? {}) as JsonObject)) {
    (tree.groups as JsonObject)[name] = byName(inner as JsonObject);
  }
  return tree;
}
