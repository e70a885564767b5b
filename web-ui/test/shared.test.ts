/** What the page knows of the server's rules, held against the cases that the server is held against. */
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { isFlowName } from "../src/graph/flowNames";
import { connectionName, nameFault, type ConnectionTree } from "../src/graph/tree";

const cases = (name: string): unknown =>
  JSON.parse(
    readFileSync(new URL(`../../model/tests/shared/${name}.json`, import.meta.url), "utf8"),
  );

interface Names {
  right: string[];
  wrong: string[];
}

it("calls connections what the server calls them", () => {
  for (const { name, ...connection } of cases("connections") as (ConnectionTree & {
    name: string;
  })[]) {
    expect(connectionName(connection)).toBe(name);
  }
});

it("takes and refuses the names that the server takes and refuses", () => {
  const { component, flow } = cases("names") as Record<"component" | "flow", Names>;
  const isComponentName = (name: string) => nameFault(name) === undefined;
  expect(component.right.filter((name) => !isComponentName(name))).toEqual([]);
  expect(component.wrong.filter(isComponentName)).toEqual([]);
  expect(flow.right.filter((name) => !isFlowName(name))).toEqual([]);
  expect(flow.wrong.filter(isFlowName)).toEqual([]);
});
