import { describe, expect, it } from "vitest";
import type { ProvenanceEvent } from "../src/api/types";
import { attributesOf, fieldsOf, lineageOf, searchOf } from "../src/provenance/events";

function event(number: number, more: Partial<ProvenanceEvent>): ProvenanceEvent {
  return {
    number,
    type: "ROUTE",
    time: new Date(1_000_000 + number * 1000).toISOString(),
    flow: "f",
    component: "A",
    uuid: "u",
    parents: [],
    children: [],
    attributes: {},
    bytes: 0,
    input: null,
    relationship: null,
    transitUri: null,
    transitBytes: null,
    details: null,
    ...more,
  };
}

describe("a search", () => {
  it("asks only for what is given, and comes back as it was", () => {
    const none = fieldsOf({});
    expect(searchOf(none)).toEqual({});
    const search = {
      component: "A/B",
      uuid: "u",
      type: "DROP" as const,
      attribute: "a=b",
      fromMs: 1_700_000_000_000,
      untilMs: 1_700_000_100_000,
    };
    expect(searchOf(fieldsOf(search))).toEqual(search);
  });

  it("leaves out what is none", () => {
    const fields = { ...fieldsOf({}), type: "NEVER", uuid: "  ", from: "soon" };
    expect(searchOf(fields)).toEqual({});
  });
});

describe("lineage", () => {
  it("goes from the oldest on, with the time between and the relatives", () => {
    const steps = lineageOf("u", [
      event(4, { type: "DROP" }),
      event(3, { type: "FORK", children: ["child", "child"], parents: ["u"] }),
      event(1, { type: "CREATE" }),
      event(2, { type: "FORK", uuid: "parent", children: ["u", "sibling"] }),
    ]);
    expect(steps.map((step) => step.event.number)).toEqual([1, 2, 3, 4]);
    expect(steps.map((step) => step.sinceMs)).toEqual([0, 1000, 1000, 1000]);
    expect(steps[1]).toMatchObject({ from: ["parent"], to: [] });
    expect(steps[2]).toMatchObject({ from: [], to: ["child"] });
  });
});

describe("attributes of an event", () => {
  it("tell what changed, first", () => {
    const input = { queue: "q", uuid: "u", bytes: 0, attributes: { a: "1", b: "2", gone: "3" } };
    const rows = attributesOf(event(1, { attributes: { a: "1", b: "9", c: "4" }, input }));
    expect(rows.map(({ name, isChanged }) => [name, isChanged])).toEqual([
      ["b", true],
      ["c", true],
      ["gone", true],
      ["a", false],
    ]);
    expect(attributesOf(event(1, { attributes: { a: "1" } }))[0]?.isChanged).toBe(false);
  });
});
