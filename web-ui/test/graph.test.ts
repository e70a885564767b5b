import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { Change, Json, ProcessorType } from "../src/api/types";
import {
  apply,
  change,
  Edit,
  isSame,
  valueAt,
  withValue,
  type Documents,
} from "../src/graph/changes";
import {
  addConnection,
  addThing,
  changeConnection,
  moveThings,
  removeThings,
  renameThing,
} from "../src/graph/edits";
import { clipOf, paste, readClip } from "../src/graph/clipboard";
import {
  catalogOf,
  isRelevant,
  likelyRelationship,
  looseRelationships,
  refusal,
  relationshipsOf,
} from "../src/graph/relationships";
import {
  asFlow,
  connectionName,
  freeName,
  groupAt,
  isParameterName,
  nameFault,
  segmentsOf,
} from "../src/graph/tree";
import { byName } from "./tree";

const types = JSON.parse(
  readFileSync(new URL("fixtures/processor-types.json", import.meta.url), "utf8"),
) as ProcessorType[];
const catalog = catalogOf(types);

function documents(): Documents {
  const flow = byName({
    format: 1,
    name: "a",
    processors: {
      Get: { type: "GetFile", properties: { Directory: "/in" } },
      Route: {
        type: "RouteOnAttribute",
        properties: { large: "${x}" },
        autoTerminate: ["unmatched"],
      },
    },
    funnels: ["All"],
    connections: [
      { from: "Get", relationships: ["success"], to: "Route" },
      { from: "Route", relationships: ["large"], to: "All", backPressure: { count: 5 } },
      { from: "All", to: "Store/In" },
    ],
    groups: {
      Store: {
        inputPorts: { In: {} },
        processors: { Put: { type: "PutObject" } },
        connections: [{ from: "In", to: "Put" }],
      },
    },
  });
  const layout = {
    positions: { Get: { x: 0, y: 0 }, "Store/Put": { x: 5, y: 5 }, Storehouse: { x: 1, y: 1 } },
    bends: { "Get [success] -> Route": [{ x: 1, y: 2 }] },
  };
  return { flow, layout };
}

/** Without members that hold nothing: they mean the same as none. */
function full(value: Json | undefined): Json | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  const members = Object.entries(value).map(([name, inner]) => [name, full(inner)] as const);
  const kept = members.filter((member): member is [string, Json] => member[1] !== undefined);
  return kept.length > 0 ? Object.fromEntries(kept) : undefined;
}

/** Applies, and checks that each `before` was there and that the inverse leads back. */
function done(before: Documents, changes: Change[]): Documents {
  let now = before;
  for (const each of changes) {
    expect(isSame(valueAt(now[each.document], each.path), each.before)).toBe(true);
    now = apply(now, [each]);
  }
  const back = [...changes].reverse().map(({ before: after, after: was, ...rest }) => ({
    ...rest,
    ...(was === undefined ? {} : { before: was }),
    ...(after === undefined ? {} : { after }),
  }));
  const undone = apply(now, back);
  expect(full(undone.flow)).toEqual(full(before.flow));
  expect(full(undone.layout)).toEqual(full(before.layout));
  return now;
}

const group = (docs: Documents, path = "") => groupAt(asFlow(docs.flow), path);

describe("changes", () => {
  it("share what did not change", () => {
    const before = documents().flow;
    const after = withValue(before, ["processors", "Get", "type"], "ListFile");
    expect(valueAt(after, ["processors", "Get", "type"])).toBe("ListFile");
    expect(after.connections).toBe(before.connections);
    expect(valueAt(before, ["processors", "Get", "type"])).toBe("GetFile");
  });

  it("make what lacks on the way, and take nothing from where nothing is", () => {
    expect(withValue({}, ["a", "b"], 1)).toEqual({ a: { b: 1 } });
    expect(withValue({ x: 1 }, ["a", "b"], undefined)).toEqual({ x: 1 });
  });

  it("leave what the server leaves: nothing that is empty and says nothing by that", () => {
    const FULL = {
      processors: { A: { type: "X", properties: { p: "1" } } },
      groups: { G: { funnels: { F: {} } } },
      parameterContexts: { C: { parameters: { P: {} } } },
    };
    const at = (path: string[], after?: Json, document: Change["document"] = "flow") =>
      apply({ flow: FULL, layout: { positions: { A: { x: 1, y: 2 } } } }, [
        { document, path, ...(after === undefined ? {} : { after }) },
      ]);
    const { processors, groups, parameterContexts } = FULL;
    // Members go with the last of them, things stay, and lists of none go.
    expect(at(["processors", "A", "properties", "p"]).flow).toEqual({
      ...{ processors: { A: { type: "X" } }, groups, parameterContexts },
    });
    expect(at(["groups", "G", "funnels", "F"]).flow).toEqual({
      ...{ processors, groups: { G: {} }, parameterContexts },
    });
    expect(at(["parameterContexts", "C", "parameters", "P"]).flow).toEqual({
      ...{ processors, groups, parameterContexts: { C: {} } },
    });
    expect(at(["groups", "G"]).flow).toEqual({ processors, parameterContexts });
    expect(at(["positions", "A"], undefined, "layout").layout).toEqual({});
    // What is set is spelled so, too.
    expect(at(["processors", "A", "properties"], {}).flow).toEqual({
      ...{ processors: { A: { type: "X" } }, groups, parameterContexts },
    });
    const labels = { L: {} };
    expect(at(["groups", "H"], { labels, services: {}, description: null }).flow).toEqual({
      ...{ ...FULL, groups: { ...groups, H: { labels } } },
    });
  });

  it("are none where nothing differs, whatever the order of members", () => {
    const docs: Documents = { flow: { a: { x: 1, y: 2 } }, layout: {} };
    expect(change(docs, "flow", ["a"], { y: 2, x: 1 })).toEqual([]);
    expect(change(docs, "flow", ["a", "x"], undefined)).toHaveLength(1);
    // What was seen when it was begun, also where that was nothing, is what the server is told.
    const [seen] = change(docs, "flow", ["a", "x"], 3, { value: 0 });
    expect(seen).toMatchObject({ before: 0, after: 3 });
    expect(change(docs, "flow", ["a", "x"], 3, { value: undefined })[0]).not.toHaveProperty(
      "before",
    );
    expect(change(docs, "flow", ["a", "x"], 1, { value: 0 })).toEqual([]);
    expect(isSame([1, 2], [2, 1])).toBe(false);
  });

  it("do not see members of every object", () => {
    expect(valueAt({}, ["constructor"])).toBeUndefined();
  });

  it("of one list copy it, and write to nothing that was there before", () => {
    const before = documents();
    const kept = structuredClone(before);
    const names = ["A", "B", "__proto__", "1"];
    const made = names.map((name): Change => {
      return { document: "flow", path: ["processors", name], after: { type: "X" } };
    });
    const gone = ["Get", ...names].map((name): Change => {
      return { document: "flow", path: ["processors", name] };
    });
    const after = apply(before, made);
    expect(Object.keys(after.flow.processors as object)).toEqual(expect.arrayContaining(names));
    const shown = structuredClone(after);
    const rest = apply(after, gone);
    const oneByOne = gone.reduce((documents, each) => apply(documents, [each]), after);
    expect(isSame(rest.flow, oneByOne.flow)).toBe(true);
    expect(before).toEqual(kept);
    expect(after).toEqual(shown);
  });

  it("stand on each other in an edit", () => {
    const edit = new Edit({ flow: {}, layout: {} }).set("flow", ["a"], 1).set("flow", ["a"], 2);
    expect(edit.changes.map((each) => each.before)).toEqual([undefined, 1]);
  });
});

describe("names", () => {
  it("of connections say what they connect, relationships in order", () => {
    expect(connectionName({ from: "A", relationships: ["y", "x"], to: "B/In" })).toBe(
      "A [x, y] -> B/In",
    );
    expect(connectionName({ from: "A", to: "B" })).toBe("A -> B");
  });

  it("are free or get a number", () => {
    expect(freeName(group(documents()), "Get")).toBe("Get 2");
    expect(freeName(group(documents()), "All")).toBe("All 2");
    expect(freeName(group(documents()), "New")).toBe("New");
    expect(freeName(group(documents()), "toString")).toBe("toString");
  });

  it("have faults that are told", () => {
    expect(["", "a/b", " a", "a".repeat(129), "fine"].map(nameFault)).toEqual([
      "nameEmpty",
      "nameSlash",
      "nameSpace",
      "nameLong",
      undefined,
    ]);
    // Characters are counted, not the units that JavaScript has of them.
    expect(nameFault("𝄞".repeat(128))).toBeUndefined();
    expect(nameFault("𝄞".repeat(129))).toBe("nameLong");
  });

  it("knows which names parameters can have", () => {
    const names = ["a", "A b-c_d.9", "", " a", "my secret!", "Größe", "a".repeat(129)];
    expect(names.map(isParameterName)).toEqual([true, true, ...Array<boolean>(5).fill(false)]);
  });

  it("lead to groups", () => {
    expect(segmentsOf("A/B")).toEqual(["groups", "A", "groups", "B"]);
    expect(group(documents(), "Store")?.inputPorts).toEqual({ In: {} });
    expect(group(documents(), "None")).toBeUndefined();
  });
});

describe("edits", () => {
  it("adds a service beside a processor of its name", () => {
    const docs = documents();
    const changes = addThing(docs, "", "service", "Get", { type: "MapCache" });
    expect(changes).toEqual([
      { document: "flow", path: ["services", "Get"], after: { type: "MapCache" } },
    ]);
  });

  it("add a thing with its place", () => {
    const docs = documents();
    const after = done(docs, addThing(docs, "Store", "funnel", "F", {}, { x: 1.4, y: 2.6 }));
    expect(group(after, "Store")?.funnels).toEqual({ F: {} });
    expect(valueAt(after.layout, ["positions", "Store/F"])).toEqual({ x: 1, y: 3 });
  });

  it("take a connected relationship out of those that end", () => {
    const docs = documents();
    const wire = { from: "Route", relationships: ["unmatched"], to: "All" };
    const after = done(docs, addConnection(docs, "", wire));
    expect(group(after)?.processors?.Route?.autoTerminate).toBeUndefined();
    expect(group(after)?.connections?.["Route [unmatched] -> All"]).toEqual(wire);
  });

  it("remove boxes with their connections and places", () => {
    const docs = documents();
    const after = done(docs, removeThings(docs, "", new Set(["Store"]), new Set()));
    expect(group(after)?.groups).toBeUndefined();
    expect(Object.keys(group(after)?.connections ?? {})).toEqual([
      "Get [success] -> Route",
      "Route [large] -> All",
    ]);
    expect(Object.keys((after.layout.positions ?? {}) as object)).toEqual(["Get", "Storehouse"]);
  });

  it("remove a port with what is connected to it outside", () => {
    const docs = documents();
    const after = done(docs, removeThings(docs, "Store", new Set(["In"]), new Set()));
    expect(group(after)?.connections).not.toHaveProperty("All -> Store/In");
    expect(group(after, "Store")?.connections).toBeUndefined();
  });

  it("rename a group with its connections and all places in it", () => {
    const docs = documents();
    const after = done(docs, renameThing(docs, "", "Store", "Keep"));
    expect(group(after)?.connections).toHaveProperty("All -> Keep/In");
    expect(group(after, "Keep")?.processors).toHaveProperty("Put");
    expect(valueAt(after.layout, ["positions", "Keep/Put"])).toEqual({ x: 5, y: 5 });
    expect(valueAt(after.layout, ["positions", "Storehouse"])).toEqual({ x: 1, y: 1 });
  });

  it("rename a processor, and bends follow its connections", () => {
    const docs = documents();
    const after = done(docs, renameThing(docs, "", "Get", "Pick"));
    expect(group(after)?.connections).toHaveProperty("Pick [success] -> Route");
    expect(valueAt(after.layout, ["bends", "Pick [success] -> Route"])).toEqual([{ x: 1, y: 2 }]);
  });

  it("rename a port within and outside", () => {
    const docs = documents();
    const after = done(docs, renameThing(docs, "Store", "In", "Enter"));
    expect(group(after)?.connections).toHaveProperty("All -> Store/Enter");
    expect(group(after, "Store")?.connections).toHaveProperty("Enter -> Put");
  });

  it("change a connection and keep its settings", () => {
    const docs = documents();
    const name = "Route [large] -> All";
    const old = group(docs)?.connections?.[name];
    if (!old) throw new Error("no connection");
    const relationships = ["large", "unmatched"];
    const after = done(docs, changeConnection(docs, "", name, { ...old, relationships }));
    expect(group(after)?.connections?.["Route [large, unmatched] -> All"]?.backPressure).toEqual({
      count: 5,
    });
  });

  it("move to whole numbers, and make nothing of no move", () => {
    const docs = documents();
    expect(moveThings(docs, "", new Map([["Get", { x: 0.2, y: 0 }]]))).toEqual([]);
    expect(moveThings(docs, "", new Map([["Get", { x: 9.7, y: 0 }]]))[0]?.after).toEqual({
      x: 10,
      y: 0,
    });
  });
});

describe("relationships", () => {
  it("are those of the type and those that properties name", () => {
    const route = group(documents())?.processors?.Route;
    if (!route) throw new Error("no processor");
    const names = relationshipsOf(route, catalog.get("RouteOnAttribute")).map((each) => each.name);
    expect(names).toEqual(["large", "unmatched"]);
  });

  it("are loose until connected or ended", () => {
    const docs = documents();
    expect(looseRelationships(group(docs), "Route", catalog)).toEqual([]);
    const without = removeThings(docs, "", new Set(), new Set(["Route [large] -> All"]));
    const after = apply(docs, without);
    expect(looseRelationships(group(after), "Route", catalog)).toEqual(["large"]);
    expect(likelyRelationship(group(after), "Route", catalog)).toBe("large");
  });

  it("lead where flowfiles are taken, and nowhere else", () => {
    const from = { name: "Route", kind: "processor" } as const;
    const tree = group(documents());
    const to = (name: string, kind: "processor" | "funnel" | "group" | "label" | "inputPort") =>
      refusal(tree, from, { name, kind }, catalog);
    expect(to("Get", "processor")).toBe("refuseNoInput");
    expect(to("Route", "processor")).toBeUndefined();
    expect(to("All", "funnel")).toBeUndefined();
    expect(to("Store", "group")).toBeUndefined();
    expect(to("X", "label")).toBe("refuseTarget");
    const store = { name: "Store", kind: "group" } as const;
    expect(refusal(tree, store, { name: "All", kind: "funnel" }, catalog)).toBe("refuseNoPort");
    const all = { name: "All", kind: "funnel" } as const;
    expect(refusal(tree, all, all, catalog)).toBe("refuseSelf");
  });

  it("of properties: one matters when another has a certain value", () => {
    const specs = catalog.get("DecodeAudio")?.properties ?? [];
    const format = specs.find((each) => each.name === "Sample Format");
    if (!format) throw new Error("no property");
    expect(isRelevant(format, {}, specs)).toBe(false);
    expect(isRelevant(format, { Output: "WAV" }, specs)).toBe(true);
    // What a parameter or an expression comes to is not known here.
    expect(isRelevant(format, { Output: "#{output}" }, specs)).toBe(true);
    expect(isRelevant(format, { Output: "${output}" }, specs)).toBe(true);
    expect(isRelevant(format, { Output: "other" }, specs)).toBe(false);
  });
});

describe("clipboard", () => {
  it("carries a part, and gives other names where they are taken", () => {
    const positions = { All: { x: 10, y: 200 }, Store: { x: 300, y: 40 }, Get: { x: 0, y: 0 } };
    const docs = { ...documents(), layout: { format: 1, positions } };
    const clip = clipOf(docs, "", new Set(["All", "Store"]));
    const text = JSON.stringify(clip);
    const read = readClip(text);
    if (!read) throw new Error("no clip");
    const { changes, names } = paste(docs, "", read, { x: 100, y: 100 });
    const after = done(docs, changes);
    expect(names).toEqual(["All 2", "Store 2"]);
    expect(Object.keys(group(after)?.connections ?? {})).toEqual([
      ...Object.keys(group(docs)?.connections ?? {}),
      "All 2 -> Store 2/In",
    ]);
    expect(group(after)?.connections?.["All 2 -> Store 2/In"]).toMatchObject({
      ...{ from: "All 2", to: "Store 2/In" },
    });
    expect(group(after)?.groups?.["Store 2"]).toEqual(group(docs)?.groups?.Store);
    // Their corner is where it was put, and they are to each other as they were.
    expect(after.layout.positions).toEqual({
      ...positions,
      ...{ "All 2": { x: 100, y: 260 }, "Store 2": { x: 390, y: 100 } },
    });
  });

  it("takes nothing else", () => {
    expect(["", "{}", "null", "[1]", '{"tutti":"other"}'].map(readClip)).toEqual(
      Array(5).fill(undefined),
    );
  });
});
