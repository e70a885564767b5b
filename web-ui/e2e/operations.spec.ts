import { COPY, expect, isAccessible, test, type App } from "./app";

async function set(app: App, name: string, value: string): Promise<void> {
  await app.page.getByRole("textbox", { name }).fill(value);
  await app.page.keyboard.press("Enter");
  await app.saved();
}

test("what was changed is listed, one change of before is taken back, and all since another", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await app.node("Get").click();
  await set(app, "File Filter", ".*\\.mp3");
  await set(app, "Path Filter", "old");
  const { revision } = await app.draft("copy");
  await page.getByRole("button", { name: "History of changes" }).click();
  const dialog = page.getByRole("dialog", { name: "History of changes" });
  const rows = dialog.locator(".operation");
  await expect(rows.first()).toContainText("Path Filter");
  await expect(rows.first()).toContainText("local");
  await expect(rows.first().locator("ins")).toHaveText("old");
  await isAccessible(app);
  // The older of two: what was done after it stays.
  await dialog.getByRole("button", { name: `Undo revision ${String(revision - 1)}` }).click();
  await expect(rows.first()).toContainText("undone");
  await expect(rows.first().locator("del")).toHaveText(".*\\.mp3");
  // Neither what was taken back nor the taking back can be taken back from here.
  for (const one of [revision - 1, revision + 1]) {
    const name = `Undo revision ${String(one)}`;
    await expect(dialog.getByRole("button", { name, exact: true })).toHaveCount(0);
  }
  const get = async () => (await app.draft("copy")).flow.processors?.Get;
  expect(await get()).toMatchObject({ properties: { "Path Filter": "old" } });
  expect(JSON.stringify(await get())).not.toContain("File Filter");
  // Back to where both were: first it says what that takes back.
  await dialog
    .getByRole("button", { name: `Go back to revision ${String(revision - 1)}`, exact: true })
    .click();
  const preview = dialog.getByRole("region", { name: "Go back to revision" });
  await expect(preview).toContainText("2 later operations are taken back");
  await expect(preview.getByRole("listitem").first()).toContainText("Path Filter");
  await preview.getByRole("button", { name: "Go back to this" }).click();
  await expect(rows.first()).toContainText("gone back");
  expect(await get()).toMatchObject({ properties: { "File Filter": ".*\\.mp3" } });
  expect(JSON.stringify(await get())).not.toContain("Path Filter");
  await app.saved();
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Review & apply" }).click();
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page.getByRole("button", { name: "Applied" })).toBeVisible();
  await page.getByRole("button", { name: "History of changes" }).click();
  await expect(rows.first()).toContainText("applied last");
});

test("what cannot be taken back any more names what contradicts", async ({ app, page }) => {
  await app.open(COPY);
  await app.node("Get").click();
  await set(app, "File Filter", "one");
  const { revision } = await app.draft("copy");
  await set(app, "File Filter", "two");
  await page.getByRole("button", { name: "History of changes" }).click();
  await page.getByRole("button", { name: `Undo revision ${String(revision)}` }).click();
  const told = page.getByText("Somebody changed the same");
  await expect(told).toBeVisible();
  // Nothing lies over it.
  await told.click();
  await expect(page.locator(".conflict")).toContainText("File Filter");
  await expect(page.locator(".conflict")).toContainText("two");
});

test("a flow that was never applied says so", async ({ app, page }) => {
  await app.tutti.start(".");
  await page.goto(`${app.tutti.url}/#/flows`);
  await page.getByRole("button", { name: "New flow" }).first().click();
  await page.getByRole("dialog").getByRole("textbox").first().fill("fresh");
  await page.keyboard.press("Enter");
  await expect(page.locator(".canvas-empty")).toBeVisible();
  await app.canvas.focus();
  await page.keyboard.press("a");
  await page.keyboard.type("logattribute");
  await page.keyboard.press("Enter");
  await app.saved();
  await app.canvas.focus();
  await page.keyboard.press("Shift+H");
  const head = page.getByRole("dialog", { name: "History of changes" }).locator(".operations-head");
  await expect(head).toContainText("not applied yet");
  await expect(head).not.toContainText("applied last");
});

test("a change is told as the review tells it, in words, and long values are folded", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await app.canvas.focus();
  await page.keyboard.press("a");
  await page.keyboard.type("logattribute");
  await page.keyboard.press("Enter");
  await app.saved();
  await app.node("Get").click();
  const long = "(a|b)+".repeat(40);
  await set(app, "Path Filter", long);
  await page.getByRole("button", { name: "History of changes" }).click();
  const lines = page.getByRole("dialog").locator(".change-line");
  await expect(lines.last()).toContainText("type LogAttribute");
  const [folded, added] = await lines.allInnerTexts();
  await expect(lines.first().locator("ins details")).not.toHaveAttribute("open");
  await lines.first().locator("summary").click();
  await expect(lines.first().locator("details > div")).toHaveText(long);
  await isAccessible(app);
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Review & apply" }).click();
  await expect(lines).toHaveCount(2);
  expect((await lines.allInnerTexts()).sort()).toEqual([added, folded].sort());
});
