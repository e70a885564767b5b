// The ways in from the page of all flows: a folder of recordings, and a flow's file.
import { existsSync, mkdirSync, readdirSync, writeFileSync } from "node:fs";
import type { Page } from "@playwright/test";
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
  // What is applied for the first time runs from there on; nobody has to start it.
  await expect(page.getByRole("button", { name: "Stop", exact: true })).toBeVisible();
  const found = () => RESULTS.filter((name) => existsSync(`${folder}-features/${name}`));
  await expect.poll(found).toEqual(RESULTS);
  expect(readdirSync(folder).sort()).toEqual(["album", "cover.txt", "one.wav"]);
});

test("a folder without recordings is told where it is written, and nothing is made for it", async ({
  app,
  page,
}) => {
  const folder = app.tutti.path("music");
  mkdirSync(folder);
  await begin(app);
  await page.getByRole("button", { name: "Open a folder of music" }).click();
  const dialog = page.getByRole("dialog", { name: "Open a folder of music" });
  const field = dialog.getByRole("textbox");
  const told = dialog.getByRole("alert");
  const anyway = dialog.getByRole("button", { name: "Make the flow all the same" });
  await expect(field).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(told).toHaveText("Write the path of a folder");
  await expect(anyway).toHaveCount(0);
  await field.fill("/no/such/folder");
  await page.keyboard.press("Enter");
  await expect(told).toContainText("No such file or directory");
  await expect(anyway).toBeVisible();
  await isAccessible(app);
  // The same once more is no yes to it.
  const again = page.waitForResponse(/\/verify$/);
  await page.keyboard.press("Enter");
  await again;
  await expect(told).toContainText("No such file or directory");
  writeFileSync(`${folder}/cover.txt`, "no recording");
  await field.fill(folder);
  await expect(told).toBeEmpty();
  await page.keyboard.press("Enter");
  await expect(told).toContainText("Of 1 files none is looked for.");
  await expect(told).toContainText("Recordings end in wav,");
  await expect(page.locator(".toast")).toHaveCount(0);
  // Nothing of it is anywhere yet.
  expect(await app.tutti.call<unknown[]>("/flows")).toEqual([]);
  writeFileSync(`${folder}/ONE.WAV`, wav());
  await page.keyboard.press("Enter");
  await expect(app.node("Pick up recordings")).toBeVisible();
  await expect(dialog).toHaveCount(0);
  const { flow } = await app.draft("music");
  expect(flow.processors?.["Pick up recordings"]?.properties).toMatchObject({ Directory: folder });
  expect(flow.processors?.["Keep features"]?.properties).toMatchObject({
    Directory: `${folder}-features/\${path}`,
  });
  expect(await app.tutti.call<unknown[]>("/flows")).toHaveLength(1);
});

test("a flow for a folder that is not there yet is made all the same where that is meant", async ({
  app,
  page,
}) => {
  await begin(app);
  await page.getByRole("button", { name: "Open a folder of music" }).click();
  await page.getByRole("textbox").fill("/no/such/folder");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Make the flow all the same" }).click();
  await expect(app.node("Pick up recordings")).toBeVisible();
  await expect(page).toHaveURL(/flows\/folder/);
});

test("a new flow says which names there are before one is refused", async ({ app, page }) => {
  await begin(app);
  await page.getByRole("button", { name: "New flow" }).click();
  const dialog = page.getByRole("dialog", { name: "New flow" });
  await expect(dialog).toContainText("Letters, digits");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Bad/Name ..");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toContainText("No flow can be called so");
  await dialog.getByRole("textbox", { name: "Name" }).fill("Good");
  await expect(dialog.getByRole("alert")).toBeEmpty();
  await page.keyboard.press("Enter");
  await expect(page.locator(".canvas-empty")).toBeVisible();
});

/** What a person does who drags a file over the page; the browser's own has no other way. */
async function drag(page: Page, kind: string, name: string, text: string): Promise<void> {
  await page.evaluate(
    ([type, called, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([content], called, { type: "application/json" }));
      const init = { dataTransfer: data, bubbles: true, cancelable: true };
      document.querySelector(".home-main")?.dispatchEvent(new DragEvent(type, init));
    },
    [kind, name, text] as const,
  );
}

test("a flow's file is dropped on the page of flows", async ({ app, page }) => {
  await begin(app);
  const text = JSON.stringify(COPY).replaceAll("DIR", app.tutti.folder);
  await drag(page, "dragenter", "copy.json", text);
  await expect(page.getByText("Drop it: the flow is imported")).toBeVisible();
  await drag(page, "dragleave", "copy.json", text);
  await expect(page.getByText("Drop it: the flow is imported")).toHaveCount(0);
  await drag(page, "dragenter", "copy.json", text);
  await drag(page, "drop", "copy.json", text);
  await expect(app.node("Get")).toBeVisible();
  await expect(page.getByText("Drop it: the flow is imported")).toHaveCount(0);
});

test("the doors are shut for who may only look, and say why", async ({ app, page }) => {
  app.tutti.addUser("vera", "viewer", "correct horse");
  await app.tutti.start("");
  await page.goto(`${app.tutti.url}/#/flows`);
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("vera");
  await page.getByLabel("Password").fill("correct horse");
  await page.keyboard.press("Enter");
  const why = "This needs the role editor; yours is viewer.";
  for (const name of ["Try the demo", "Open a folder of music", "Import a flow", "New flow"]) {
    const door = page.getByRole("button", { name });
    await expect(door).toBeDisabled();
    await expect(door).toHaveAttribute("title", why);
  }
  await expect(page.getByLabel("Import a flow").last()).toBeDisabled();
  // What is dropped is not sent, either.
  const sent: string[] = [];
  page.on("request", (request) => sent.push(request.method()));
  await drag(page, "drop", "copy.json", JSON.stringify(COPY));
  await expect(page.locator(".toast")).toContainText(why);
  expect(sent).not.toContain("PUT");
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
    ['{"flowContents":{"name":"y","processors":[]}}', "tutti import nifi wrong.json"],
    ['{"encodingVersion":{},"rootGroup":{"processors":[]}}', "tutti import nifi wrong.json"],
    ['<?xml version="1.0"?><template encoding-version="1.3">', "flow definition"],
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
