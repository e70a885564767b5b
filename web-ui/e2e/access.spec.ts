import { COPY, expect, isAccessible, NESTED, test } from "./app";

for (const theme of ["light", "dark", "contrast"]) {
  test(`nothing serious is wrong for those who see less: ${theme}`, async ({ app, page }) => {
    test.setTimeout(180_000);
    await page.addInitScript((name) => {
      localStorage.setItem("tutti.theme", name);
    }, theme);
    await app.open(NESTED);
    await isAccessible(app);
    await app.node("Route").click();
    await isAccessible(app);
    for (const tab of ["Settings", "Relationships", "About"]) {
      await page.getByRole("tab", { name: tab }).click();
      await isAccessible(app);
    }
    await page.keyboard.press("3");
    await expect(page.getByRole("tree", { name: "Outline" })).toBeVisible();
    await isAccessible(app);
    await page.getByRole("button", { name: "Close" }).first().click();
    for (const key of ["?", "Control+k", "p", "Control+Enter"]) {
      await app.canvas.focus();
      await page.keyboard.press(key);
      await expect(page.getByRole("dialog")).toBeVisible();
      await isAccessible(app);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
    await app.chip("Get [success] -> Route").click();
    await isAccessible(app);
    await page.goto(`${app.tutti.url}/#/components`);
    await expect(page.getByRole("heading", { name: "Components" })).toBeVisible();
    await isAccessible(app);
  });
}

test("a flow is built by keyboard alone, in the outline, in sixty keys", async ({ app, page }) => {
  await app.open({ format: 1, name: "empty" } as typeof COPY);
  let keys = 0;
  const press = async (...names: string[]) => {
    for (const name of names) {
      await page.keyboard.press(name);
      keys += 1;
    }
  };
  const type = async (text: string) => press(...text.split(""));
  await press("a");
  await type("getf");
  await press("Enter");
  await expect(app.node("Get file")).toBeVisible();
  await press("a");
  await type("dec");
  await press("Enter", "a");
  await expect(page.getByRole("combobox", { name: /Decode audio/ })).toBeFocused();
  await type("extr");
  await press("Enter", "a");
  await expect(page.getByRole("combobox", { name: /Extract features/ })).toBeFocused();
  await type("puto");
  await press("Enter");
  await press("3");
  await expect(page.getByRole("tree", { name: "Outline" })).toBeVisible();
  await page.getByRole("treeitem", { name: /^Decode audio/ }).focus();
  await expect(app.node("Decode audio")).toHaveClass(/selected/);
  await press("c");
  await type("put");
  await press("Enter");
  await expect(page.getByRole("dialog", { name: "New connection" })).toBeVisible();
  await press("Enter");
  await expect
    .poll(async () => Object.keys((await app.draft("empty")).flow.connections ?? {}).sort())
    .toEqual([
      "Decode audio [failure] -> Put object",
      "Decode audio [success] -> Extract features",
      "Extract features [success] -> Put object",
      "Get file [success] -> Decode audio",
    ]);
  expect(keys).toBeLessThanOrEqual(60);
});

test("the command palette finds commands and processors", async ({ app, page }) => {
  await app.open(NESTED);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("store");
  await page.getByRole("option", { name: /Storage\/Store/ }).click();
  await expect(app.node("Store")).toHaveClass(/selected/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("outline");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tree")).toBeVisible();
});
