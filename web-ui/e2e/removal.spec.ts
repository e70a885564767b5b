// Flows that are deleted, that nobody can edit, and whose log is damaged.
import { existsSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { App, COPY, expect, isAccessible, test } from "./app";

/** What comes waits before its last processor. */
const WAITS = {
  ...COPY,
  processors: { ...COPY.processors, Put: { ...COPY.processors.Put, state: "disabled" } },
};
const CONNECTION = "Get [success] -> Put";

async function deleteFromMenu({ page }: App): Promise<void> {
  await page.getByRole("button", { name: "Other flows" }).click();
  await page.getByRole("menuitem", { name: "Delete flow…" }).click();
}

for (const theme of ["light", "dark"]) {
  test(`a flow is deleted, and what waits in it asked about: ${theme}`, async ({ app, page }) => {
    await page.addInitScript((name) => {
      localStorage.setItem("tutti.theme", name);
    }, theme);
    writeFileSync(app.tutti.path("other.json"), JSON.stringify({ format: 1, name: "other" }));
    await app.openFaulty(WAITS);
    writeFileSync(app.tutti.path("in/a.txt"), "a");
    await expect(app.chip(CONNECTION)).toHaveAttribute("data-level", "some");
    await deleteFromMenu(app);
    const dialog = page.getByRole("dialog", { name: "Delete “copy”?" });
    const act = dialog.getByRole("button", { name: "Delete flow" });
    await expect(dialog).toContainText("copy.json.1");
    await expect(dialog.getByRole("listitem")).toContainText(`1 flowfile${CONNECTION}`);
    await expect(act).toBeDisabled();
    await isAccessible(app);
    await page.keyboard.press("Escape");
    await expect(dialog).toHaveCount(0);
    // By keys alone.
    await page.keyboard.press("ControlOrMeta+k");
    await page.keyboard.type("delete flow");
    await page.keyboard.press("Enter");
    await expect(act).toBeVisible();
    const box = dialog.getByRole("checkbox", { name: "Put what waits there into the trash" });
    for (let tabs = 0; tabs < 4 && !(await box.evaluate(isFocused)); tabs += 1) {
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Space");
    await expect(act).toBeEnabled();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    const toast = page.locator(".toast", { hasText: "“copy” is deleted" });
    await expect(toast).toContainText("copy.json.1");
    await expect(page.locator(".flow-card-link")).toHaveText(["other"]);
    expect(existsSync(app.tutti.path("copy.json"))).toBe(false);
    expect(existsSync(app.tutti.path("copy.json.1"))).toBe(true);
    await isAccessible(app);
  });
}

const isFocused = (element: Element) => element === document.activeElement;

test("a flow that does not run says only by a refusal that something waits", async ({
  app,
  page,
}) => {
  await app.openFaulty(WAITS);
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  await expect(app.chip(CONNECTION)).toHaveAttribute("data-level", "some");
  await app.tutti.kill();
  const faulty = { ...WAITS, processors: { ...WAITS.processors, Get: { type: "GetFile" } } };
  app.tutti.writeFlow(faulty);
  await app.tutti.start(".");
  await page.goto(`${app.tutti.url}/#/flows`);
  await page.getByRole("button", { name: "More about copy" }).click();
  await page.getByRole("menuitem", { name: "Delete flow…" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete “copy”?" });
  const act = dialog.getByRole("button", { name: "Delete flow" });
  await act.click();
  await expect(dialog.getByRole("alert")).toContainText("Something waits in it");
  await expect(dialog.getByRole("listitem")).toContainText(`1 flowfile${CONNECTION}`);
  await expect(act).toBeDisabled();
  await dialog.getByRole("checkbox").check();
  await act.click();
  await expect(page.locator(".home-empty")).toBeVisible();
});

test("whoever looks at a flow that is deleted is told, and sees it when it is there again", async ({
  app,
  page,
}) => {
  await app.openFaulty(COPY);
  const other = await page.context().newPage();
  await other.goto(page.url());
  await expect(other.locator('.react-flow__node[data-id="Get"]')).toBeVisible();
  await other.getByRole("button", { name: "Applied" }).click();
  await expect(other.getByRole("dialog")).toBeVisible();
  await deleteFromMenu(app);
  await page.getByRole("button", { name: "Delete flow", exact: true }).click();
  await expect(page.locator(".toast")).toContainText("copy.json.1");
  await expect(page.locator(".home-empty")).toBeVisible();
  const gone = other.getByRole("alert");
  await expect(gone).toContainText("“copy” was deleted");
  await expect(other.getByRole("dialog")).toHaveCount(0);
  await isAccessible(new App(app.tutti, other));
  await app.tutti.call("/flows", { name: "copy" });
  await expect(other.locator(".canvas-empty")).toBeVisible();
  await other.close();
  // An address that nobody knows.
  await page.goto(`${app.tutti.url}/#/flows/nobody`);
  await expect(page.getByRole("alert")).toContainText("There is no flow “nobody”");
  await page.getByRole("link", { name: "All flows" }).last().click();
  await expect(page.locator(".flow-card-link")).toHaveText(["copy"]);
});

test("what is wrong with the log of a flow is told when it is opened", async ({ app, page }) => {
  await app.openFaulty(COPY);
  await app.tutti.kill();
  writeFileSync(app.tutti.path("data/drafts/copy.log"), "no log\n");
  await app.tutti.start(".");
  await app.show("copy");
  const told = page.locator(".toast.warning");
  await expect(told).toContainText("Something is wrong with the log of “copy”");
  await expect(told).toContainText("copy.damaged-1");
  await isAccessible(app);
  // Once, and not with each edit.
  await told.getByRole("button", { name: "Close" }).click();
  await app.node("Get").click();
  await page.getByRole("textbox", { name: "File Filter" }).fill(".*\\.mp3");
  await page.keyboard.press("Enter");
  await app.saved();
  await expect(page.getByRole("button", { name: "Undo: " })).toBeEnabled();
  await expect(told).toHaveCount(0);
});

test("a flow that nobody can edit says why in the list, and is deleted from there", async ({
  app,
  page,
}) => {
  app.tutti.writeFlow({ ...COPY, name: "fine" });
  await app.openFaulty(COPY);
  await app.tutti.kill();
  const log = app.tutti.path("data/drafts/copy.log");
  rmSync(log);
  mkdirSync(log);
  await app.tutti.start(".");
  await page.goto(`${app.tutti.url}/#/flows`);
  const card = page.locator(".flow-card", { hasText: "copy" });
  await expect(card).toContainText("Cannot be edited");
  await expect(card).toContainText("cannot be read: mend that");
  await expect(page.getByText("Cannot be edited")).toHaveCount(1);
  await isAccessible(app);
  await page.getByRole("button", { name: "More about copy" }).click();
  await page.getByRole("menuitem", { name: "Delete flow…" }).click();
  await page.getByRole("button", { name: "Delete flow", exact: true }).click();
  await expect(page.locator(".toast")).toContainText("copy.json.1");
  await expect(page.locator(".flow-card-link")).toHaveText(["fine"]);
});
