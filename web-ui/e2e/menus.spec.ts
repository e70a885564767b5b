// The menus of buttons, whose library comes with the first of them.
import { COPY, expect, test } from "./app";

test("a menu is opened by keys at its first item, gone through, and left to its button", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  const button = page.getByRole("button", { name: "Help", exact: true });
  const items = page.getByRole("menu", { name: "Help" }).getByRole("menuitem");
  // The first one waits for its library.
  for (const key of ["Enter", "ArrowDown", " "]) {
    await button.focus();
    await page.keyboard.press(key);
    await expect(items.first()).toBeFocused();
    await expect(button).toHaveAttribute("aria-expanded", "true");
    await page.keyboard.press("ArrowDown");
    await expect(items.nth(1)).toBeFocused();
    await page.keyboard.press("Escape");
    await expect(items).toHaveCount(0);
    await expect(button).toBeFocused();
  }
});

test("a press on its button closes a menu, and one elsewhere leaves the focus there", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  const button = page.getByRole("button", { name: "Theme" });
  const menu = page.getByRole("menu");
  await button.click();
  await expect(menu).toBeVisible();
  await button.click();
  await expect(menu).toHaveCount(0);
  await button.click();
  await expect(menu).toBeVisible();
  await app.node("Get").click();
  await expect(menu).toHaveCount(0);
  await expect(app.node("Get")).toHaveClass(/selected/);
  await expect(button).not.toBeFocused();
  await button.click();
  await menu.getByRole("menuitem", { name: "Dark" }).click();
  await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
});

test("a menu that cannot be loaded is told of, and its button can be pressed again", async ({
  app,
  page,
}) => {
  await page.route(/MenuList/, (route) => route.abort());
  await app.open(COPY);
  app.mayFail = true;
  const button = page.getByRole("button", { name: "Theme" });
  await button.click();
  await expect(page.locator(".toasts")).toContainText("could not be loaded");
  await expect(button).toHaveAttribute("aria-expanded", "false");
  await expect(app.node("Get")).toBeVisible();
});
