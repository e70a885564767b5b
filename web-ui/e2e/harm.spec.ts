// What goes wrong around somebody who edits: a server that is killed, another tab, a clipboard
// full of something else.
import type { Page, Route } from "@playwright/test";
import { App, COPY, expect, test } from "./app";

/** The names of boxes in the draft, and how many operations there were. */
async function kept(app: App): Promise<{ boxes: string[]; revision: number }> {
  const { flow, revision } = await app.draft("copy");
  return { boxes: Object.keys(flow.processors ?? {}).sort(), revision };
}

async function add(page: Page, type: string, name: string): Promise<void> {
  await page.keyboard.press("a");
  await expect(page.locator(".picker-input")).toBeFocused();
  await page.keyboard.type(type);
  await page.keyboard.press("Enter");
  await expect(page.locator(`.react-flow__node[data-id="${name}"]`)).toBeVisible();
}

for (const [when, reaches] of [
  ["before it reaches the server", false],
  ["before its answer comes back", true],
] as const) {
  test(`an edit is made once when the server is killed ${when}`, async ({ app, page }) => {
    await app.open(COPY);
    await app.saved();
    // Nothing is selected, and the forms come all the same.
    await page.waitForFunction(() =>
      performance.getEntriesByType("resource").some(({ name }) => name.includes("/Selected-")),
    );
    const before = await kept(app);
    const killed = new Promise<void>((resolve) => {
      const kill = async (route: Route) => {
        if (reaches) await route.fetch();
        await app.tutti.kill();
        await route.abort("connectionreset");
        resolve();
      };
      void page.route("**/operations", kill, { times: 1 });
    });
    await app.canvas.click({ position: { x: 20, y: 20 } });
    await add(page, "hashc", "Hash content");
    await killed;
    // One goes on editing meanwhile.
    await expect(page.locator(".page.lost")).toBeVisible();
    await add(page, "loga", "Log attribute");
    await app.tutti.start("copy");
    await expect(page.locator(".page.lost")).toHaveCount(0);
    await app.saved();
    expect(await page.locator(".toast.error").allInnerTexts()).toEqual([]);
    const boxes = ["Get", "Hash content", "Log attribute", "Put"];
    const after = await kept(app);
    expect(after.boxes).toEqual(boxes);
    await page.keyboard.press("f");
    for (const name of boxes) await expect(app.node(name)).toBeVisible();
    // Each edit is in the log once.
    const log = await app.tutti.call<{ operations: { label: string }[] }>(
      `/flows/copy/operations?after=${String(before.revision)}`,
    );
    const added = log.operations.filter(({ label }) => label.includes("Hash content"));
    expect(added).toHaveLength(1);
    expect(await page.locator(".toast.error").allInnerTexts()).toEqual([]);
  });
}

test("two tabs show the same, and each goes on without the other", async ({ app, page }) => {
  await app.open(COPY);
  const other = new App(app.tutti, await page.context().newPage());
  await other.show("copy");
  await app.canvas.click({ position: { x: 20, y: 20 } });
  await other.canvas.click({ position: { x: 20, y: 20 } });
  await Promise.all([add(page, "hashc", "Hash content"), add(other.page, "loga", "Log attribute")]);
  for (const tab of [app, other]) {
    await expect(tab.node("Hash content")).toBeVisible();
    await expect(tab.node("Log attribute")).toBeVisible();
    await tab.saved();
  }
  await page.close();
  await other.page.keyboard.press("Control+z");
  await other.page.keyboard.press("Control+z");
  await expect(other.node("Hash content")).toHaveCount(0);
  await expect(other.node("Log attribute")).toHaveCount(0);
  await other.saved();
  expect((await kept(other)).boxes).toEqual(["Get", "Put"]);
  await other.page.keyboard.press("Control+Shift+z");
  await expect(other.page.locator(".react-flow__node")).toHaveCount(3);
});

test("what is on the clipboard and is no part of a flow is told, however long", async ({
  app,
  page,
}) => {
  await page.context().grantPermissions(["clipboard-read", "clipboard-write"]);
  await app.open(COPY);
  await app.saved();
  const before = await kept(app);
  const paste = async (text: string) => {
    await page.evaluate((into) => navigator.clipboard.writeText(into), text);
    await page.keyboard.press("Control+v");
  };
  const told = page.locator(".toasts");
  for (const text of [
    "words",
    '{"tutti": 1',
    '{"tutti":"tutti/1","group":7}',
    "[".repeat(100_000),
  ]) {
    await paste(text);
    await expect(told).toContainText("There is nothing of a flow on the clipboard");
    await page.locator(".toast").getByRole("button", { name: "Close" }).click();
    await expect(page.locator(".toast")).toHaveCount(0);
  }
  // A flow of 100 MB, made in the page: it is the page that must not stop.
  await page.evaluate(() => {
    const text = `{"tutti":"tutti/1","group":{"description":"${"x".repeat(100_000_000)}"}}`;
    return navigator.clipboard.writeText(text);
  });
  await page.keyboard.press("Control+v");
  await expect(told).toContainText("too large");
  await app.node("Get").click();
  await expect(app.node("Get")).toHaveClass(/selected/);
  expect(await kept(app)).toEqual(before);
});
