// What the canvas knows of connections is what the format of flows says of them.
import { readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { DEFAULTS, PRIORITIZERS, readBytes, roomOf } from "../src/graph/connection";

interface Spec {
  default?: unknown;
  properties: Record<string, Spec>;
  items: { enum: string[] };
}

const schema = readFileSync(new URL("../../docs/flow.schema.json", import.meta.url), "utf8");
const { connection } = (JSON.parse(schema) as { $defs: Record<string, Spec> }).$defs;

it("has the defaults and the prioritizers of the format", () => {
  const of = connection?.properties;
  const bounds = of?.backPressure?.properties;
  expect(DEFAULTS).toEqual({
    count: bounds?.count?.default,
    size: bounds?.size?.default,
    expiration: of?.expiration?.default,
  });
  expect(PRIORITIZERS).toEqual(of?.prioritizers?.items.enum);
});

it("is full by what it says, and otherwise by the defaults", () => {
  const ends = { from: "A", to: "B" };
  expect(roomOf(undefined)).toEqual({ countMax: 10_000, bytesMax: 1024 ** 3 });
  expect(roomOf({ ...ends, backPressure: { count: 0, size: "2 MB" } })).toEqual({
    countMax: 0,
    bytesMax: 2 * 1024 ** 2,
  });
  expect(roomOf({ ...ends, backPressure: { size: "much" } }).bytesMax).toBe(1024 ** 3);
  expect(readBytes("1.5 KB")).toBe(1536);
  expect(readBytes("many")).toBeUndefined();
});
