import { afterEach, describe, expect, it } from "vitest";
import type { ProvenanceEvent } from "../src/api/types";
import {
  attributesOf,
  fieldsOf,
  lineageOf,
  localTime,
  searchOf,
  SINCE,
  timeFaults,
  timeOf,
} from "../src/provenance/events";

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
    };
    // Ends of seconds, one of them at the begin of a minute, and the end of a minute.
    for (const untilMs of [1_700_000_007_999, 1_700_000_100_999, 1_700_000_099_999]) {
      const until = { ...search, untilMs };
      expect(searchOf(fieldsOf(until))).toEqual(until);
    }
    expect(fieldsOf({ untilMs: 1_700_000_099_999 }).until).toMatch(/ \d\d:\d\d$/);
  });

  it("leaves out what is none", () => {
    const fields = { ...fieldsOf({}), type: "NEVER", uuid: "  ", from: "soon" };
    expect(searchOf(fields)).toEqual({});
  });
});

describe("a time that is written", () => {
  const { TZ } = process.env;
  afterEach(() => {
    if (TZ === undefined) delete process.env.TZ;
    else process.env.TZ = TZ;
  });

  it("is one of the zone that the browser is in", () => {
    for (const [zone, hour] of [
      ["UTC", 13],
      ["Europe/Rome", 12],
      ["Asia/Kolkata", 7.5],
      ["America/New_York", 18],
    ] as const) {
      process.env.TZ = zone;
      const ms = Date.UTC(2026, 10, 28) + hour * 3_600_000 + 5 * 60_000;
      expect(timeOf("2026-11-28 13:05"), zone).toBe(ms);
      expect(localTime(ms), zone).toBe("2026-11-28 13:05");
      expect(localTime(SINCE[2].of(ms)), zone).toBe("2026-11-28 00:00");
    }
  });

  it("may lack its time, and then is a whole day", () => {
    const day = timeOf("2026-11-28") ?? 0;
    expect(localTime(day)).toBe("2026-11-28 00:00");
    expect(timeOf("2026-11-28", true)).toBe((timeOf("2026-11-29") ?? 0) - 1);
    expect(timeOf("2026-11-28 13:05", true)).toBe((timeOf("2026-11-28 13:06") ?? 0) - 1);
    expect(timeOf("2026-11-28 13:05:07", true)).toBe((timeOf("2026-11-28 13:05:08") ?? 0) - 1);
    expect(timeOf(" 2026-11-28T00:00:00 ")).toBe(day);
  });

  it("is wrong where there is no such time, or both are turned", () => {
    const wrong = ["soon", "28.11.2026", "2026-02-30", "2026-13-01", "2026-11-28 24:00", "13:05"];
    expect(wrong.map((each) => timeOf(each))).toEqual(wrong.map(() => undefined));
    const faults = (from: string, until: string) => timeFaults({ ...fieldsOf({}), from, until });
    expect(faults("", " ")).toEqual({});
    expect(faults("soon", "2026-02-30")).toEqual({ from: "timeWrong", until: "timeWrong" });
    expect(faults("2026-11-28 13:05", "2026-11-27")).toEqual({ until: "timeOrder" });
    expect(faults("2026-11-28 13:05", "2026-11-28")).toEqual({});
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
