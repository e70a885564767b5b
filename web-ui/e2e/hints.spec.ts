// What tells of a button: it comes late, and what it tells of stays as it is.
import { COPY, expect, test } from "./app";

test("a tooltip is loaded when one is wanted, and the button keeps the focus", async ({
  app,
  page,
}) => {
  const loaded: string[] = [];
  page.on("request", (request) => {
    if (/\/Tip-[^/]*\.js$/.test(request.url())) loaded.push(request.url());
  });
  await app.open(COPY);
  await expect(page.locator(".palette .row, .palette li").first()).toBeVisible();
  expect(loaded).toEqual([]);
  const tip = page.getByRole("tooltip");
  const button = page.getByRole("button", { name: "Zoom out" });
  await button.hover();
  await expect(tip).toContainText("Zoom out");
  expect(loaded).toHaveLength(1);
  await expect(tip.locator("kbd").first()).toHaveText("-");
  await expect(button).toHaveAccessibleDescription(/Zoom out/);
  // The next one comes instead of it.
  await page.getByRole("button", { name: "Zoom in" }).hover();
  await expect(tip).toHaveCount(1);
  await expect(tip).toContainText("Zoom in");
  await page.mouse.move(400, 300);
  await expect(tip).toHaveCount(0);
  await button.focus();
  await page.keyboard.press("Tab");
  await page.keyboard.press("Shift+Tab");
  await expect(button).toBeFocused();
  await expect(tip).toContainText("Zoom out");
  await page.keyboard.press("Escape");
  await expect(tip).toHaveCount(0);
  await expect(button).toBeFocused();
});
