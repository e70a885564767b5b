import { expect, test } from "./app";
import { drawnIn } from "./drawn";
import { large, NODES } from "./many";

test("1,000 boxes are one picture from afar, and few elements from near", async ({ app, page }) => {
  test.setTimeout(180_000);
  const { flow, layout } = large();
  app.tutti.writeFlow(flow, layout);
  await app.tutti.start("large");
  await page.goto(`${app.tutti.url}/#/flows/large`);
  const overview = page.locator("canvas.overview");
  await expect(overview).toBeVisible({ timeout: 60_000 });
  await expect(page.locator(".react-flow__node")).toHaveCount(0);
  await expect
    .poll(async () => (await drawnIn(overview, "--surface"))?.parts, { timeout: 30_000 })
    .toBe(NODES);
  // A box is found by a click, though it is no element.
  await page.keyboard.press("f");
  const box = await overview.boundingBox();
  if (!box) throw new Error("no overview");
  await expect
    .poll(async () => {
      for (const step of [0, 1, 2, 3, 4, 5]) {
        const middle = { x: box.x + box.width / 2, y: box.y + box.height / 2 };
        await page.mouse.click(middle.x + step * 7, middle.y + step * 2);
        if ((await page.locator(".panel h2").count()) > 0) return true;
      }
      return false;
    })
    .toBe(true);
  await page.goto(`${app.tutti.url}/#/flows/large/P0525`);
  await expect(app.node("P0525")).toBeVisible();
  await page.keyboard.press("0");
  await expect(overview).toHaveCount(0);
  const seen = page.locator(".react-flow__node");
  await expect.poll(() => seen.count()).toBeLessThan(60);
  // Who goes on sees what is there, and what was left is no element any more.
  for (let step = 0; step < 30; step += 1) await page.keyboard.press("Shift+ArrowRight");
  await expect(app.node("P0531")).toBeVisible();
  await expect(app.node("P0525")).toHaveCount(0);
  await expect.poll(() => seen.count()).toBeLessThan(60);
  await page.goto(`${app.tutti.url}/#/flows/large`);
  await page.goto(`${app.tutti.url}/#/flows/large/P0525`);
  await app.node("P0525").click();
  await page.keyboard.press("Delete");
  await expect(app.node("P0525")).toHaveCount(0);
  await page.keyboard.press("Control+z");
  await expect(app.node("P0525")).toBeVisible();
});
