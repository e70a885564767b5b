/** Findings of the server, by the things and members that they are about. */
import type { Finding } from "../api/types";
import { join, KINDS, type Kind } from "./tree";

/** Reads a JSON path as the server writes it: `$.processors["Get it"].type[3]`. */
export function readPath(path: string): string[] {
  const segments: string[] = [];
  let rest = path.startsWith("$") ? path.slice(1) : path;
  while (rest !== "") {
    const plain = /^\.([\p{L}\p{N}_]+)/u.exec(rest);
    const index = /^\[(\d+)\]/.exec(rest);
    const quoted = /^\[("(?:[^"\\]|\\.)*")\]/.exec(rest);
    const found = plain ?? index ?? quoted;
    if (!found) break;
    segments.push(quoted ? (JSON.parse(quoted[1] ?? '""') as string) : (found[1] ?? ""));
    rest = rest.slice(found[0].length);
  }
  return segments;
}

export interface Located {
  finding: Finding;
  /** The group that the thing is in. */
  group: string;
  kind: Kind | undefined;
  /** The thing's name in its group. */
  name: string;
  /** What of it is meant, e.g. `properties`, `Bucket`. */
  member: string[];
}

/** Finds the thing that a finding is about: by its place, which the names lead to. In files
 * connections have numbers; there the element says which one is meant. */
export function locate(finding: Finding): Located {
  const located = locateByPlace(finding);
  if (finding.element?.kind !== "connection") return located;
  const prefix = located.group === "" ? "" : `${located.group}/`;
  const { path } = finding.element;
  const name = path.startsWith(prefix) ? path.slice(prefix.length) : path;
  return { ...located, kind: "connection", name };
}

function locateByPlace(finding: Finding): Located {
  const segments = readPath(finding.place.path);
  let group = "";
  let at = 0;
  while (segments[at] === "groups" && segments[at + 1] !== undefined) {
    const name = segments[at + 1] ?? "";
    const next = segments[at + 2];
    if (next === undefined || !KINDS.has(next)) {
      return { finding, group, kind: "group", name, member: segments.slice(at + 2) };
    }
    group = join(group, name);
    at += 2;
  }
  const kind = KINDS.get(segments[at] ?? "");
  const name = segments[at + 1];
  if (!kind || name === undefined) {
    return { finding, group, kind: undefined, name: "", member: segments.slice(at) };
  }
  return { finding, group, kind, name, member: segments.slice(at + 2) };
}

export interface FindingIndex {
  all: Located[];
  /** By path of a thing; those of things in a group count for the group, too. */
  byPath: Map<string, Located[]>;
}

export function indexFindings(findings: readonly Finding[]): FindingIndex {
  const all = findings.map(locate);
  const byPath = new Map<string, Located[]>();
  const add = (path: string, located: Located) => {
    const list = byPath.get(path);
    if (list) list.push(located);
    else byPath.set(path, [located]);
  };
  for (const located of all) {
    if (located.kind) add(join(located.group, located.name), located);
    for (let outer = located.group; outer !== "";) {
      add(outer, located);
      const at = outer.lastIndexOf("/");
      outer = at < 0 ? "" : outer.slice(0, at);
    }
  }
  return { all, byPath };
}

/** How many keep the flow from being run. */
export function errorsIn({ all }: FindingIndex): number {
  return all.filter(({ finding }) => finding.severity === "error").length;
}

/** The code of a parameter that has no value. */
const MISSING_VALUE = "T0306";

/** The parameter whose value lacks, if that is what was found. */
export function missingIn(finding: Finding): { path: string; name: string } | undefined {
  const { code, element } = finding;
  if (code !== MISSING_VALUE || element?.kind !== "parameter") return undefined;
  const { path } = element;
  return { path, name: path.slice(path.indexOf(":") + 1) };
}

/** What is wrong with one member of a thing, e.g. `["properties", "Bucket"]`. */
export function ofMember(located: readonly Located[], member: readonly string[]): Finding[] {
  return located
    .filter((each) => member.every((segment, index) => each.member[index] === segment))
    .map((each) => each.finding);
}
