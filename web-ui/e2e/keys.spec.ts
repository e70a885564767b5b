// Shortcuts that a person changes.
import { COPY, expect, isAccessible, test, type App } from "./app";
import { placeOf } from "./drawn";

async function change(app: App, name: string): Promise<void> {
  const dialog = app.page.getByRole("dialog", { name: "Shortcuts" });
  await dialog.getByRole("button", { name: `Change the keys of “${name}”` }).click();
  await expect(app.page.getByRole("textbox", { name: `New keys of “${name}”` })).toBeFocused();
}

test("a command gets other keys, which work, are shown, and are kept", async ({ app, page }) => {
  await app.open(COPY);
  const dialog = page.getByRole("dialog", { name: "Shortcuts" });
  const row = dialog.locator(".help-row").filter({ has: page.getByText("Move down") });
  await page.keyboard.press("?");
  await expect(row.locator("kbd")).toHaveText("Alt+↓");
  await change(app, "Move down");
  await page.keyboard.press("Control+Shift+L");
  await expect(row.locator("kbd")).toHaveText("Ctrl+Shift+L");
  await isAccessible(app);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  const before = await placeOf(app.node("Get"));
  const press = async (keys: string, y: number) => {
    await app.node("Get").click();
    await expect(app.node("Get")).toHaveClass(/selected/);
    // Sideways with the keys that nobody changed: what is done is done in its order.
    const { x } = await placeOf(app.node("Get"));
    await page.keyboard.press(keys);
    await page.keyboard.press("Alt+ArrowRight");
    const place = { x: x + 8, y: before.y + y };
    await expect.poll(async () => (await app.draft("copy")).layout.positions.Get).toEqual(place);
    await expect.poll(() => placeOf(app.node("Get"))).toEqual(place);
  };
  await press("Alt+ArrowDown", 0);
  await press("Control+Shift+L", 8);
  await page.reload();
  await expect(app.node("Put")).toBeVisible();
  await press("Alt+ArrowDown", 8);
  await press("Control+Shift+L", 16);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("move down");
  await expect(page.getByRole("option", { name: /Move down/ })).toContainText("Ctrl+Shift+L");
  await page.keyboard.press("Escape");
  await page.keyboard.press("?");
  await dialog.getByRole("button", { name: "“Move down” as it came" }).click();
  await expect(row.locator("kbd")).toHaveText("Alt+↓");
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
  await press("Control+Shift+L", 16);
  await press("Alt+ArrowDown", 24);
});

test("keys that are another's are told, and taken from it only when one says so", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Shortcuts" });
  const row = (name: string) =>
    dialog.locator(".help-row").filter({ has: page.locator("dt", { hasText: name }) });
  await change(app, "Terminate");
  await page.keyboard.press("Control+w");
  await expect(dialog.getByRole("alert")).toHaveText("Ctrl+W is the browser's own.");
  await page.keyboard.press("ArrowLeft");
  await expect(dialog.getByRole("alert")).toHaveText("← moves about on the canvas.");
  await page.keyboard.press("a");
  await expect(dialog.getByRole("alert")).toHaveText("A belongs to “Add a processor”.");
  await expect(row("Terminate").locator("dd kbd")).toHaveCount(0);
  await isAccessible(app);
  await dialog.getByRole("button", { name: "Take them" }).click();
  await expect(row("Terminate").locator("dd kbd")).toHaveText("A");
  await expect(row("Add a processor").locator("dd kbd")).toHaveCount(0);
  await dialog.getByRole("button", { name: "All as they came" }).click();
  await expect(row("Add a processor").locator("dd kbd")).toHaveText("A");
  // Escape leaves the field, and only then the dialog.
  await change(app, "Undo");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeVisible();
});

test("the trash, both histories and the plan are found by what people call them", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  const found = async (typed: string, name: string, title: string) => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(typed);
    const option = page.getByRole("option", { name });
    await expect(option).toBeVisible();
    await option.click();
    await expect(page.getByRole("dialog", { name: title })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  };
  await found("trash", "Trash", "Trash");
  await found("empty", "Trash", "Trash");
  await found("history", "History of changes", "History of changes");
  await found("undo list", "History of changes", "History of changes");
  await found("history", "Figures", "Figures over time");
  await found("plan", "Review and apply", "Review and apply");
  await page.keyboard.press("?");
  const dialog = page.getByRole("dialog", { name: "Shortcuts" });
  for (const name of ["Trash", "History of changes", "Figures", "Review and apply"]) {
    await expect(dialog.locator("dt", { hasText: name })).toBeVisible();
  }
  await page.keyboard.press("Escape");
  // They are in the bar, too, by their names.
  await page.getByRole("banner").getByRole("button", { name: "Trash" }).click();
  await expect(page.getByRole("dialog", { name: "Trash" })).toBeVisible();
});
