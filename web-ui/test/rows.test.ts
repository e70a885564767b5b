// Long ways in rows, and the wires from row to row.
import { describe, expect, it } from "vitest";
import { boundsOf, overlaps, wiresOf, type Box } from "../src/graph/boxes";
import { chained } from "../src/graph/chain";
import { withLanes } from "../src/graph/lanes";
import { layoutAll, layoutRest } from "../src/graph/layout";
import { ranked } from "../src/graph/ranks";

const box = (name: string, x = 0, y = 0): Box => ({
  ...{ name, path: name, kind: "processor", x, y, width: 240, height: 104 },
  ...{ inputs: [], outputs: [] },
});

/** A way of so many boxes; failures of the third skip one, as in the demo. */
function chain(length: number) {
  const boxes = Array.from({ length }, (_, index) => box(`P${String(index)}`));
  const wire = (from: number, to: number, relationship: string) => [
    `${String(from)} ${relationship}`,
    { from: `P${String(from)}`, to: `P${String(to)}`, relationships: [relationship] },
  ];
  const connections = Object.fromEntries([
    ...boxes.slice(1).map((_, index) => wire(index, index + 1, "success")),
    ...(length > 4 ? [wire(2, 4, "failure")] : []),
  ]) as Record<string, { from: string; to: string; relationships: string[] }>;
  return { boxes, wires: wiresOf({ connections }, "", {}) };
}

const placed = (boxes: readonly Box[], places: ReadonlyMap<string, { x: number; y: number }>) =>
  boxes.map((each) => ({ ...each, ...places.get(each.name) }));

describe("a long way", () => {
  it("is in rows, so that it can be read at 1280 x 800", async () => {
    const { boxes, wires } = chain(6);
    const places = await layoutAll(boxes, wires, true);
    const all = placed(boxes, places);
    const bounds = boundsOf(all);
    // What the canvas has there between the palette and the edge, with a margin.
    expect((1044 * 0.9) / (bounds?.width ?? 0)).toBeGreaterThanOrEqual(0.7);
    expect((714 * 0.9) / (bounds?.height ?? 0)).toBeGreaterThanOrEqual(0.7);
    expect(new Set(all.map((each) => Math.round(each.y / 200))).size).toBe(2);
    expect(await layoutAll([...boxes].reverse(), [...wires].reverse(), true)).toEqual(places);
    for (const left of all) {
      for (const right of all) {
        if (left !== right) expect(overlaps(left, right, 16)).toBe(false);
      }
    }
    // Each row goes from left to right.
    const x = (name: string) => places.get(name)?.x ?? NaN;
    expect(x("P0")).toBeLessThan(x("P1"));
    expect(x("P1")).toBeLessThan(x("P2"));
    expect(x("P3")).toBe(x("P0"));
  });

  it("goes on between the rows, each wire at a height of its own", async () => {
    const { boxes, wires } = chain(6);
    const all = placed(boxes, await layoutAll(boxes, wires, true));
    const lanes = withLanes(wires, all).filter((wire) => wire.lane !== undefined);
    expect(lanes.map((wire) => wire.name).sort()).toEqual(["2 failure", "2 success"]);
    const [first = 0, second = 0] = lanes.map((wire) => wire.lane ?? 0);
    expect(Math.abs(first - second)).toBeGreaterThanOrEqual(40);
    const under = Math.max(...all.filter((each) => each.y < 150).map((each) => each.y + 104));
    const above = Math.min(...all.filter((each) => each.y > 150).map((each) => each.y));
    for (const lane of [first, second]) {
      expect(lane).toBeGreaterThan(under);
      expect(lane).toBeLessThan(above);
    }
  });

  it("stays one row where it is short, where somebody has placed some of it, and when large", async () => {
    const rows = async (count: number, isWrapped: boolean) => {
      const { boxes, wires } = chain(count);
      const all = placed(boxes, await layoutAll(boxes, wires, isWrapped));
      return Math.max(...all.map((each) => each.y)) - Math.min(...all.map((each) => each.y));
    };
    expect(await rows(3, true)).toBe(0);
    expect(await rows(6, false)).toBeLessThan(104);
    expect(await rows(30, true)).toBeLessThan(104);
    const { boxes, wires } = chain(6);
    const given = boxes.map((each) => (each.name === "P0" ? box("P0", 800, 800) : each));
    const rest = await layoutRest(given, wires, new Set(boxes.slice(1).map((each) => each.name)));
    expect(Math.max(...[...rest.values()].map((each) => each.x))).toBeGreaterThan(2500);
  });
});

describe("a chain", () => {
  const sizes = [
    [240, 104],
    [200, 64],
    [56, 56],
  ] as const;
  const names = ["", "success", "rate exceeded, unmatched"];

  it("is where the library would put it", () => {
    for (let length = 0; length <= 9; length += 1) {
      const boxes = Array.from({ length }, (_, index): Box => {
        const [width, height] = sizes[(index * 7 + length) % sizes.length] ?? sizes[0];
        return { ...box(`P${String(index)}`), width, height };
      });
      const connections = Object.fromEntries(
        boxes.slice(1).map((each, index) => {
          const relationships = [names[(index + length) % names.length] ?? ""];
          return [each.name, { from: `P${String(index)}`, to: each.name, relationships }];
        }),
      );
      const wires = wiresOf({ connections }, "", {});
      // In whichever order they are given.
      const turned = [...boxes.slice(2), ...boxes.slice(0, 2)];
      const found = chained(turned, [...wires].reverse());
      if (length > 0) expect(found).toEqual(ranked(turned, wires));
      expect(found).toHaveLength(length);
    }
  });

  it("is no other than what goes from one box to the next", () => {
    const isChain = (count: number, ...pairs: [number, number][]) => {
      const boxes = Array.from({ length: count }, (_, index) => box(`P${String(index)}`));
      const connections = Object.fromEntries(
        pairs.map(([from, to], index) => [
          String(index),
          { from: `P${String(from)}`, to: `P${String(to)}`, relationships: ["success"] },
        ]),
      );
      return chained(boxes, wiresOf({ connections }, "", {})) !== undefined;
    };
    expect(isChain(3, [0, 1], [1, 2])).toBe(true);
    // A wire to itself is drawn beside its box.
    expect(isChain(2, [0, 1], [1, 1])).toBe(true);
    expect(isChain(3, [0, 1], [0, 2])).toBe(false);
    expect(isChain(3, [0, 2], [1, 2])).toBe(false);
    expect(isChain(2, [0, 1], [0, 1])).toBe(false);
    expect(isChain(2)).toBe(false);
    expect(isChain(3, [0, 1], [1, 0])).toBe(false);
    expect(isChain(3, [1, 2], [2, 1])).toBe(false);
  });
});

describe("labels of wires", () => {
  it("keep boxes only as far apart as they are wide", async () => {
    const between = async (relationships: string[]) => {
      const boxes = [box("A"), box("B")];
      const connections = { w: { from: "A", to: "B", relationships } };
      const places = await layoutAll(boxes, wiresOf({ connections }, "", {}));
      return (places.get("B")?.x ?? 0) - (places.get("A")?.x ?? 0) - 240;
    };
    expect(await between([])).toBeLessThan(140);
    expect(await between(["success"])).toBeGreaterThanOrEqual(160);
    expect(await between(["success"])).toBeLessThan(190);
    expect(await between(["rate exceeded", "unmatched"])).toBeGreaterThanOrEqual(200);
  });
});
