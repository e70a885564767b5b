/** The flow as a list of lines, for those who do not look at a picture. */
import {
  connectionName,
  join,
  NODE_KINDS,
  MEMBERS,
  type FlowTree,
  type GroupTree,
  type NodeKind,
  own,
} from "./tree";

export interface Line {
  key: string;
  level: number;
  group: string;
  name: string;
  kind: NodeKind | "connection";
  /** Of processors: their type. */
  type: string | undefined;
  /** Whether it has lines below it, and shows them. */
  isOpen: boolean | undefined;
  /** Of connections: what they carry, and where to. */
  carries: string;
  to: string;
}

/** All lines that are seen when those in `closed` show nothing of what is in them. */
export function outlineOf(flow: FlowTree, closed: ReadonlySet<string>): Line[] {
  const lines: Line[] = [];
  visit(flow, "", 1, closed, lines);
  return lines;
}

function visit(
  group: GroupTree,
  path: string,
  level: number,
  closed: ReadonlySet<string>,
  lines: Line[],
): void {
  for (const kind of NODE_KINDS) {
    for (const name of Object.keys(group[MEMBERS[kind]] ?? {}).sort()) {
      const key = join(path, name);
      const inner = kind === "group" ? own(group.groups, name) : undefined;
      const outgoing = Object.entries(group.connections ?? {}).filter(
        ([, each]) => each.from === name || each.from.startsWith(`${name}/`),
      );
      const hasMore = inner !== undefined || outgoing.length > 0;
      const isOpen = hasMore ? !closed.has(key) : undefined;
      const type = own(group.processors, name)?.type;
      lines.push({ key, level, group: path, name, kind, type, isOpen, carries: "", to: "" });
      if (isOpen !== true) continue;
      for (const [connection, each] of outgoing) {
        lines.push({
          key: `${key}\n${connectionName(each)}`,
          level: level + 1,
          group: path,
          name: connection,
          kind: "connection",
          type: undefined,
          isOpen: undefined,
          carries: (each.relationships ?? []).join(", "),
          to: each.to,
        });
      }
      if (inner) visit(inner, key, level + 1, closed, lines);
    }
  }
}
