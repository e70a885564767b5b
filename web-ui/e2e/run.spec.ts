import { existsSync, readdirSync, writeFileSync } from "node:fs";
import { COPY, expect, test } from "./app";
import { QUEUE, WAITING, wav } from "./waiting";

test("counters follow what runs, without a reload", async ({ app, page }) => {
  await app.open(COPY);
  await expect(app.node("Get").locator(".node")).toHaveAttribute("data-state", "running");
  for (const name of ["a.txt", "b.txt", "c.txt"]) writeFileSync(app.tutti.path(`in/${name}`), name);
  await expect(app.node("Put").locator('[data-figure="in"]')).toHaveText("3");
  await expect(page.locator(".figures")).toContainText("Running");
});

test("one processor stops and starts, then the whole flow", async ({ app, page }) => {
  await app.open(COPY);
  const state = (name: string) => app.node(name).locator(".node");
  await expect(state("Put")).toHaveAttribute("data-state", "running");
  await app.node("Put").click();
  await page.keyboard.press("x");
  await expect(state("Put")).toHaveAttribute("data-state", "stopped");
  await expect(state("Get")).toHaveAttribute("data-state", "running");
  await page.keyboard.press("s");
  await expect(state("Put")).toHaveAttribute("data-state", "running");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(state("Get")).toHaveAttribute("data-state", "stopped");
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  await app.node("Get").click();
  await page.keyboard.press("o");
  await expect(app.chip("Get [success] -> Put")).toHaveAttribute("data-level", "some");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(state("Get")).toHaveAttribute("data-state", "running");
  await expect.poll(() => existsSync(app.tutti.path("out/a.txt"))).toBe(true);
});

test("what a flow runs up to waits as running, and is stopped as such", async ({ app, page }) => {
  await app.open(COPY);
  const state = (name: string) => app.node(name).locator(".node");
  await page.getByRole("button", { name: "Stop", exact: true }).click();
  await expect(state("Get")).toHaveAttribute("data-state", "stopped");
  await expect(state("Put")).toHaveAttribute("data-state", "stopped");
  await app.node("Put").click();
  await page.keyboard.press("h");
  await expect(page.getByText("Put waits until something comes, then runs once")).toBeAttached();
  await expect(state("Get")).toHaveAttribute("data-state", "running");
  await expect(state("Put")).toHaveAttribute("data-state", "running");
  await page.keyboard.press("x");
  await expect(state("Put")).toHaveAttribute("data-state", "stopped");
  // What comes now waits, and the next time is taken at once.
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  await expect(app.chip("Get [success] -> Put")).toHaveAttribute("data-level", "some");
  await page.keyboard.press("h");
  await expect.poll(() => existsSync(app.tutti.path("out/a.txt"))).toBe(true);
  await expect(state("Put")).toHaveAttribute("data-state", "stopped");
});

test("a draft is reviewed and applied", async ({ app, page }) => {
  await app.open(COPY);
  await app.node("Get").click();
  await page.getByRole("textbox", { name: "File Filter" }).fill(".*\\.mp3");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Review & apply" }).click();
  const dialog = page.getByRole("dialog", { name: "Review and apply" });
  await expect(dialog).toContainText("File Filter");
  await expect(dialog).toContainText(".*\\.mp3");
  // What it takes away is said before it does.
  await expect(dialog).toContainText(
    `removes the files that it picks up from ${app.tutti.path("in")}`,
  );
  // What runs stops for it; what is stopped already does not.
  const stops = dialog.getByRole("heading", { name: "What stops for a moment" });
  await expect(stops).toBeVisible();
  await page.keyboard.press("Escape");
  const controlled = async (action: string, state: string) => {
    await app.tutti.call("/flows/copy/control", { action, processors: ["Get"] });
    await expect(app.node("Get").locator(".node")).toHaveAttribute("data-state", state);
    await page.getByRole("button", { name: "Review & apply" }).click();
    await expect(dialog).toContainText("File Filter");
  };
  await controlled("stop", "stopped");
  await expect(stops).toHaveCount(0);
  await page.keyboard.press("Escape");
  await controlled("start", "running");
  await dialog.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByRole("button", { name: "Applied" })).toBeVisible();
  // Who would take all would have taken the first before it looks for the last.
  for (const name of ["a.txt", "b.mp3", "c.mp3"]) {
    writeFileSync(app.tutti.path(`in/${name}`), name);
    if (name === "a.txt") continue;
    await expect.poll(() => existsSync(app.tutti.path(`out/${name}`))).toBe(true);
  }
  expect(readdirSync(app.tutti.path("out")).sort()).toEqual(["b.mp3", "c.mp3"]);
  await expect.poll(() => readdirSync(app.tutti.path("in"))).toEqual(["a.txt"]);
});

test("a draft with errors is not applied, and why is told", async ({ app, page }) => {
  await app.open(COPY);
  await page.keyboard.press("a");
  await page.keyboard.type("hashcontent");
  await page.keyboard.press("Enter");
  await page.getByRole("button", { name: "Review & apply" }).click();
  const dialog = page.getByRole("dialog", { name: "Review and apply" });
  await expect(dialog).toContainText("from being applied");
  await expect(dialog.getByRole("button", { name: "Apply", exact: true })).toBeDisabled();
});

test("what a draft changes is told in words", async ({ app, page }) => {
  await app.open(COPY);
  const processors = { Get: { type: "LogAttribute" } };
  await app.tutti.call("/flows/copy/operations", {
    label: "more",
    changes: [
      { document: "flow", path: ["groups", "G"], after: { inputPorts: { In: {} }, processors } },
      { document: "flow", path: ["processors", "Put", "description"], after: "changed" },
    ],
  });
  await page.getByRole("button", { name: "Review & apply" }).click();
  const dialog = page.getByRole("dialog", { name: "Review and apply" });
  const row = (path: string) => dialog.locator("li", { hasText: path });
  await expect(row("G/In")).toContainText("input port");
  await expect(row("G/In").locator(".badge.good")).toHaveText("added");
  await expect(row("Put").locator(".badge.accent")).toHaveText("changed");
});

test("what was told last is grey while the server is gone", async ({ app, page }) => {
  await app.open(COPY);
  await expect(page.locator(".figures")).toContainText("Running");
  await expect(page.locator(".page")).not.toHaveClass(/lost/);
  await app.tutti.kill();
  await expect(page.getByText("Connection lost, trying again")).toBeVisible();
  await expect(page.locator(".page")).toHaveClass(/lost/);
});

test("a full queue is shown by colour and shape, and can be heard", async ({ app, page }) => {
  await app.open(WAITING);
  writeFileSync(app.tutti.path("in/a.wav"), wav());
  writeFileSync(app.tutti.path("in/b.json"), '{"tempo":120}');
  const chip = app.chip(QUEUE);
  await expect(chip).toHaveAttribute("data-level", "full");
  await expect(chip.getByLabel("Back-pressure")).toBeVisible();
  expect(await chip.evaluate((element) => getComputedStyle(element).borderTopLeftRadius)).toBe(
    "5px",
  );
  await chip.getByRole("button", { name: /List the queue/ }).click();
  const dialog = page.getByRole("dialog");
  await expect(dialog).toContainText("2 flowfiles");
  await dialog.getByRole("button", { name: "a.wav" }).click();
  const audio = dialog.locator("audio");
  await expect
    .poll(() => audio.evaluate((each: HTMLAudioElement) => each.duration))
    .toBeCloseTo(1, 1);
  await audio.evaluate((each: HTMLAudioElement) => {
    each.currentTime = 0.5;
  });
  await expect
    .poll(() => audio.evaluate((each: HTMLAudioElement) => each.currentTime))
    .toBeCloseTo(0.5, 1);
  await dialog.getByRole("tab", { name: "Hex" }).click();
  await expect(dialog.locator(".hex")).toContainText("52 49 46 46");
  await dialog.getByRole("button", { name: "b.json" }).click();
  await expect(dialog.locator("pre")).toContainText('"tempo": 120');
  await expect(dialog).toContainText("application/json");
  // Looking took nothing away.
  await page.keyboard.press("Escape");
  await expect(chip.locator('[data-figure="queued"]')).toContainText("2");
});

test("bulletins are listed, and lead to who tells them", async ({ app, page }) => {
  const flow = structuredClone(COPY);
  flow.processors.Put.properties.Directory = "DIR/copy.json/no";
  await app.open(flow);
  for (const name of ["a.txt", "b.txt", "c.txt"]) writeFileSync(app.tutti.path(`in/${name}`), name);
  await page.getByRole("button", { name: /^Bulletins/ }).click();
  await expect(page.locator(".rows .row").first()).toContainText("Put");
  // Told again and again, it is one line, with its count and since when.
  await expect(page.locator(".rows .row").first()).toContainText(/\d times/);
  await expect(page.locator(".rows .row").first().locator("time")).toContainText(
    /since \d\d:\d\d:\d\d/,
  );
  await page.locator(".rows .row").first().click();
  await expect(page.locator(".panel h2")).toHaveText("Put");
  // It names the file that it is about, and leads to what happened to that.
  await expect(page.locator(".rows .row").first()).toContainText(/[abc]\.txt: /);
  await page
    .getByRole("button", { name: /^Provenance of [abc]\.txt$/ })
    .first()
    .click();
  const events = page.getByRole("dialog", { name: "Provenance" });
  await expect(events.getByRole("button", { name: /[abc]\.txt/ }).first()).toBeVisible();
});

test("a refusal is seen over the dialog that asked", async ({ app, page }) => {
  await app.open(COPY);
  await app.node("Get").click();
  await page.getByRole("textbox", { name: "File Filter" }).fill(".*\\.mp3");
  await page.keyboard.press("Enter");
  await app.saved();
  await page.getByRole("button", { name: "Review & apply" }).click();
  const dialog = page.getByRole("dialog", { name: "Review and apply" });
  await expect(dialog).toContainText("File Filter");
  // Somebody else changes the file meanwhile: it is not overwritten.
  const changed = { ...COPY, description: "of git" };
  app.tutti.writeFlow(changed);
  await dialog.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(dialog.getByRole("alert")).toBeVisible();
  await dialog.getByRole("alert").getByRole("button", { name: "Close" }).click();
  await expect(dialog.getByRole("alert")).toHaveCount(0);
  await page.keyboard.press("Escape");
  await expect(dialog).toHaveCount(0);
});

test("a box whose processor tells of an error is marked, and leads to what was told", async ({
  app,
  page,
}) => {
  const processors = {
    Get: { type: "GetFile", properties: { Directory: "DIR/none" } },
    Put: COPY.processors.Put,
  };
  const flow = { ...COPY, processors };
  await app.open(flow);
  const mark = app.node("Get").getByRole("button", { name: "Bulletins of Get" });
  await mark.hover();
  await expect(page.getByRole("tooltip")).toContainText("none");
  await mark.click();
  const row = page.getByRole("region", { name: "Bulletins" }).locator(".row");
  await expect(row.first()).toContainText("Get");
  await expect(app.node("Put").getByRole("button", { name: "Bulletins" })).toHaveCount(0);
});
