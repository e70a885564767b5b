// What settings may be written as is what the format of flows says.
import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { hasForm, NUMBERS, type Form } from "../src/graph/forms";

interface Spec {
  minimum?: number;
  maximum?: number;
  properties: Record<string, Spec>;
}
const schema = readFileSync(new URL("../../docs/flow.schema.json", import.meta.url), "utf8");
const { connection, processor } = (JSON.parse(schema) as { $defs: Record<string, Spec> }).$defs;

const takes = (form: Form, ...texts: string[]) => texts.filter((text) => hasForm(form, text));

describe("forms", () => {
  it("of numbers have the bounds of the format", () => {
    const bounds = ({ minimum, maximum }: Spec = { properties: {} }) => [minimum, maximum];
    const of = ({ min, max }: { min: number; max: number }) => [min, max];
    expect(of(NUMBERS.concurrentTasks)).toEqual(bounds(processor?.properties.concurrentTasks));
    expect(of(NUMBERS.attempts)).toEqual(bounds(processor?.properties.retry?.properties.attempts));
    expect(of(NUMBERS.count)).toEqual(
      bounds(connection?.properties.backPressure?.properties.count),
    );
    const right = ["0", "7", " 12 ", "007", "4294967295"];
    expect(takes(NUMBERS.count, ...right)).toEqual(right);
    expect(takes(NUMBERS.count, "-5", "1.5", "many", "1e3", "4294967296", "")).toEqual([]);
    expect(takes(NUMBERS.concurrentTasks, "0", "1025", "1", "1024")).toEqual(["1", "1024"]);
  });

  it("of times and sizes are a number and a unit", () => {
    const times = ["0 sec", "10sec", " 1.5  HOURS ", "3 µs", "2 wks", "500 millis"];
    expect(takes({ is: "duration" }, ...times)).toEqual(times);
    const noTimes = [
      "soon",
      "5",
      "sec",
      "-1 sec",
      "1. sec",
      "1.2.3 sec",
      "1 month",
      "99999 weeks 1",
    ];
    expect(takes({ is: "duration" }, ...noTimes, "999999999 days")).toEqual([]);
    const sizes = ["1 GB", "1.5 kb", "2TB", " 0  B "];
    expect(takes({ is: "size" }, ...sizes)).toEqual(sizes);
    const noSizes = ["", "GB", "-1 GB", "1. GB", "1 GiB", "1 PB", "12", "99999999999 TB"];
    expect(takes({ is: "size" }, ...noSizes)).toEqual([]);
  });

  it("of cron expressions are six fields", () => {
    const right = [
      "0 20 14 ? * MON-FRI",
      "0/15 * * * * ?",
      "0 0 0 L * ?",
      "0 0 0 ? * FRI#2",
      "0 0 0 31W * ?",
      "0 0 12 13 * FRI",
      "0 0 12 ? * 0,7",
      "0 0 0 LW JAN,feb ?",
      "0 0 0 ? * FRIL",
      "*/5  10-40/10 1,2 1 1-6 *",
    ];
    expect(takes({ is: "cron" }, ...right)).toEqual(right);
    const wrong = ["every day", "30 6 * * *", "61 * * * * *", "a b c d e f", "@ * * * * *"];
    expect(takes({ is: "cron" }, ...wrong, "* * * * * MONDAYS", "0 0 0 0 * *")).toEqual([]);
  });

  it("of time zones are names", () => {
    const right = ["Europe/Vienna", "UTC", "America/Argentina/Buenos_Aires"];
    expect(takes({ is: "zone" }, ...right, "Europe/Nowhere", "+01:00", "my zone")).toEqual(right);
  });
});
