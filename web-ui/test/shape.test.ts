/** What the canvas knows of a flow's shape, held against what the program says of it. */
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, test } from "vitest";
import { parametersIn } from "../src/graph/scope";
import { MEMBERS, type FlowTree } from "../src/graph/tree";

function read(path: string): unknown {
  const file = fileURLToPath(new URL(`../../${path}`, import.meta.url));
  return JSON.parse(readFileSync(file, "utf8"));
}

interface Schema {
  $defs: { group: { properties: Record<string, object> } };
}

interface Parameters {
  flow: FlowTree;
  groups: Record<string, Record<string, string>>;
}

test("all that a group holds by name is known", () => {
  const schema = read("docs/flow.schema.json") as Schema;
  const members = Object.entries(schema.$defs.group.properties);
  const holding = members.filter(
    ([name, schema]) => "additionalProperties" in schema || "items" in schema || name === "funnels",
  );
  expect(holding.map(([name]) => name).sort()).toEqual(Object.values(MEMBERS).sort());
});

test("a group sees the parameters that the program sees", () => {
  const golden = read("model/tests/golden/parameters.json") as Parameters;
  for (const [group, expected] of Object.entries(golden.groups)) {
    const found = parametersIn(golden.flow, group).map(({ name, context }) => [name, context]);
    expect(Object.fromEntries(found)).toEqual(expected);
  }
});
