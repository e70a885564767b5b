// Boxes in line: guides while they are dragged, and what is put in line at once.
import { describe, expect, it } from "vitest";
import { align, distribute } from "../src/graph/align";
import { snapTo } from "../src/graph/guides";
import type { Box } from "../src/graph/boxes";

const box = (name: string, x: number, y: number, width = 240, height = 104): Box => ({
  ...{ name, path: name, kind: "processor", x, y, width, height },
  ...{ inputs: [], outputs: [] },
});

describe("a dragged box", () => {
  it("snaps to the edge and the middle of another, and shows along what", () => {
    const { shift, guides } = snapTo(box("a", 403, 31, 48, 48), [box("b", 0, 0)], 7);
    expect(shift).toEqual({ x: 0, y: -3 });
    // In the middle of a box of 104 is 52, that of one of 48 at 28.
    expect(guides).toEqual([{ direction: "horizontal", at: 52, from: 0, to: 451 }]);
    const edge = snapTo(box("a", 4, 300), [box("b", 0, 0)], 7);
    expect(edge.shift).toEqual({ x: -4, y: 0 });
    expect(edge.guides.map((guide) => guide.at)).toEqual([0, 120, 240]);
  });

  it("snaps to no box that is far away, nor to one that is out of reach", () => {
    const none = { shift: { x: 0, y: 0 }, guides: [] };
    expect(snapTo(box("a", 4, 3000), [box("b", 0, 0)], 7)).toEqual(none);
    expect(snapTo(box("a", 20, 300), [box("b", 0, 0)], 7)).toEqual(none);
    expect(snapTo(box("a", 4, 300), [], 7)).toEqual(none);
  });

  it("snaps to the nearest line, and of two to that of the nearer box", () => {
    const { shift } = snapTo(box("a", 4, 500), [box("b", 0, 0), box("c", 6, 200)], 7);
    expect(shift.x).toBe(2);
    const both = snapTo(box("a", 4, 500), [box("b", 0, 0), box("c", 8, 200)], 7);
    expect(both.shift.x).toBe(4);
  });

  it("never fits a middle to an edge", () => {
    expect(snapTo(box("a", 120, 300), [box("b", 0, 0)], 1).guides).toEqual([]);
  });
});

describe("boxes", () => {
  const boxes = [box("a", 0, 0), box("b", 500, 40, 48, 48), box("c", 320, 400)];
  const xs = (how: Parameters<typeof align>[1]) =>
    [...align(boxes, how).values()].map((place) => place.x);
  const ys = (how: Parameters<typeof align>[1]) =>
    [...align(boxes, how).values()].map((place) => place.y);

  it("are put in line by their edges and middles", () => {
    expect(xs("left")).toEqual([0, 0, 0]);
    expect(xs("right")).toEqual([320, 512, 320]);
    expect(xs("centre")).toEqual([160, 256, 160]);
    expect(ys("top")).toEqual([0, 0, 0]);
    expect(ys("bottom")).toEqual([400, 456, 400]);
    expect(ys("middle")).toEqual([200, 228, 200]);
    expect(ys("left")).toEqual([0, 40, 400]);
    expect(align([], "left").size).toBe(0);
  });

  it("are distributed with equal gaps, the outermost where they were", () => {
    const places = distribute([box("a", 0, 0), box("c", 900, 9), box("b", 250, 5)], "across");
    expect(places.get("a")).toEqual({ x: 0, y: 0 });
    expect(places.get("b")).toEqual({ x: 450, y: 5 });
    expect(places.get("c")).toEqual({ x: 900, y: 9 });
    const down = distribute([box("a", 0, 0), box("b", 1, 110), box("c", 2, 500)], "down");
    expect([...down.values()].map((place) => place.y)).toEqual([0, 250, 500]);
    expect(distribute([], "down").size).toBe(0);
  });
});
