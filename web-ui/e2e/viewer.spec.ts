// What waits as it was read, without a type that anybody told: the viewer finds how it is shown.
import { writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, test, type App } from "./app";
import { wav } from "./waiting";

const QUEUE = "Get [success] -> Put";
const FILES = {
  ...COPY,
  processors: { ...COPY.processors, Put: { ...COPY.processors.Put, state: "disabled" } },
};
/** Two pixels, one above the other. */
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAEAAAACCAIAAAAW4yFwAAAADUlEQVR4nGP4zwAC/wEIAAH/2ZC7NQAAAABJRU5ErkJggg==",
  "base64",
);

/** Opens the queue in which that file waits. */
async function look(app: App, name: string, content: string | Buffer) {
  await app.open(FILES);
  writeFileSync(app.tutti.path(`in/${name}`), content);
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("1");
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = app.page.getByRole("dialog");
  await expect(dialog.locator(".queue-item")).toContainText(name);
  // Nothing has told what it is.
  interface Queue {
    flowfiles: { attributes: Record<string, string> }[];
  }
  const path = `/flows/copy/queue?connection=${encodeURIComponent(QUEUE)}`;
  const { flowfiles } = await app.tutti.call<Queue>(path);
  expect(flowfiles[0]?.attributes).not.toHaveProperty("mime.type");
  return { dialog, tabs: dialog.locator(".viewer").getByRole("tab") };
}

test("a picture is seen, under a name that says nothing", async ({ app }) => {
  const { dialog, tabs } = await look(app, "cover", PNG);
  await expect(tabs).toHaveText(["Image", "Hex"]);
  const image = dialog.locator(".content-image img");
  await expect
    .poll(() => image.evaluate((each: HTMLImageElement) => [each.naturalWidth, each.naturalHeight]))
    .toEqual([1, 2]);
  await isAccessible(app);
});

test("rows are a table, and are read as text", async ({ app }) => {
  const { dialog, tabs } = await look(app, "songs.csv", "title,tempo\nLetter,90\nSong,120\n");
  await expect(tabs).toHaveText(["Table", "Text", "Hex"]);
  await expect(dialog.getByRole("columnheader", { name: /tempo/ })).toBeVisible();
  await expect(dialog.getByRole("cell", { name: "120" })).toBeVisible();
  await tabs.filter({ hasText: "Text" }).click();
  await expect(dialog.locator("pre.content-text")).toContainText("Letter,90");
});

test("JSON has its lines, and is a table where it is a list", async ({ app }) => {
  const { dialog, tabs } = await look(app, "songs", '[{"title":"Letter","tempo":90}]');
  await expect(tabs).toHaveText(["JSON", "Table", "Text", "Hex"]);
  await expect(dialog.locator("pre.content-text")).toContainText('    "tempo": 90');
  await tabs.filter({ hasText: "Table" }).click();
  await expect(dialog.getByRole("cell", { name: "Letter" })).toBeVisible();
});

test("text is text, and other bytes are bytes", async ({ app }) => {
  const { dialog, tabs } = await look(app, "notes", "Twelve songs, all of them short.\n");
  await expect(tabs).toHaveText(["Text", "Hex"]);
  await expect(dialog.locator("pre.content-text")).toContainText("Twelve songs");
  await tabs.filter({ hasText: "Hex" }).click();
  await expect(dialog.locator(".hex-bytes").first()).toHaveText(/^54 77 65 6c/);
});

for (const format of ["Arrow", "Parquet"]) {
  test(`features in ${format} are a table`, async ({ app, page }) => {
    const properties = { Features: "rms", Format: format, Output: "frames" };
    await app.open({
      ...FILES,
      processors: {
        ...FILES.processors,
        Extract: { type: "ExtractFeatures", properties, autoTerminate: ["failure"] },
      },
      connections: [
        { from: "Get", relationships: ["success"], to: "Extract" },
        { from: "Extract", relationships: ["success"], to: "Put" },
      ],
    } as typeof COPY);
    writeFileSync(app.tutti.path("in/a.wav"), wav());
    const chip = app.chip("Extract [success] -> Put");
    await expect(chip.locator('[data-figure="queued"]')).toHaveText("1");
    await chip.getByRole("button").click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.locator(".viewer").getByRole("tab")).toHaveText(["Table", "Hex"]);
    await expect(dialog.getByRole("columnheader", { name: /rms/ })).toBeVisible();
    await expect(dialog.getByRole("cell").first()).toBeVisible();
  });
}
