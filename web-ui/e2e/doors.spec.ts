// The ways in from the page of all flows: a folder of recordings, and a flow's file.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, test, type App } from "./app";
import { wav } from "./waiting";

const RESULTS = ["one.wav.json", "album/one.wav.json"];

async function begin(app: App): Promise<void> {
  await app.tutti.start("");
  await app.page.goto(app.tutti.url);
  await expect(app.page.getByRole("heading", { name: "No flows yet" })).toBeVisible();
}

test("a folder of recordings becomes a flow, which leaves them as they are", async ({
  app,
  page,
}) => {
  const folder = app.tutti.path("My music");
  mkdirSync(`${folder}/album`, { recursive: true });
  writeFileSync(`${folder}/one.wav`, wav());
  // Of the same name, elsewhere.
  writeFileSync(`${folder}/album/one.wav`, wav());
  writeFileSync(`${folder}/cover.txt`, "no recording");
  await begin(app);
  await page.getByRole("button", { name: "Open a folder of music" }).click();
  await isAccessible(app);
  await page.getByRole("textbox").fill(`${folder}/`);
  await page.keyboard.press("Enter");
  await expect(app.node("Pick up recordings")).toBeVisible();
  await expect(page).toHaveURL(/flows\/My-music/);
  await expect(page.locator(".toast")).toHaveCount(0);
  await page.getByRole("button", { name: "Review & apply" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const start = page.getByRole("button", { name: "Start", exact: true });
  if (await start.isVisible()) await start.click();
  const found = () => RESULTS.filter((name) => existsSync(`${folder}-features/${name}`));
  await expect.poll(found).toEqual(RESULTS);
  expect(readdirSync(folder).sort()).toEqual(["album", "cover.txt", "one.wav"]);
});

test("a folder that is not there is told, and the flow can be mended", async ({ app, page }) => {
  await begin(app);
  await page.getByRole("button", { name: "Open a folder of music" }).click();
  await page.getByRole("textbox").fill("/no/such/folder");
  await page.keyboard.press("Enter");
  await expect(page.locator(".toast")).toContainText("The folder cannot be read yet");
  await expect(app.node("Pick up recordings")).toBeVisible();
  await expect(page).toHaveURL(/flows\/folder/);
});

test("a flow's file is imported, never over one that is there, and what is wrong is told", async ({
  app,
  page,
}) => {
  await begin(app);
  const file = (text: string, name = "copy.json") => ({
    name,
    mimeType: "application/json",
    buffer: Buffer.from(text),
  });
  const choose = async (...files: Parameters<typeof file>) => {
    await page.goto(`${app.tutti.url}/#/flows`);
    await page
      .getByLabel("Import a flow")
      .last()
      .setInputFiles(file(...files));
  };
  const text = JSON.stringify(COPY).replaceAll("DIR", app.tutti.folder);
  await choose(text);
  await expect(app.node("Get")).toBeVisible();
  await choose(text);
  await expect(page.locator(".toast")).toContainText("this one is called “copy-2”");
  await expect(page).toHaveURL(/flows\/copy-2/);
  const toast = page.locator(".toast").last();
  const before = await app.tutti.call<{ name: string }[]>("/flows");
  for (const [wrong, told] of [
    ["{", "not JSON"],
    ["[]", "no flow"],
    ['{"format":1,"name":"x","procesors":{}}', "procesors"],
    ['{"format":99,"name":"y"}', "format"],
  ] as const) {
    await choose(wrong, "wrong.json");
    await expect(toast).toContainText("wrong.json was not imported");
    await expect(toast).toContainText(told);
    await toast.getByRole("button", { name: "Close" }).click();
  }
  await choose(`{"format":1,"name":"z","description":"${"x".repeat(5_000_000)}"}`, "huge.json");
  await expect(toast).toContainText("more than 4 MB");
  expect(await app.tutti.call("/flows")).toEqual(before);
});
