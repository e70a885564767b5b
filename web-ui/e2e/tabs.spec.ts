// Many tabs of one browser: those that nobody sees keep none of its connections to the server.
import type { Page } from "@playwright/test";
import { COPY, expect, test } from "./app";

/** As a browser does with a tab that is not in front; headless ones are all seen. */
async function setHidden(page: Page, isHidden: boolean): Promise<void> {
  await page.evaluate((hidden) => {
    Object.defineProperty(document, "hidden", { configurable: true, get: () => hidden });
    document.dispatchEvent(new Event("visibilitychange"));
  }, isHidden);
}

test("a dozen tabs are open, and each can be worked in", async ({ app, page, context }) => {
  await app.open(COPY);
  const address = page.url();
  await setHidden(page, true);
  for (let tab = 0; tab < 10; tab += 1) {
    const other = await context.newPage();
    await other.addInitScript(() => {
      Object.defineProperty(document, "hidden", { configurable: true, get: () => true });
    });
    await other.goto(address);
    await expect(other.locator(".react-flow__node", { hasText: "Get" })).toBeVisible();
  }
  const last = await context.newPage();
  await last.goto(address);
  await last.locator(".react-flow__node", { hasText: "Get" }).click();
  await last.keyboard.press("Delete");
  await expect(last.locator(".react-flow__node", { hasText: "Get" })).toHaveCount(0);
  await expect
    .poll(async () => Object.keys((await app.draft("copy")).flow.processors ?? {}))
    .toEqual(["Put"]);
  // Who comes back sees what was done meanwhile.
  await expect(app.node("Get")).toBeVisible();
  await setHidden(page, false);
  await expect(app.node("Get")).toHaveCount(0);
});
