// How far the view moves so that something can be seen.
import { describe, expect, it } from "vitest";
import { fits, shiftInto } from "../src/graph/inView";

const ROOM = { width: 800, height: 600 };
const MAP = { x: 600, y: 460, width: 190, height: 130 };
const box = (x: number, y: number) => ({ x, y, width: 240, height: 104 });

describe("what is brought into view", () => {
  it("moves by as much as is needed, and not where it is seen", () => {
    expect(shiftInto(box(100, 100), ROOM, [MAP])).toEqual({ x: 0, y: 0 });
    expect(shiftInto(box(700, 100), ROOM, [MAP])).toEqual({ x: -164, y: 0 });
    expect(shiftInto(box(-50, -60), ROOM, [MAP])).toEqual({ x: 74, y: 84 });
  });

  it("comes out from under what lies over the view, the nearer way", () => {
    expect(shiftInto(box(400, 450), ROOM, [MAP])).toEqual({ x: -52, y: 0 });
    expect(shiftInto(box(530, 380), ROOM, [MAP])).toEqual({ x: 0, y: -36 });
  });

  it("shows its beginning where there is not enough room", () => {
    const large = { x: 100, y: 100, width: 2000, height: 100 };
    expect(shiftInto(large, ROOM, [])).toEqual({ x: -76, y: 0 });
    expect([fits(large, ROOM), fits(box(0, 0), ROOM)]).toEqual([false, true]);
  });
});
