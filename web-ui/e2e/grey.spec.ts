// Who sees no colours sees which queue is full: by shapes, and by light and dark.
import { writeFileSync } from "node:fs";
import type { Locator } from "@playwright/test";
import { expect, test } from "./app";
import { QUEUE, WAITING } from "./waiting";

/** The darkest and the lightest of what is seen there, from 0 to 255, and whether all is grey. */
async function greysOf(what: Locator): Promise<{ from: number; to: number; isGrey: boolean }> {
  const picture = (await what.screenshot()).toString("base64");
  return what.page().evaluate(async (base64) => {
    const image = new Image();
    image.src = `data:image/png;base64,${base64}`;
    await image.decode();
    const context = document.createElement("canvas").getContext("2d");
    if (!context) throw new Error("no canvas");
    context.canvas.width = image.width;
    context.canvas.height = image.height;
    context.drawImage(image, 0, 0);
    const { data } = context.getImageData(0, 0, image.width, image.height);
    let [from, to, isGrey] = [255, 0, true];
    for (let at = 0; at < data.length; at += 4) {
      const [red = 0, green = 0, blue = 0] = data.subarray(at, at + 3);
      from = Math.min(from, green);
      to = Math.max(to, green);
      isGrey &&= Math.abs(red - green) < 4 && Math.abs(blue - green) < 4;
    }
    return { from, to, isGrey };
  }, picture);
}

for (const theme of ["light", "dark"]) {
  test(`back-pressure is seen without colours: ${theme}`, async ({ app, page }) => {
    await app.open(WAITING);
    for (const name of ["a.txt", "b.txt"]) writeFileSync(app.tutti.path(`in/${name}`), name);
    const full = app.chip(QUEUE);
    const empty = app.chip("Get [success] -> Know");
    await expect(full).toHaveAttribute("data-level", "full");
    await expect(empty.locator('[data-figure="queued"]')).toHaveText("0");
    await page.evaluate((name) => {
      document.documentElement.dataset.theme = name;
      document.documentElement.style.filter = "grayscale(1)";
    }, theme);
    // A sign that the other has not, which stands out from what it lies on.
    await expect(empty.locator(".chip-full")).toBeHidden();
    await expect(full.locator(".chip-full")).toBeVisible();
    const sign = await greysOf(full.locator(".chip-full"));
    expect(sign.isGrey).toBe(true);
    expect(sign.to - sign.from).toBeGreaterThan(90);
    // Another shape, and a line that is twice as wide.
    const shape = (chip: Locator) =>
      chip.evaluate((element) => {
        const { borderTopLeftRadius, borderTopWidth } = getComputedStyle(element);
        return { corner: parseFloat(borderTopLeftRadius), edge: parseFloat(borderTopWidth) };
      });
    const [one, other] = [await shape(full), await shape(empty)];
    expect(one.corner).toBeLessThan(other.corner / 2);
    expect(one.edge).toBeGreaterThan(other.edge);
    const lines = page.locator(".wire .react-flow__edge-path");
    const widths = await lines.evaluateAll((all) =>
      all.map((line) => parseFloat(getComputedStyle(line).strokeWidth)),
    );
    expect(Math.max(...widths)).toBeGreaterThanOrEqual(2 * Math.min(...widths));
  });
}
