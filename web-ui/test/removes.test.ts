// Which processors take away what they work on.
import { describe, expect, it } from "vitest";
import { removalOf, removalsIn } from "../src/graph/removes";
import { catalogOf } from "../src/graph/relationships";
import type { FlowTree } from "../src/graph/tree";
import type { ProcessorType } from "../src/api/types";
import types from "./fixtures/processor-types.json";

const CATALOG = catalogOf(types as unknown as ProcessorType[]);

const FLOW: FlowTree = {
  parameterContext: "main",
  parameterContexts: {
    main: { parameters: { input: { value: "/music" }, keep: { value: "true" }, other: {} } },
  },
};
const get = (properties: Record<string, string>) =>
  removalOf(FLOW, "Group/Get", { type: "GetFile", properties }, CATALOG);

describe("what is removed", () => {
  it("are the files that are picked up, unless they are to stay", () => {
    expect(get({ Directory: "/in" })).toEqual({ what: "files", from: "/in" });
    expect(get({ Directory: "/in", "Keep Source File": "false" })?.from).toBe("/in");
    expect(get({ Directory: "/in", "Keep Source File": "true" })).toBeUndefined();
    expect(get({})).toBeUndefined();
  });

  it("is told with the values of parameters, where there are some", () => {
    const inRoot = (properties: Record<string, string>) =>
      removalOf(FLOW, "Get", { type: "GetFile", properties }, CATALOG);
    expect(inRoot({ Directory: "#{input}/new" })?.from).toBe("/music/new");
    expect(inRoot({ Directory: "#{other}" })?.from).toBe("#{other}");
    expect(inRoot({ Directory: "/in", "Keep Source File": "#{keep}" })).toBeUndefined();
  });

  it("is what is fetched, where that is deleted", () => {
    const fetch = (properties: Record<string, string>) =>
      removalOf(FLOW, "Fetch", { type: "FetchFile", properties }, CATALOG);
    expect(fetch({ "Completion Strategy": "Delete File" })?.from).toContain("${filename}");
    expect(fetch({ "Completion Strategy": "Move File" })).toBeUndefined();
  });

  it("are objects, by the names that they have where nothing is said", () => {
    const properties = { "Object Store URL": "s3://songs", Bucket: "old" };
    expect(removalOf(FLOW, "Delete", { type: "DeleteObject", properties }, CATALOG)).toEqual({
      what: "objects",
      from: "s3://songs old ${object.key}",
    });
    const named = { ...properties, "Object Key": "a.wav" };
    const removal = removalOf(FLOW, "Delete", { type: "DeleteObject", properties: named }, CATALOG);
    expect(removal?.from).toBe("s3://songs old a.wav");
  });

  it("is nothing of others, or of what takes no part", () => {
    expect(removalOf(FLOW, "Put", { type: "PutFile" }, CATALOG)).toBeUndefined();
    expect(removalOf(FLOW, "Get", { type: "GetFile", state: "disabled" }, CATALOG)).toBeUndefined();
    expect(removalOf(FLOW, "Get", { type: "constructor" }, CATALOG)).toBeUndefined();
  });
});

describe("what a plan takes away", () => {
  const flow: FlowTree = {
    processors: {
      Get: { type: "GetFile", properties: { Directory: "/in" } },
      Put: { type: "PutFile", properties: { Directory: "/out" } },
    },
    groups: { G: { processors: { Get: { type: "GetFile", properties: { Directory: "/g" } } } } },
  };
  const changed = (path: string, change: "added" | "changed" | "removed") => ({
    ...{ change, was: null, members: [] },
    element: { kind: "processor" as const, path },
  });
  const from = (isApplied: boolean, ...changes: ReturnType<typeof changed>[]) =>
    removalsIn(flow, { changes }, isApplied, CATALOG).map(({ path }) => path);

  it("is what those take that are added or changed", () => {
    expect(from(true)).toEqual([]);
    expect(from(true, changed("G/Get", "added"), changed("Put", "changed"))).toEqual(["G/Get"]);
    expect(from(true, changed("Get", "removed"))).toEqual([]);
  });

  it("is all that is taken where the flow never ran", () => {
    expect(from(false)).toEqual(["Get", "G/Get"]);
  });
});
