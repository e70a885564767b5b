// Wires that are led another way.
import { COPY, expect, isAccessible, test, type App } from "./app";
import { stillBox } from "./drawn";

const WIRE = "Get [success] -> Put";

async function bends(app: App): Promise<{ x: number; y: number }[]> {
  const { layout } = await app.draft("copy");
  return (layout as { bends?: Record<string, { x: number; y: number }[]> }).bends?.[WIRE] ?? [];
}

test("a wire is bent with the mouse, and straightened with one undo or a double click", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await app.chip(WIRE).locator(".chip-name").click();
  const from = await stillBox(page.getByRole("button", { name: "Bend the wire here" }).first());
  await page.mouse.move(from.x + 12, from.y + 12);
  await page.mouse.down();
  await page.mouse.move(from.x + 20, from.y - 100, { steps: 6 });
  await page.mouse.up();
  await expect.poll(() => bends(app)).toHaveLength(1);
  // It is where the mouse has led it, at the nearest place of the grid.
  const handle = page.getByRole("button", { name: /^Bend 1 of 1/ });
  const led = await stillBox(handle);
  expect(Math.abs(led.x + led.width / 2 - from.x - 20)).toBeLessThanOrEqual(8);
  expect(Math.abs(led.y + led.height / 2 - from.y + 100)).toBeLessThanOrEqual(8);
  const [bend] = await bends(app);
  expect([(bend?.x ?? 1) % 8, (bend?.y ?? 1) % 8].map(Math.abs)).toEqual([0, 0]);
  await isAccessible(app);
  await page.keyboard.press("Control+z");
  await expect.poll(() => bends(app)).toEqual([]);
  await page.keyboard.press("Control+Shift+z");
  await expect.poll(() => bends(app)).toEqual([bend]);
  await page.reload();
  await app.chip(WIRE).locator(".chip-name").click();
  await handle.dblclick();
  await expect.poll(() => bends(app)).toEqual([]);
});

test("a wire is bent by keys alone, and laying out takes bends away", async ({ app, page }) => {
  await app.open(COPY);
  await app.chip(WIRE).locator(".chip-name").click();
  await page.getByRole("button", { name: "Bend the wire here" }).first().focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => bends(app)).toHaveLength(1);
  const [before] = await bends(app);
  const handle = page.getByRole("button", { name: /^Bend 1 of 1/ });
  await handle.focus();
  // As fast as keys can be: each counts.
  for (let step = 0; step < 12; step += 1) await page.keyboard.press("ArrowUp");
  await expect.poll(async () => (await bends(app))[0]?.y).toBe((before?.y ?? 0) - 96);
  await page.getByRole("button", { name: "Bend the wire here" }).last().focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => bends(app)).toHaveLength(2);
  await page.getByRole("button", { name: /^Bend 1 of 2/ }).focus();
  await page.keyboard.press("Delete");
  await expect.poll(() => bends(app)).toHaveLength(1);
  expect((await app.draft("copy")).flow.connections).toHaveProperty([WIRE]);
  await page.keyboard.press("l");
  await expect.poll(() => bends(app)).toEqual([]);
});
