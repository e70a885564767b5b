// At 200 % a window of 1280 x 800 has 640 x 400 pixels, and a form that reflows as few as 320.
import type { Locator, Page } from "@playwright/test";
import { writeFileSync } from "node:fs";
import { type App, COPY, expect, isAccessible, NESTED, test } from "./app";
import { QUEUE, WAITING } from "./waiting";

const ZOOMED = { width: 640, height: 400 };
const NARROW = { width: 320, height: 640 };

/** Nothing lies beside the window, where one would have to scroll in two directions. */
async function fits(page: Page): Promise<void> {
  const wide = () =>
    page.evaluate(() => (document.scrollingElement?.scrollWidth ?? 0) - window.innerWidth);
  await expect.poll(wide).toBeLessThanOrEqual(0);
}

/** All controls of what scrolls can be brought into the window, and are as wide as that at most. */
async function isReached(page: Page, controls: Locator): Promise<void> {
  const width = page.viewportSize()?.width ?? 0;
  for (const control of await controls.all()) {
    await control.scrollIntoViewIfNeeded();
    await expect(control).toBeInViewport({ ratio: 0.9 });
    const box = await control.boundingBox();
    expect(box?.width).toBeLessThanOrEqual(width);
  }
}

for (const [name, size] of Object.entries({ ZOOMED, NARROW })) {
  test(`all can be done in a small window: ${name}`, async ({ app, page }) => {
    await page.setViewportSize(size);
    await app.open(COPY);
    await fits(page);
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Enter");
    const panel = page.getByRole("complementary").filter({ hasText: "GetFile" });
    await expect(panel.getByLabel("Directory", { exact: true })).toBeVisible();
    await expect(panel.getByRole("tab", { name: "About" })).toBeInViewport({ ratio: 0.99 });
    await isReached(page, panel.locator("input:visible, select:visible, [role=textbox]:visible"));
    await fits(page);
    await isAccessible(app);
    await page.keyboard.press("Escape");
    for (const title of ["Provenance", "History of changes", "Trash", "Review and apply"]) {
      await page.keyboard.press("Control+k");
      await page.getByRole("combobox", { name: "Search everything" }).fill(title);
      await page.keyboard.press("Enter");
      const dialog = page
        .getByRole("dialog")
        .filter({ hasNot: page.getByRole("combobox", { name: "Search everything" }) });
      await expect(dialog).toBeVisible();
      await expect(dialog.getByRole("button").first()).toBeVisible();
      await isReached(page, dialog.locator("input:visible, select:visible, button:visible"));
      await fits(page);
      await page.keyboard.press("Escape");
      await expect(dialog).toHaveCount(0);
    }
    await page.goto(`${app.tutti.url}/#/flows`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await fits(page);
    await isAccessible(app);
  });
}

/** A dialog, and how one comes there. */
interface Opened {
  flow: { name: string };
  open: (app: App) => Promise<void>;
}

const byCommand = (title: string): Opened => ({
  flow: { ...NESTED, services: { Map: { type: "StandardHttpContextMap" } } } as typeof NESTED,
  open: async ({ page }) => {
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search everything" }).fill(title);
    await page.keyboard.press("Enter");
  },
});

const button = (page: Page, name: string | RegExp) => page.getByRole("button", { name });

const DIALOGS: Record<string, Opened> = {
  Parameters: byCommand("Parameters"),
  "Figures over time": byCommand("Figures"),
  Shortcuts: byCommand("All shortcuts"),
  [`Queue of ${QUEUE}`]: {
    flow: WAITING,
    open: async (app) => {
      writeFileSync(app.tutti.path("in/a.csv"), "title,tempo\nLetter,90\n");
      const chip = app.chip(QUEUE);
      await expect(chip.locator('[data-figure="queued"]')).toHaveText("1");
      await chip.getByRole("button").click();
      await app.page.getByRole("dialog").getByRole("cell").first().waitFor();
    },
  },
  "Expression of large": {
    flow: NESTED,
    open: async (app) => {
      await app.node("Route").click();
      await button(app.page, "Edit the expression of large").click();
    },
  },
  "New flow": {
    flow: COPY,
    open: async ({ page, tutti }) => {
      await page.goto(`${tutti.url}/#/flows`);
      await button(page, "New flow").click();
    },
  },
  "Open a folder of music": {
    flow: COPY,
    open: async ({ page, tutti }) => {
      await page.goto(`${tutti.url}/#/flows`);
      await button(page, "Open a folder of music").click();
    },
  },
  "Delete “copy”": {
    flow: COPY,
    open: async ({ page, tutti }) => {
      await page.goto(`${tutti.url}/#/flows`);
      await button(page, /^More/).first().click();
      await page.getByRole("menuitem", { name: /^Delete/ }).click();
    },
  },
};

for (const [title, { flow, open }] of Object.entries(DIALOGS)) {
  test(`a dialog flows anew in 320 pixels: ${title}`, async ({ app, page }) => {
    await page.setViewportSize(NARROW);
    await app.openFaulty(flow);
    await open(app);
    const dialog = page.getByRole("dialog", { name: title });
    await expect(dialog).toBeVisible();
    await isReached(page, dialog.locator("input:visible, select:visible, button:visible"));
    await fits(page);
    // But for what has its own way to scroll, such as tables, nothing is scrolled to the side.
    const body = dialog.locator(".dialog-body");
    const beside = () => body.evaluate((each) => each.scrollWidth - each.clientWidth);
    expect(await beside()).toBeLessThanOrEqual(0);
    await isAccessible(app);
  });
}
