import { expect, test } from "vitest";
import { apply, type Documents } from "../src/graph/changes";
import { clipOf, paste, readClip } from "../src/graph/clipboard";
import { asLayout } from "../src/graph/tree";

const FLOW = {
  format: 1,
  name: "a",
  processors: { Get: { type: "GetFile" }, Put: { type: "PutFile" } },
  groups: {
    In: {
      funnels: { All: {} },
      outputPorts: { Out: {} },
      labels: { Why: { text: "so" } },
      connections: { "All -> Out": { from: "All", to: "Out" } },
    },
  },
  connections: {
    "In/Out -> Put": { from: "In/Out", to: "Put" },
    "Get [success] -> Put": { from: "Get", relationships: ["success"], to: "Put" },
  },
};
const LAYOUT = {
  format: 1,
  positions: {
    Get: { x: 0, y: 0 },
    In: { x: 10, y: 20 },
    Put: { x: 30, y: 40 },
    "In/All": { x: 1, y: 2 },
    "In/Why": { x: 3, y: 4 },
  },
  sizes: { "In/Why": { width: 5, height: 6 } },
  bends: {
    "In/Out -> Put": [{ x: 20, y: 30 }],
    "In/All -> Out": [{ x: 7, y: 8 }],
    "Get [success] -> Put": [{ x: 9, y: 9 }],
  },
};

test("a group is copied with how it lies inside, and wires with their bends", () => {
  const documents: Documents = { flow: FLOW, layout: LAYOUT };
  const clip = readClip(JSON.stringify(clipOf(documents, "", new Set(["In", "Put"]))));
  if (!clip) throw new Error("no clip");
  const { changes, names } = paste(documents, "", clip, { x: 110, y: 120 });
  expect(names.sort()).toEqual(["In 2", "Put 2"]);
  const after = asLayout(apply(documents, changes).layout);
  const isNew = ([path]: [string, unknown]) => path.includes(" 2");
  const fresh = (of: object | undefined) =>
    Object.fromEntries(Object.entries(of ?? {}).filter(isNew));
  expect(fresh(after.positions)).toEqual({
    "In 2": { x: 110, y: 120 },
    "Put 2": { x: 130, y: 140 },
    "In 2/All": { x: 1, y: 2 },
    "In 2/Why": { x: 3, y: 4 },
  });
  expect(fresh(after.sizes)).toEqual({ "In 2/Why": { width: 5, height: 6 } });
  expect(fresh(after.bends)).toEqual({
    "In 2/Out -> Put 2": [{ x: 120, y: 130 }],
    "In 2/All -> Out": [{ x: 7, y: 8 }],
  });
});

test("what was in a group goes into another one", () => {
  const documents: Documents = { flow: FLOW, layout: LAYOUT };
  const clip = clipOf(documents, "In", new Set(["All", "Why"]));
  expect(clip.layout).toEqual({
    positions: { All: { x: 1, y: 2 }, Why: { x: 3, y: 4 } },
    sizes: { Why: { width: 5, height: 6 } },
  });
  const { changes } = paste(documents, "", clip, { x: 101, y: 102 });
  const after = asLayout(apply(documents, changes).layout);
  expect(after.positions?.All).toEqual({ x: 101, y: 102 });
  expect(after.positions?.Why).toEqual({ x: 103, y: 104 });
});
