// What is there can be seen and reached: in the window, at one line, and with a way to begin.
import type { Locator } from "@playwright/test";
import { existsSync, writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, NESTED, test } from "./app";

const EMPTY = { format: 1, name: "empty" } as typeof COPY;

const left = async (element: Locator) => Math.round((await element.boundingBox())?.x ?? NaN);

test("a menu is in the window as a whole, wherever it is opened", async ({ app, page }) => {
  await app.open(NESTED);
  const log = app.node("Log");
  await log.click({ button: "right" });
  const menu = page.getByRole("menu");
  for (const name of [/^Open/, /^Delete/]) {
    await expect(menu.getByRole("menuitem", { name })).toBeInViewport({ ratio: 1 });
  }
  await page.keyboard.press("Escape");
  // Where it is longer than the window it scrolls.
  await page.setViewportSize({ width: 640, height: 400 });
  await log.click({ button: "right", position: { x: 5, y: 5 } });
  const last = menu.getByRole("menuitem", { name: /^Delete/ });
  await last.scrollIntoViewIfNeeded();
  await expect(last).toBeInViewport({ ratio: 1 });
});

test("nothing is ringed until a key is pressed", async ({ app, page }) => {
  await app.open(COPY);
  await expect(app.canvas).toBeFocused();
  const ring = () => app.canvas.evaluate((each) => getComputedStyle(each, "::after").content);
  expect(await ring()).toBe("none");
  await app.node("Get").click();
  const tab = page.getByRole("tab", { name: "Settings" });
  await tab.click();
  await expect(tab).toHaveCSS("outline-style", "none");
  await app.show(COPY.name);
  await page.reload();
  await expect(app.canvas).toBeFocused();
  await page.keyboard.press("ArrowRight");
  expect(await ring()).toBe('""');
  await page.keyboard.press("Tab");
  await expect(page.locator(":focus")).toHaveCSS("outline-style", "solid");
});

test("a flow without anything says how one begins", async ({ app, page }) => {
  await app.open(EMPTY);
  await expect(page.getByRole("img", { name: "Small map" })).toHaveCount(0);
  await isAccessible(app);
  await page
    .locator(".canvas-empty")
    .getByRole("button", { name: /^Add a processor/ })
    .click();
  await page.keyboard.type("getfile");
  await page.keyboard.press("Enter");
  await expect(app.node("Get file")).toBeVisible();
  await expect(page.locator(".canvas-empty")).toHaveCount(0);
});

test("all that is found begins at one line", async ({ app, page }) => {
  await app.open(NESTED);
  await page.keyboard.press("Control+k");
  await page.getByRole("combobox", { name: "Search everything" }).fill("st");
  const names = page.locator(".picker-item .name");
  await expect(names.filter({ hasText: "ListFile" }).first()).toBeVisible();
  const lines = await Promise.all((await names.all()).map(left));
  expect(new Set(lines).size).toBe(1);
});

test("events can be read beside their details in a small window", async ({ app, page }) => {
  await page.setViewportSize({ width: 800, height: 600 });
  await app.open(COPY);
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  await expect.poll(() => existsSync(app.tutti.path("out/a.txt"))).toBe(true);
  await page.keyboard.press("v");
  const rows = page.locator(".event-row");
  await expect(rows).toHaveCount(3);
  for (const row of await rows.all()) await expect(row).toBeInViewport({ ratio: 1 });
  const list = await page.locator(".provenance-list").boundingBox();
  expect(list?.height).toBeGreaterThan(250);
});

test("a page of the manual is read in a small window, and by keyboard", async ({ app, page }) => {
  await page.setViewportSize({ width: 800, height: 600 });
  await app.open(COPY);
  await page.goto(`${app.tutti.url}/#/help/canvas`);
  await expect(page.getByRole("heading", { level: 1 })).toBeInViewport();
  await expect(page.locator(".help-document p").first()).toBeInViewport({ ratio: 1 });
  await page.setViewportSize({ width: 390, height: 844 });
  await isAccessible(app);
});
