// Folders import in one direction: README.md has the table, and says of each folder exactly those
// that it imports from. What is imported from stands above.
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path/posix";
import { describe, expect, it } from "vitest";

const SRC = new URL("../src", import.meta.url).pathname;
const README = readFileSync(new URL("../README.md", import.meta.url), "utf8");

/** Imports of one file: paths below `src`, without endings; packages by their names. */
interface Imports {
  file: string;
  to: string[];
}

function importsOf(file: string, text: string): Imports {
  const found = text.matchAll(/\b(?:from|import)\s*\(?\s*"([^"\s,]+)"/g);
  const to = [...found].map(([, name = ""]) =>
    name.startsWith(".") ? join(dirname(file), name) : name,
  );
  return { file, to: to.filter((name) => !name.endsWith(".css")) };
}

const folderOf = (path: string) => (path.includes("/") ? path.slice(0, path.indexOf("/")) : path);

/** Each folder with those that it imports from. */
function used(all: readonly Imports[]): Map<string, string[]> {
  const folders = new Map<string, Set<string>>();
  for (const { file, to } of all) {
    const own = folderOf(file);
    const others = folders.get(own) ?? new Set();
    folders.set(own, others);
    // The messages are imported as the folder itself.
    for (const other of to.map(folderOf)) if (other !== own) others.add(other);
  }
  return new Map([...folders].map(([name, others]) => [name, [...others].sort()]));
}

/** What the table says: folders from the top, each with those that it may import from. */
function table(text: string): [string, string[]][] {
  const rows = text.matchAll(/^\| `src\/(\w+)`\s*\|[^|]*\|([^|]*)\|$/gm);
  return [...rows].map(([, name = "", others = ""]) => [
    name,
    [...others.matchAll(/`(\w+)`/g)].map(([, other = ""]) => other).sort(),
  ]);
}

/** What is imported against the direction, or otherwise than the table says. */
function faults(rows: readonly [string, string[]][], folders: Map<string, string[]>): string[] {
  const told = new Map(rows);
  const above = (name: string) =>
    rows.slice(
      0,
      rows.findIndex(([each]) => each === name),
    );
  const against = rows.flatMap(([name, others]) => {
    const allowed = above(name).map(([each]) => each);
    return others.filter((other) => !allowed.includes(other)).map((other) => `${name} > ${other}`);
  });
  const different = [...folders].flatMap(([name, others]) => {
    const listed = told.get(name);
    if (listed === undefined) return [`${name} is not in the table`];
    return [
      ...others.filter((other) => !listed.includes(other)).map((other) => `${name} + ${other}`),
      ...listed.filter((other) => !others.includes(other)).map((other) => `${name} - ${other}`),
    ];
  });
  return [...against, ...different];
}

const all = readdirSync(SRC, { recursive: true, encoding: "utf8" })
  .filter((name) => /\/.*\.tsx?$/.test(name) && name !== "api/schema.d.ts")
  .map((name) => importsOf(name, readFileSync(join(SRC, name), "utf8")));
const inside = new Set(all.map(({ file }) => folderOf(file)));
const ours = all.map(({ file, to }) => ({
  file,
  to: to.filter((name) => inside.has(folderOf(name))),
}));

describe("folders", () => {
  it("import only those above them in the table, which is what it says", () => {
    const rows = table(README);
    expect(rows.length).toBeGreaterThan(10);
    expect(faults(rows, used(ours))).toEqual([]);
    const named = rows.map(([name]) => name).filter((name) => name !== "styles");
    expect(named.sort()).toEqual([...inside].sort());
  });

  it("are told apart when they import otherwise", () => {
    const text = "| `src/a` | A | |\n| `src/b` | B | `a`, `c` |\n";
    const made = [
      importsOf("a/one.ts", 'import { x } from "../b/two";'),
      importsOf("b/two.ts", 'const later = import("../a/one");'),
      importsOf("c/three.ts", ""),
    ];
    expect(faults(table(text), used(made))).toEqual([
      "b > c",
      "a + b",
      "b - c",
      "c is not in the table",
    ]);
  });

  it("have no files that import each other in a circle", () => {
    const files = new Map(ours.map(({ file, to }) => [file.replace(/\.tsx?$/, ""), to]));
    const done = new Set<string>();
    const circles: string[] = [];
    const visit = (file: string, way: readonly string[]) => {
      if (way.includes(file)) circles.push([...way.slice(way.indexOf(file)), file].join(" > "));
      if (done.has(file)) return;
      done.add(file);
      for (const next of files.get(file) ?? []) visit(next, [...way, file]);
    };
    for (const file of files.keys()) visit(file, []);
    expect(circles).toEqual([]);
  });

  it("leave React out of the graph", () => {
    const packages = all
      .filter(({ file }) => folderOf(file) === "graph")
      .flatMap(({ to }) => to.filter((name) => !inside.has(folderOf(name))));
    expect([...new Set(packages)]).toEqual(["@dagrejs/dagre"]);
  });
});
