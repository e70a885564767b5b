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
  for (const { kind, name } of inOrder(group)) {
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

interface Node {
  kind: NodeKind;
  name: string;
}

/** What a group begins with, and what none of it leads to. */
const FIRST: readonly NodeKind[] = ["inputPort"];
const LAST: readonly NodeKind[] = ["label"];
const rankOf = (kind: NodeKind) => (FIRST.includes(kind) ? 0 : LAST.includes(kind) ? 2 : 1);

/** The boxes of a group as flowfiles come to them, one way to its end before the next; in a circle
 * from where it is entered. Where nothing says which comes first, by name. */
function inOrder(group: GroupTree): Node[] {
  const nodes = NODE_KINDS.flatMap((kind) =>
    Object.keys(group[MEMBERS[kind]] ?? {}).map((name): Node => ({ kind, name })),
  ).sort((one, other) => rankOf(one.kind) - rankOf(other.kind) || (one.name < other.name ? -1 : 1));
  const named = new Map(nodes.map((node) => [node.name, node]));
  const boxOf = (end: string) => end.split("/", 1)[0] ?? "";
  const next = new Map<string, Set<string>>();
  const before = new Map<string, Set<string>>();
  for (const { from, to } of Object.values(group.connections ?? {})) {
    const [one, other] = [boxOf(from), boxOf(to)];
    if (one === other || !named.has(one) || !named.has(other)) continue;
    next.set(one, (next.get(one) ?? new Set()).add(other));
    before.set(other, (before.get(other) ?? new Set()).add(one));
  }
  const ordered: Node[] = [];
  // What was come to, and waits for others before it.
  const entered = new Set<string>();
  let ready = nodes.filter(({ name }) => !before.has(name));
  while (named.size > 0) {
    const [entrance = nodes.find(({ name }) => named.has(name))?.name] = entered;
    const node = ready.shift() ?? named.get(entrance ?? "");
    if (!node) break;
    named.delete(node.name);
    entered.delete(node.name);
    ordered.push(node);
    const free: Node[] = [];
    for (const name of [...(next.get(node.name) ?? [])].sort()) {
      before.get(name)?.delete(node.name);
      const other = named.get(name);
      if (!other) continue;
      if (before.get(name)?.size === 0) free.push(other);
      else entered.add(name);
    }
    ready = [...free, ...ready];
  }
  return ordered;
}
