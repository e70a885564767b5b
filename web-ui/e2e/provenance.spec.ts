import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, test, type App } from "./app";

async function copied(app: App, ...names: string[]): Promise<void> {
  await app.open(COPY);
  for (const name of names) {
    writeFileSync(app.tutti.path(`in/${name}`), name);
    await expect.poll(() => existsSync(app.tutti.path(`out/${name}`))).toBe(true);
  }
}

test("events are found by component, by attribute and by type", async ({ app, page }) => {
  await copied(app, "a.txt", "b.txt");
  await app.node("Put").click({ button: "right" });
  await page.getByRole("menuitem", { name: "Provenance" }).click();
  const dialog = page.getByRole("dialog", { name: "Provenance" });
  await expect(dialog.getByLabel("Component")).toHaveValue("Put");
  const rows = dialog.locator(".event-row");
  await expect(rows).toHaveCount(4);
  await expect(rows.filter({ hasText: "Get" })).toHaveCount(0);
  await isAccessible(app);
  await dialog.getByLabel("Component").selectOption("");
  await dialog.getByLabel("Attribute", { exact: true }).fill("filename=b.txt");
  await page.keyboard.press("Enter");
  await expect(rows).toHaveCount(3);
  await dialog.getByLabel("Event", { exact: true }).selectOption("RECEIVE");
  await dialog.getByRole("button", { name: "Search" }).click();
  await expect(rows).toHaveCount(1);
  await expect(dialog.locator(".provenance-event")).toContainText("file://");
  await dialog.getByLabel("Until").fill("2020-01-01T00:00:00");
  await dialog.getByRole("button", { name: "Search" }).click();
  await expect(dialog).toContainText("Nothing of this is in the log.");
  // What is no time is not searched for, and told where it is written.
  await dialog.getByLabel("Until").fill("yesterday");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("as in “2026-11-28 13:05”");
  await expect(dialog.getByLabel("Until")).toHaveAttribute("aria-invalid", "true");
  await isAccessible(app);
  await dialog.getByRole("button", { name: "Last hour" }).click();
  await expect(rows).toHaveCount(1);
  await expect(dialog.getByLabel("Until")).toHaveValue("");
  // Who has searched can go on writing.
  await dialog.getByLabel("From").fill("2026-11-28");
  await page.keyboard.press("Enter");
  await expect(dialog.getByLabel("From")).toBeFocused();
});

test("the way of a flowfile is a line of time", async ({ app, page }) => {
  await copied(app, "a.txt");
  await page.keyboard.press("v");
  const dialog = page.getByRole("dialog", { name: "Provenance" });
  await dialog.getByRole("tab", { name: "Attributes" }).click();
  await expect(dialog.locator(".attributes")).toContainText("a.txt");
  await dialog.getByRole("tab", { name: "Lineage" }).click();
  await expect(dialog.locator(".lineage-step .badge")).toHaveText(["RECEIVE", "SEND", "DROP"]);
  await isAccessible(app);
});

test("the content that a flowfile had is saved from an event", async ({ app, page }) => {
  await copied(app, "a.txt");
  await page.keyboard.press("v");
  const dialog = page.getByRole("dialog", { name: "Provenance" });
  await dialog.locator(".event-row", { hasText: "SEND" }).getByRole("button").click();
  const details = dialog.locator(".provenance-event");
  await expect(details.getByText("Content before it")).toBeVisible();
  await isAccessible(app);
  const coming = page.waitForEvent("download");
  await details.getByRole("link", { name: "Save: Content after it" }).click();
  const download = await coming;
  expect(download.suggestedFilename()).toBe("a.txt");
  expect(readFileSync(await download.path(), "utf8")).toBe("a.txt");
});

test("a replay says first what would come, and lets it come then", async ({ app, page }) => {
  await copied(app, "a.txt", "b.txt");
  for (const name of readdirSync(app.tutti.path("out"))) rmSync(app.tutti.path(`out/${name}`));
  await page.keyboard.press("v");
  const dialog = page.getByRole("dialog", { name: "Provenance" });
  const drops = dialog.locator(".event-row", { hasText: "DROP" });
  await expect(drops).toHaveCount(2);
  for (const row of await drops.all()) await row.getByRole("checkbox").check();
  await dialog.getByRole("button", { name: "Replay 2…" }).click();
  await expect(dialog.locator(".replay-row")).toHaveCount(2);
  await expect(dialog.locator(".replay-row").first()).toContainText("copy/Get [success] -> Put");
  await isAccessible(app);
  expect(readdirSync(app.tutti.path("out"))).toEqual([]);
  await dialog.getByRole("button", { name: "Let it come" }).click();
  await expect.poll(() => readdirSync(app.tutti.path("out")).sort()).toEqual(["a.txt", "b.txt"]);
  await expect(dialog.locator(".event-row", { hasText: "REPLAY" })).toHaveCount(2);
});

test("what a source took in cannot be replayed", async ({ app, page }) => {
  await copied(app, "a.txt");
  await page.keyboard.press("v");
  const dialog = page.getByRole("dialog", { name: "Provenance" });
  const row = dialog.locator(".event-row", { hasText: "RECEIVE" });
  await expect(row.getByRole("checkbox")).toBeDisabled();
  await row.getByRole("button").click();
  await expect(dialog.getByRole("button", { name: "Replay", exact: true })).toBeDisabled();
});

test("the kind of an event lies over nothing", async ({ app, page }) => {
  const long = "Name of the recordings, by day";
  const flow = {
    ...COPY,
    processors: {
      ...COPY.processors,
      [long]: { type: "UpdateAttribute", properties: { day: "${now():format('D')}" } },
    },
    connections: [
      { from: "Get", relationships: ["success"], to: long },
      { from: long, relationships: ["success"], to: "Put" },
    ],
  };
  await app.open(flow);
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  await expect.poll(() => existsSync(app.tutti.path("out/a.txt"))).toBe(true);
  await page.keyboard.press("v");
  const dialog = page.getByRole("dialog", { name: "Provenance" });
  const row = dialog.locator(".event-row", { hasText: "ATTRIBUTES_MODIFIED" });
  const badge = row.locator(".badge");
  // All of it is inside of its own bounds, too.
  const outside = await badge.evaluate((each) => each.scrollWidth - each.clientWidth);
  expect(outside).toBeLessThanOrEqual(0);
  const kind = await badge.boundingBox();
  const who = await row.locator(".event-component").boundingBox();
  const file = await row.locator(".event-name").boundingBox();
  if (!kind || !who || !file) throw new Error("an event is not all shown");
  expect(kind.x + kind.width <= who.x || kind.y + kind.height <= who.y + 1).toBe(true);
  expect(Math.max(kind.x + kind.width, who.x + who.width)).toBeLessThanOrEqual(file.x);
  await isAccessible(app);
});
