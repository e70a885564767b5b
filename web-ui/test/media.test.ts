// What comes along wires, and who can work on it.
import { describe, expect, it } from "vitest";
import type { ProcessorType } from "../src/api/types";
import { canTake, contentOf, convertersOf, misfitOf } from "../src/graph/media";
import { catalogOf } from "../src/graph/relationships";
import type { FlowTree } from "../src/graph/tree";

type Made = ProcessorType["makes"][number];
const made = (relationship: string | null, mediaType: string | null, output?: string): Made => ({
  relationship,
  mediaType,
  when: output === undefined ? null : { property: "Output", values: [output] },
});

function type(name: string, accepts: string[], makes: Made[], fallback = "frames"): ProcessorType {
  const property = { name: "Output", default: fallback };
  const relationships = ["success", "failure"].map((each) => ({ name: each, description: "" }));
  return {
    ...{ type: name, aliases: [], accepts, makes, relationships, properties: [property] },
  } as unknown as ProcessorType;
}

const types = [
  type("Get", [], []),
  type(
    "Decode",
    ["audio/*"],
    [
      made("success", "audio/*", "frames"),
      made("success", "audio/wav", "WAV"),
      made("failure", null),
    ],
  ),
  type("Extract", ["audio/*"], [made("success", "application/json"), made("failure", null)]),
  type("Path", ["application/json"], []),
  type("Log", [], [made(null, null)]),
];
const catalog = catalogOf(types);

const flow: FlowTree = {
  processors: {
    Get: { type: "Get" },
    Decode: { type: "Decode" },
    Wav: { type: "Decode", properties: { Output: "WAV" } },
    Log: { type: "Log" },
    Path: { type: "Path" },
    Odd: { type: "Nobody knows" },
  },
  funnels: { All: {} },
  connections: {
    a: { from: "Get", relationships: ["success"], to: "Decode" },
    b: { from: "Decode", relationships: ["success"], to: "Log" },
    c: { from: "Decode", relationships: ["success"], to: "All" },
    d: { from: "All", to: "All 2" },
    e: { from: "Decode", relationships: ["success"], to: "G/In" },
    f: { from: "Log", relationships: ["failure"], to: "Log" },
  },
  groups: {
    G: {
      inputPorts: { In: {} },
      processors: { Inner: { type: "Path" }, Log: { type: "Log" } },
      connections: { a: { from: "In", to: "Log" } },
    },
  },
};

const wire = (from: string, to: string, ...relationships: string[]) => ({
  ...{ from, to, relationships },
});
const why = (group: string, from: string, to: string, ...relationships: string[]) =>
  misfitOf(flow, group, wire(from, to, ...relationships), catalog);

describe("a wire", () => {
  it("to what cannot work on anything that comes does not fit, and who makes that is told", () => {
    expect(why("", "Decode", "Path", "success")).toMatchObject({
      ...{ types: ["audio/*"], makers: ["Decode"] },
    });
    expect(why("", "Wav", "Path", "success")?.types).toEqual(["audio/wav"]);
  });

  it("hands on what came, through funnels, ports, rings and whatever leaves it as it is", () => {
    expect(why("", "Log", "Path", "success")?.makers).toEqual(["Decode"]);
    expect(why("", "All", "Path")?.makers).toEqual(["Decode"]);
    expect(why("G", "In", "Inner")?.makers).toEqual(["Decode"]);
    expect(why("G", "Log", "Inner", "success")?.types).toEqual(["audio/*"]);
  });

  it("fits where anything else may come, or nobody knows", () => {
    expect(why("", "Get", "Path", "success")).toBeUndefined();
    // What it could not decode is what came from outside.
    expect(why("", "Decode", "Path", "failure")).toBeUndefined();
    expect(why("", "Decode", "Path", "success", "failure")).toBeUndefined();
    expect(why("", "Odd", "Path", "success")).toBeUndefined();
    expect(why("", "Decode", "Odd", "success")).toBeUndefined();
    expect(why("", "Decode", "Log", "success")).toBeUndefined();
    expect(why("", "Decode", "Wav", "success")).toBeUndefined();
  });

  it("is helped by what makes of one type what takes the other", () => {
    const misfit = why("", "Decode", "Path", "success");
    const found = misfit ? convertersOf(misfit, types) : [];
    expect(found.map(({ type: { type: name }, relationship }) => [name, relationship])).toEqual([
      ["Extract", "success"],
    ]);
  });

  it("that ends on nothing may end at what takes it", () => {
    const content = contentOf(flow, "Decode", ["success"], catalog);
    const fitting = types.filter((each) => canTake(each, content)).map((each) => each.type);
    expect(fitting).toEqual(["Get", "Decode", "Extract", "Log"]);
    expect(canTake(undefined, content)).toBe(true);
  });
});
