// Starting a draft that is not what runs: what only the review tells of is told first.
import { existsSync, writeFileSync } from "node:fs";
import type { Locator } from "@playwright/test";
import { COPY, expect, isAccessible, test, type App } from "./app";

const start = ({ page }: App): Locator => page.getByRole("button", { name: "Start", exact: true });
const review = ({ page }: App): Locator => page.getByRole("dialog", { name: "Review and apply" });

/** A flow that was drawn and never applied. */
async function drawn(app: App, properties: Record<string, string>): Promise<void> {
  const { tutti } = app;
  await tutti.start("");
  await tutti.call("/flows", { name: "drawn" });
  await tutti.call("/flows/drawn/operations", {
    label: "draw",
    changes: [
      {
        document: "flow",
        path: ["processors"],
        after: {
          Get: {
            type: "GetFile",
            properties: { Directory: tutti.folder, "File Filter": "one", ...properties },
            autoTerminate: ["success"],
          },
        },
      },
    ],
  });
  writeFileSync(tutti.path("one"), "1");
  await app.show("drawn");
}

for (const theme of ["light", "dark"]) {
  test(`files that would be removed are told before they are: ${theme}`, async ({ app, page }) => {
    await page.addInitScript((name) => {
      localStorage.setItem("tutti.theme", name);
    }, theme);
    await drawn(app, {});
    await start(app).click();
    await expect(review(app)).toContainText("“Get” removes the files that it picks up from");
    await isAccessible(app);
    await page.keyboard.press("Escape");
    await expect(review(app)).toHaveCount(0);
    await expect(page.locator(".topbar .badge")).toHaveText("not applied yet");
    expect(existsSync(app.tutti.path("one"))).toBe(true);
    // The same where it is started by its name.
    await page.keyboard.press("Control+k");
    await page.keyboard.type("start the whole");
    await page.keyboard.press("Enter");
    await review(app).getByRole("button", { name: "Apply and start" }).click();
    await expect.poll(() => existsSync(app.tutti.path("one"))).toBe(false);
  });
}

test("nothing is asked where the review has nothing to warn of", async ({ app, page }) => {
  await drawn(app, { "Keep Source File": "true" });
  await start(app).click();
  await expect(app.node("Get").locator(".node")).toHaveAttribute("data-state", "running");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  expect(existsSync(app.tutti.path("one"))).toBe(true);
});

test("of a draft with errors the review says what is in the way", async ({ app }) => {
  await drawn(app, { "Batch Size": "many" });
  await start(app).click();
  await expect(review(app)).toContainText("1 error keeps the draft from being applied");
  await expect(review(app).getByRole("button", { name: "Apply and start" })).toBeDisabled();
});

test("what was changed since it was stopped is looked at; what was applied can start, too", async ({
  app,
  page,
}) => {
  const state = app.node("Get").locator(".node");
  const change = async (filter: string) => {
    await app.node("Get").click();
    await page.getByRole("textbox", { name: "File Filter" }).fill(filter);
    await page.keyboard.press("Enter");
    await app.saved();
  };
  const stop = async () => {
    await page.getByRole("button", { name: "Stop", exact: true }).click();
    await expect(state).toHaveAttribute("data-state", "stopped");
  };
  await app.open(COPY);
  await stop();
  // Nothing was changed: it starts.
  await start(app).click();
  await expect(state).toHaveAttribute("data-state", "running");
  await stop();
  await change("b");
  for (const name of ["a", "b"]) writeFileSync(app.tutti.path(`in/${name}`), name);
  await start(app).click();
  await expect(review(app)).toContainText("removes the files that it picks up from");
  await page.keyboard.press("Escape");
  await expect(state).toHaveAttribute("data-state", "stopped");
  await start(app).click();
  await review(app).getByRole("button", { name: "Apply and start" }).click();
  await expect(state).toHaveAttribute("data-state", "running");
  await expect.poll(() => existsSync(app.tutti.path("out/b"))).toBe(true);
  expect(existsSync(app.tutti.path("in/a"))).toBe(true);
  await stop();
  await change("c");
  writeFileSync(app.tutti.path("in/b"), "b");
  await start(app).click();
  await review(app).getByRole("button", { name: "Start what was applied last" }).click();
  await expect(state).toHaveAttribute("data-state", "running");
  await expect.poll(() => existsSync(app.tutti.path("in/b"))).toBe(false);
  await expect(page.getByRole("button", { name: "Review & apply" })).toBeVisible();
});

test("what was never applied is told to be so after a restart, and Start applies it", async ({
  app,
  page,
}) => {
  await drawn(app, { "Keep Source File": "true" });
  const badge = page.locator(".topbar .badge");
  await expect(badge).toHaveText("not applied yet");
  await app.tutti.kill();
  await app.tutti.start("");
  await page.reload();
  await expect(badge).toHaveText("not applied yet");
  await start(app).click();
  await expect(badge).toHaveCount(0);
  const states = async () => {
    const status = await app.tutti.call<{ processors: { state: string }[] }>("/flows/drawn/status");
    return status.processors.map(({ state }) => state);
  };
  await expect.poll(states).toEqual(["running"]);
});

test("one box of a flow that was never applied is not started, and that is told", async ({
  app,
  page,
}) => {
  await drawn(app, { "Keep Source File": "true" });
  await app.node("Get").click();
  await page.keyboard.press("s");
  const told = page.locator(".toast");
  await expect(told).toContainText("Nothing of this flow runs yet");
  // The way to another flow, by keys.
  await page.keyboard.press("Control+k");
  await page.keyboard.type("new flow");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "New flow" })).toBeVisible();
  await page.keyboard.press("Escape");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("all flows");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/#\/flows$/);
});
