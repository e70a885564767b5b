import { copyFileSync, existsSync, readFileSync } from "node:fs";
import { COPY, expect, isAccessible, NESTED, test } from "./app";

const MARCH = new URL("../../tests/fixtures/audio/march.mp3", import.meta.url);

for (const theme of ["light", "dark", "contrast"]) {
  test(`nothing serious is wrong for those who see less: ${theme}`, async ({ app, page }) => {
    test.setTimeout(180_000);
    await page.addInitScript((name) => {
      localStorage.setItem("tutti.theme", name);
    }, theme);
    await app.open(NESTED);
    await isAccessible(app);
    await app.node("Route").click();
    await isAccessible(app);
    for (const tab of ["Settings", "Relationships", "About"]) {
      await page.getByRole("tab", { name: tab }).click();
      await isAccessible(app);
    }
    await page.keyboard.press("3");
    await expect(page.getByRole("tree", { name: "Outline" })).toBeVisible();
    await isAccessible(app);
    await page.getByRole("button", { name: "Close" }).first().click();
    for (const key of ["?", "Control+k", "p", "Control+Enter"]) {
      await page.keyboard.press(key);
      await expect(page.getByRole("dialog")).toBeVisible();
      await isAccessible(app);
      await page.keyboard.press("Escape");
      await expect(page.getByRole("dialog")).toHaveCount(0);
    }
    await app.chip("Get [success] -> Route").click();
    await isAccessible(app);
    await page.goto(`${app.tutti.url}/#/components`);
    await expect(page.getByRole("heading", { name: "Components" })).toBeVisible();
    await isAccessible(app);
  });
}

// The demo's five boxes, wires and ends, with what must be set. Every key counts, also of what is
// typed.
test("the demo is built, run and read by keyboard alone, in sixty keys", async ({ app, page }) => {
  await app.open({ format: 1, name: "empty" } as typeof COPY);
  copyFileSync(MARCH, app.tutti.path("in/march.mp3"));
  await expect(page.locator(".canvas-empty")).toBeVisible();
  let keys = 0;
  const press = async (...names: string[]) => {
    for (const name of names) {
      await page.keyboard.press(name);
      keys += 1;
    }
  };
  const add = async (typed: string, made: string) => {
    await press("a");
    await expect(page.locator(".picker-input")).toBeFocused();
    await press(...typed.split(""), "Enter");
    await expect(app.node(made)).toHaveClass(/selected/);
  };
  await add("getf=in", "Get file");
  await add("cont=9MB", "Control rate");
  await add("dec", "Decode audio");
  await add("extr", "Extract features");
  await add("putf=out", "Put file");
  await isAccessible(app);
  await press("Escape", "Shift+E");
  await expect(page.locator(".toast")).toContainText("Decode audio: failure");
  await press("Control+Enter");
  const review = page.getByRole("dialog");
  await expect(review).toContainText("5 processors will start as soon as this is applied");
  await isAccessible(app);
  await press("Enter");
  await expect(review).toHaveCount(0);
  await press("Control+a", "s");
  await expect.poll(() => existsSync(app.tutti.path("out/march.mp3.json"))).toBe(true);
  await press("Escape", "v");
  const events = page.getByRole("dialog", { name: "Provenance" });
  await expect(events).toContainText("SEND");
  await expect(events).toContainText("march.mp3");
  await isAccessible(app);
  await press("Escape");
  const { flow, findings } = await app.draft("empty");
  expect(findings.map(({ message }) => message)).toEqual([]);
  expect(Object.keys(flow.connections ?? {}).sort()).toEqual([
    "Control rate [success] -> Decode audio",
    "Decode audio [success] -> Extract features",
    "Extract features [success] -> Put file",
    "Get file [success] -> Control rate",
  ]);
  const written: unknown = JSON.parse(readFileSync(app.tutti.path("out/march.mp3.json"), "utf8"));
  expect(written).toHaveProperty("mfccs");
  expect(keys).toBeLessThanOrEqual(60);
  test.info().annotations.push({ type: "keys", description: String(keys) });
});

test("a flow is built in the outline, which the canvas follows", async ({ app, page }) => {
  await app.open({ format: 1, name: "empty" } as typeof COPY);
  for (const typed of ["getf", "dec", "puto"]) {
    await page.keyboard.press("a");
    await page.keyboard.type(typed);
    await page.keyboard.press("Enter");
  }
  await page.keyboard.press("3");
  const tree = page.getByRole("tree", { name: "Outline" });
  await expect(tree).toBeVisible();
  // The way there is by keys alone, too.
  // What is selected has the focus there at once.
  await page.keyboard.press("Home");
  await expect(app.node("Get file")).toHaveClass(/selected/);
  // In the order in which flowfiles come: the box, what leads out of it, and the next one.
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await expect(app.node("Decode audio")).toHaveClass(/selected/);
  await page.keyboard.press("c");
  await page.keyboard.type("put");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("dialog", { name: "New connection" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect
    .poll(async () => Object.keys((await app.draft("empty")).flow.connections ?? {}).sort())
    .toEqual([
      "Decode audio [failure] -> Put object",
      "Decode audio [success] -> Put object",
      "Get file [success] -> Decode audio",
    ]);
});

test("the command palette finds commands and processors", async ({ app, page }) => {
  await app.open(NESTED);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("store");
  await page.getByRole("option", { name: /Storage\/Store/ }).click();
  await expect(app.node("Store")).toHaveClass(/selected/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("outline");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("tree")).toBeVisible();
});
