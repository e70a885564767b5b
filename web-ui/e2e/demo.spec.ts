// What somebody sees who has nothing of their own yet.
import { COPY, expect, isAccessible, test } from "./app";

test("all of the demo can be read at first sight", async ({ app, page }) => {
  await app.open(COPY);
  await page.goto(`${app.tutti.url}/#/flows`);
  await app.tutti.call("/demo", {});
  await page.goto(`${app.tutti.url}/#/flows/demo`);
  const names = [
    "Pick up recordings",
    "One at a time",
    "Decode",
    "Extract features",
    "Keep features",
  ];
  for (const name of [...names, "Keep features", "Hear"]) {
    await expect(app.node(name)).toBeInViewport({ ratio: 0.99 });
  }
  // Its text is not cut off.
  const label = app.node("Hear");
  const room = await label.evaluate((each) => each.clientHeight - each.scrollHeight);
  expect(room).toBeGreaterThanOrEqual(0);
  const zoom = await page.locator(".react-flow__viewport").evaluate((element) => {
    return new DOMMatrix(getComputedStyle(element).transform).a;
  });
  expect(zoom).toBeGreaterThanOrEqual(0.7);
  // Nothing of it lies under the small map.
  const map = await page.getByRole("img", { name: "Small map" }).boundingBox();
  const last = await app.node("Keep features").boundingBox();
  expect((last?.y ?? 0) + (last?.height ?? 0)).toBeLessThanOrEqual(map?.y ?? 0);
  await isAccessible(app);
});
