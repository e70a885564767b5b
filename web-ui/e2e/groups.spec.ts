// Boxes are put into a group and taken out again; what is chosen is never left under something else.
import type { Locator } from "@playwright/test";
import { COPY, expect, isAccessible, test } from "./app";
import { placeOf, stillBox } from "./drawn";

const THREE = {
  ...COPY,
  processors: { ...COPY.processors, Log: { type: "LogAttribute" } },
  connections: [
    { from: "Get", relationships: ["success"], to: "Log" },
    { from: "Log", relationships: ["success"], to: "Put" },
  ],
};

test("a selection becomes a group with ports, runs as before, and comes apart again", async ({
  app,
  page,
}) => {
  await app.open(THREE);
  const { flow: before } = await app.draft("copy");
  await app.node("Log").click();
  await page.keyboard.press("Control+g");
  await expect(app.node("Group")).toHaveClass(/selected/);
  await expect(app.chip("Get [success] -> Group/in")).toBeVisible();
  await expect(app.chip("Group/success -> Put")).toBeVisible();
  await app.saved();
  const made = await app.draft("copy");
  expect(made.findings).toEqual([]);
  await isAccessible(app);
  await page.keyboard.press("Control+z");
  await expect(app.node("Log")).toBeVisible();
  await expect.poll(async () => (await app.draft("copy")).flow).toEqual(before);
  await page.keyboard.press("Control+Shift+z");
  await expect(app.node("Group")).toBeVisible();
  // What waits in a wire that crosses is told by the review, and it runs all the same.
  await page.getByRole("button", { name: "Review & apply" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page.getByRole("button", { name: "Applied" })).toBeVisible();
  await app.node("Group").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Ungroup" }).click();
  await expect(app.node("Log")).toHaveClass(/selected/);
  await expect.poll(async () => (await app.draft("copy")).flow).toEqual(before);
  // Several by the button of their panel.
  await page.keyboard.press("Control+a");
  await page
    .getByRole("complementary", { name: "Details" })
    .getByRole("button", { name: "Group what is selected" })
    .click();
  await expect(app.node("Group")).toHaveClass(/selected/);
  await page.keyboard.press("e");
  await expect(app.chip("Group/Log [success] -> Put")).toBeVisible();
});

test("what is chosen or added comes out from under the panel, the small map and the edge", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  const isFree = async (box: Locator) => {
    const { x, y, width, height } = await stillBox(box);
    for (const [name, lies] of Object.entries({
      map: page.locator(".minimap"),
      zoom: page.locator(".zoom"),
    })) {
      const over = await lies.boundingBox();
      if (!over) throw new Error(`no ${name}`);
      const isUnder =
        x < over.x + over.width &&
        over.x < x + width &&
        y < over.y + over.height &&
        over.y < y + height;
      expect(isUnder).toBe(false);
    }
    const canvas = await app.canvas.boundingBox();
    expect(x).toBeGreaterThanOrEqual(canvas?.x ?? Infinity);
    expect(x + width).toBeLessThanOrEqual((canvas?.x ?? 0) + (canvas?.width ?? 0));
    expect(y + height).toBeLessThanOrEqual((canvas?.y ?? 0) + (canvas?.height ?? 0));
  };
  await app.node("Get").click();
  const map = await stillBox(page.locator(".minimap"));
  // A box half under the small map, by moving the view.
  const box = await stillBox(app.node("Put"));
  await page.mouse.move(500, 600);
  await page.mouse.down();
  await page.mouse.move(500 + map.x - 200 - box.x, 600 + map.y - 40 - box.y, { steps: 4 });
  await page.mouse.up();
  const under = await stillBox(app.node("Put"));
  await page.mouse.click(under.x + 40, under.y + 20);
  await expect(app.node("Put")).toHaveClass(/selected/);
  await expect(async () => {
    await isFree(app.node("Put"));
  }).toPass();
  // Where a double click has put it is at the edge.
  const canvas = await stillBox(app.canvas);
  await page.mouse.dblclick(canvas.x + canvas.width / 2, canvas.y + canvas.height - 12);
  await page.keyboard.type("hashcontent");
  await page.keyboard.press("Enter");
  await expect(app.node("Hash content")).toHaveClass(/selected/);
  await expect(async () => {
    await isFree(app.node("Hash content"));
  }).toPass();
});

test("a chosen wire is not left under the panel that opens for it", async ({ app, page }) => {
  await app.open(COPY);
  const panel = page.getByRole("complementary", { name: "Details" });
  await expect(panel).toHaveCount(0);
  const chip = app.chip("Get [success] -> Put");
  const canvas = await stillBox(app.canvas);
  // To where the panel will be, by moving the view.
  const before = await stillBox(chip);
  const way = canvas.x + canvas.width - 120 - before.x;
  const from = { x: canvas.x + 40, y: canvas.y + canvas.height - 120 };
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  await page.mouse.move(from.x + way, from.y, { steps: 4 });
  await page.mouse.up();
  const far = await stillBox(chip);
  expect(far.x).toBeGreaterThan(canvas.x + canvas.width - 200);
  await page.mouse.click(far.x + 8, far.y + far.height / 2);
  await expect(panel).toBeVisible();
  await expect(async () => {
    const { x, width } = await stillBox(chip);
    const beside = await panel.boundingBox();
    expect(x + width).toBeLessThanOrEqual(beside?.x ?? 0);
  }).toPass();
});

test("a box that is dragged goes with the pointer, also while its panel opens", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await expect(page.getByRole("complementary", { name: "Details" })).toHaveCount(0);
  const before = await placeOf(app.node("Get"));
  const { x, y } = await stillBox(app.node("Get"));
  const zoom = await app.canvas
    .locator(".react-flow__viewport")
    .evaluate((view) => new DOMMatrix(getComputedStyle(view).transform).a);
  await page.mouse.move(x + 30, y + 12);
  await page.mouse.down();
  await page.mouse.move(x + 90, y + 72, { steps: 10 });
  await page.waitForTimeout(400);
  await page.mouse.move(x + 30 + 80 * zoom, y + 12 + 80 * zoom, { steps: 10 });
  await page.mouse.up();
  await app.saved();
  const { x: left, y: top } = await placeOf(app.node("Get"));
  // The first pixels are those that make it a drag.
  expect(Math.abs(left - before.x - 80)).toBeLessThan(16);
  expect(Math.abs(top - before.y - 80)).toBeLessThan(16);
});
