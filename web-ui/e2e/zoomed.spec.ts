// At 200 % a window of 1280 x 800 has 640 x 400 pixels, and a form that reflows as few as 320.
import type { Locator, Page } from "@playwright/test";
import { COPY, expect, isAccessible, test } from "./app";

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
