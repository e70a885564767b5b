import { writeFileSync } from "node:fs";
import { COPY, expect, NESTED, test, type App } from "./app";
import { placeOf, stillBox, type Place } from "./drawn";

/** Where the server and the canvas have the boxes of `copy`: at the same places, or one errs. */
async function arePlaced(app: App, places: Record<"Get" | "Put", Place>): Promise<void> {
  await expect.poll(async () => (await app.draft("copy")).layout.positions).toEqual(places);
  for (const name of ["Get", "Put"] as const) {
    await expect.poll(() => placeOf(app.node(name))).toEqual(places[name]);
  }
}

test("a flow is drawn with all that is in it", async ({ app, page }) => {
  await app.open(NESTED);
  for (const name of ["Get", "Route", "Log", "All", "Storage", "Why"]) {
    await expect(app.node(name)).toBeVisible();
  }
  await expect(app.chip("Route [large] -> All")).toContainText("large");
  await expect(app.node("Storage")).toContainText("Failed");
  await expect(app.node("Why").locator("strong")).toHaveText("Large");
  await expect(page.getByRole("img", { name: "Small map" })).toBeVisible();
});

test("a group opens, and breadcrumbs and the browser's way back lead out", async ({
  app,
  page,
}) => {
  await app.open(NESTED);
  await app.node("Storage").dblclick();
  await expect(app.node("Store")).toBeVisible();
  await expect(app.node("Get")).toHaveCount(0);
  await expect(page).toHaveURL(/#\/flows\/nested\/Storage$/);
  await page.getByRole("navigation", { name: "Where you are" }).getByText("nested").click();
  await expect(app.node("Get")).toBeVisible();
  await page.goBack();
  await expect(app.node("Store")).toBeVisible();
});

test("every component has an address that leads to it", async ({ app, page }) => {
  await app.open(NESTED);
  await app.show("nested", "/Storage/Store");
  await expect(app.node("Store")).toHaveClass(/selected/);
  await expect(page.locator(".panel h2")).toHaveText("Store");
  const box = await app.node("Store").boundingBox();
  expect(box && box.x > 0 && box.y > 0 && box.x < 1280 && box.y < 800).toBe(true);
  await app.show("nested", `?connection=${encodeURIComponent("Get [success] -> Route")}`);
  await expect(page.locator(".panel h2")).toHaveText("Get → Route");
});

test("a box is moved with the mouse, and stays there after a reload", async ({ app, page }) => {
  await app.open(COPY);
  // The panel is open before, so that nothing moves but what is dragged.
  await app.node("Put").click();
  await expect(page.locator(".panel h2")).toHaveText("Put");
  const box = await stillBox(app.node("Put"));
  const Get = await placeOf(app.node("Get"));
  const before = await placeOf(app.node("Put"));
  await page.mouse.move(box.x + 60, box.y + 20);
  await page.mouse.down();
  // A drag begins with the first step.
  await page.mouse.move(box.x + 64, box.y + 20);
  await page.mouse.move(box.x + 104, box.y + 120, { steps: 5 });
  // It is under the mouse, at the nearest place of the grid or in line with another.
  const held = await app.node("Put").boundingBox();
  expect(Math.abs((held?.x ?? 0) - box.x - 40)).toBeLessThanOrEqual(8);
  expect(Math.abs((held?.y ?? 0) - box.y - 100)).toBeLessThanOrEqual(8);
  await page.mouse.up();
  const Put = await placeOf(app.node("Put"));
  expect(Math.abs(Put.x - before.x - 40)).toBeLessThanOrEqual(8);
  expect(Math.abs(Put.y - before.y - 100)).toBeLessThanOrEqual(8);
  await arePlaced(app, { Get, Put });
  await page.reload();
  await arePlaced(app, { Get, Put });
});

test("boxes are reached and moved by keyboard", async ({ app, page }) => {
  await app.open(COPY);
  await page.keyboard.press("ArrowRight");
  await expect(app.node("Get")).toHaveClass(/selected/);
  await page.keyboard.press("ArrowRight");
  await expect(app.node("Put")).toHaveClass(/selected/);
  const Get = await placeOf(app.node("Get"));
  const before = await placeOf(app.node("Put"));
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Alt+ArrowDown");
  await page.keyboard.press("Alt+ArrowLeft");
  const Put = { x: before.x - 8, y: before.y + 16 };
  await arePlaced(app, { Get, Put });
  await page.reload();
  await arePlaced(app, { Get, Put });
});

test("laying out puts the same to the same places, as one step", async ({ app, page }) => {
  await app.open(NESTED);
  await page.keyboard.press("l");
  await expect.poll(async () => (await app.draft("nested")).revision).toBe(2);
  const first = (await app.draft("nested")).layout.positions;
  // Laying out ends with all in view: when that is seen, it is done.
  for (let step = 0; step < 30; step += 1) await page.keyboard.press("Shift+ArrowRight");
  await expect(app.node("Get")).not.toBeInViewport();
  await page.keyboard.press("l");
  await expect(app.node("Get")).toBeInViewport();
  await app.saved();
  expect((await app.draft("nested")).revision).toBe(2);
  // Also from elsewhere.
  await app.node("Get").click();
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(async () => (await app.draft("nested")).revision).toBe(3);
  expect((await app.draft("nested")).layout.positions).not.toEqual(first);
  await page.keyboard.press("l");
  await expect.poll(async () => (await app.draft("nested")).revision).toBe(4);
  expect((await app.draft("nested")).layout.positions).toEqual(first);
});

test("a label has the size that it is pulled to", async ({ app, page }) => {
  await app.open(NESTED);
  await app.node("Why").click();
  const corner = app.node("Why").locator(".react-flow__resize-control.bottom.right");
  const from = await corner.boundingBox();
  if (!from) throw new Error("no corner");
  await page.mouse.move(from.x + 3, from.y + 3);
  await page.mouse.down();
  await page.mouse.move(from.x + 60, from.y + 30, { steps: 5 });
  await page.mouse.up();
  await expect
    .poll(async () => (await app.draft("nested")).layout.sizes?.Why?.width)
    .toBeGreaterThan(260);
});

test("a wire's label stays between the boxes that it connects", async ({ app, page }) => {
  await app.open({
    ...COPY,
    processors: { ...COPY.processors, Put: { ...COPY.processors.Put, state: "disabled" } },
  } as typeof COPY);
  const chip = app.chip("Get [success] -> Put");
  for (const size of [399_000, 12_000]) {
    writeFileSync(app.tutti.path(`in/${String(size)}.bin`), Buffer.alloc(size));
  }
  await expect(chip.locator('[data-figure="queued"]')).toHaveText("2");
  await expect(chip.locator('[data-figure="bytes"]')).toContainText("401 KB");
  const isBetween = async () => {
    const [label, left, right] = await Promise.all([
      chip.boundingBox(),
      app.node("Get").boundingBox(),
      app.node("Put").boundingBox(),
    ]);
    if (!label || !left || !right) throw new Error("something is not drawn");
    expect(label.x).toBeGreaterThanOrEqual(left.x + left.width);
    expect(label.x + label.width).toBeLessThanOrEqual(right.x);
  };
  await isBetween();
  // Boxes that stand nearer: the bytes give way, not the number.
  await app.node("Put").click();
  for (let step = 0; step < 10; step += 1) await page.keyboard.press("Alt+ArrowLeft");
  await app.saved();
  await expect(chip.locator('[data-figure="bytes"]')).toBeHidden();
  await expect(chip.locator('[data-figure="queued"]')).toBeVisible();
  await isBetween();
});
