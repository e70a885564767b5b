import { writeFileSync } from "node:fs";
import { COPY, expect, NESTED, test } from "./app";

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
  const before = await app.node("Put").boundingBox();
  if (!before) throw new Error("no box");
  await page.mouse.move(before.x + 60, before.y + 20);
  await page.mouse.down();
  await page.mouse.move(before.x + 100, before.y + 120, { steps: 5 });
  await page.mouse.up();
  await expect.poll(async () => (await app.draft("copy")).layout.positions.Put?.y).toBeDefined();
  const { positions } = (await app.draft("copy")).layout;
  expect(Object.keys(positions).sort()).toEqual(["Get", "Put"]);
  await page.reload();
  await expect(app.node("Put")).toBeVisible();
  expect((await app.draft("copy")).layout.positions).toEqual(positions);
});

test("boxes are reached and moved by keyboard", async ({ app, page }) => {
  await app.open(COPY);
  await app.canvas.focus();
  await page.keyboard.press("ArrowRight");
  await expect(app.node("Get")).toHaveClass(/selected/);
  await page.keyboard.press("ArrowRight");
  await expect(app.node("Put")).toHaveClass(/selected/);
  await page.keyboard.press("Alt+ArrowDown");
  await expect.poll(async () => (await app.draft("copy")).layout.positions.Put).toBeDefined();
});

test("laying out puts the same to the same places, as one step", async ({ app, page }) => {
  await app.open(NESTED);
  await app.canvas.focus();
  await page.keyboard.press("l");
  await expect.poll(async () => (await app.draft("nested")).revision).toBe(2);
  const first = (await app.draft("nested")).layout.positions;
  await page.keyboard.press("l");
  await page.waitForTimeout(300);
  const again = await app.draft("nested");
  expect(again.layout.positions).toEqual(first);
  expect(again.revision).toBe(2);
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
