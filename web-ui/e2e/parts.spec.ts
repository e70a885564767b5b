// A part of the page that is loaded late, when it cannot be.
import { COPY, expect, test } from "./app";

test("what cannot be loaded is told, and the rest stays as it is", async ({ app, page }) => {
  await app.open(COPY);
  await page.route(/ProvenanceDialog/, (route) => route.abort());
  app.mayFail = true;
  await page.keyboard.press("v");
  await expect(page.locator(".toasts")).toContainText("could not be loaded");
  await expect(app.node("Get")).toBeVisible();
  await page.unroute(/ProvenanceDialog/);
  await page.getByRole("button", { name: "Load the page anew" }).click();
  await expect(app.node("Get")).toBeVisible();
  await page.keyboard.press("v");
  await expect(page.getByRole("dialog", { name: "Provenance" })).toBeVisible();
});
