// Two browsers edit one flow at once: both come to the same, and nothing of what either did is lost.
import type { Page } from "@playwright/test";
import { App, expect, NESTED, test } from "./app";
import { placeOf, type Place } from "./drawn";

const OPERATIONS = 200;
/** So many in a row are of one box. */
const ROW = 10;
const STEP = 8;
const KEYS = [
  ["ArrowLeft", -STEP, 0],
  ["ArrowRight", STEP, 0],
  ["ArrowUp", 0, -STEP],
  ["ArrowDown", 0, STEP],
] as const;

/** Numbers below `below`, the same for the same seed. */
function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

/** Moves boxes, its own and one that others move as well; how far its own went. */
async function edit(app: App, own: string, shared: string, seed: number): Promise<Place> {
  const next = random(seed);
  const went = { x: 0, y: 0 };
  for (let row = 0; row < OPERATIONS / ROW; row += 1) {
    const box = next(4) === 0 ? shared : own;
    // What is told of contradictions may lie over it.
    await app.node(box).dispatchEvent("click");
    await expect(app.node(box)).toHaveClass(/selected/);
    for (let press = 0; press < ROW; press += 1) {
      const [key, x, y] = KEYS[next(KEYS.length)] ?? KEYS[0];
      await app.page.keyboard.press(`Alt+${key}`);
      if (box === own) {
        went.x += x;
        went.y += y;
      }
    }
  }
  return went;
}

const places = async (app: App): Promise<Record<string, Place>> => {
  const names = ["Get", "Route", "Log"];
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await placeOf(app.node(name))] as const)),
  );
};

test("two browsers do 200 random operations each, and come to the same", async ({
  app,
  browser,
}) => {
  test.slow();
  await app.open(NESTED);
  await app.page.keyboard.press("l");
  await app.saved();
  await expect.poll(async () => (await app.draft("nested")).revision).toBe(2);
  const context = await browser.newContext();
  const page: Page = await context.newPage();
  const other = new App(app.tutti, page);
  await other.show("nested");
  const before = (await app.draft("nested")).layout.positions;
  const [get, route] = await Promise.all([
    edit(app, "Get", "Log", 1),
    edit(other, "Route", "Log", 2),
  ]);
  await app.saved();
  await other.saved();
  const { revision, layout } = await app.draft("nested");
  const { Get, Route, Log } = layout.positions;
  // They would come to the same as well where nothing was done.
  for (const went of [get, route]) expect(went).not.toEqual({ x: 0, y: 0 });
  const moved = (place: Place | undefined, by: Place) =>
    place && { x: place.x + by.x, y: place.y + by.y };
  expect({ Get, Route }).toEqual({
    Get: moved(before.Get, get),
    Route: moved(before.Route, route),
  });
  // Moves in a row may be one operation; of the contradicting ones some were refused.
  expect(revision).toBeGreaterThan(OPERATIONS / ROW);
  for (const each of [app, other]) {
    await expect.poll(() => places(each)).toEqual({ Get, Route, Log });
  }
  await context.close();
});
