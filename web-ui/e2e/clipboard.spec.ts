// Copies through the system's clipboard, by keys, by other keys, and by menus.
import { COPY, expect, test, type App } from "./app";
import { placeOf } from "./drawn";

/** Copied and pasted without a pause: what was on the clipboard before is no part of a flow. */
async function copiesAtOnce(app: App, copy: string, paste: string): Promise<void> {
  const { page } = app;
  await page.evaluate(() => navigator.clipboard.writeText("words"));
  await page.keyboard.press(copy);
  await page.keyboard.press(paste);
}

test("keys go through the browser's own events, which need no permission", async ({
  app,
  page,
}) => {
  await page.addInitScript(() => {
    const refuse = () => Promise.reject(new DOMException("refused", "NotAllowedError"));
    Object.defineProperty(navigator, "clipboard", {
      value: { readText: refuse, writeText: refuse },
    });
  });
  const copyLoaded = page.waitForResponse(/\/copy-[^/]*\.js$/);
  await app.open(COPY);
  await copyLoaded;
  await app.node("Put").click();
  await expect(app.node("Put")).toHaveClass(/selected/);
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(app.node("Put 2")).toBeVisible();
  // It is on the system's clipboard, not in this page alone.
  await page.evaluate(() => {
    const field = document.createElement("textarea");
    field.id = "pasted";
    field.style.position = "fixed";
    document.body.append(field);
    field.focus();
  });
  await page.keyboard.press("Control+v");
  await expect(page.locator("#pasted")).toHaveValue(/"tutti": "tutti\/1"[^]*"Put"/);
  await expect(app.node("Put 3")).toHaveCount(0);
  await page.evaluate(() => document.querySelector("#pasted")?.remove());
  await app.canvas.focus();
  await page.keyboard.press("Control+x");
  await expect(app.node("Put 2")).toHaveCount(0);
  await page.keyboard.press("Control+v");
  await expect(app.node("Put 2")).toBeVisible();
});

test("copy and paste work with other keys, and their old ones do nothing then", async ({
  app,
  page,
}) => {
  await page.addInitScript(() => {
    localStorage.setItem("tutti.keys", '{"copy":["Y"],"paste":["Shift+Y"]}');
  });
  await app.open(COPY);
  await app.node("Put").click();
  await expect(app.node("Put")).toHaveClass(/selected/);
  await copiesAtOnce(app, "Control+c", "Control+v");
  await copiesAtOnce(app, "y", "Shift+y");
  await expect(app.node("Put 2")).toBeVisible();
  await expect(page.locator(".react-flow__node")).toHaveCount(3);
});

test("what a menu copies is pasted by keys at once, and the other way round", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await page.evaluate(() => navigator.clipboard.writeText("words"));
  await app.node("Put").click({ button: "right" });
  await page.getByRole("menuitem", { name: /^Copy/ }).click();
  // Nobody is as fast as the menu goes.
  await expect(page.getByRole("menu")).toHaveCount(0);
  await page.keyboard.press("Control+v");
  await expect(app.node("Put 2")).toBeVisible();
  await app.node("Get").click();
  await expect(app.node("Get")).toHaveClass(/selected/);
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+k");
  await page.keyboard.type("paste");
  await page.keyboard.press("Enter");
  await expect(app.node("Get 2")).toBeVisible();
});

test("text that is marked is copied as ever", async ({ app, page }) => {
  await app.open(COPY);
  await app.node("Put").click();
  await expect(page.locator(".panel h2")).toHaveText("Put");
  await page.locator(".panel h2").evaluate((heading) => {
    getSelection()?.selectAllChildren(heading);
  });
  await page.keyboard.press("Control+c");
  const copied = () => page.evaluate(() => navigator.clipboard.readText());
  await expect.poll(copied).toBe("Put");
});

test("what has no place yet stays where it is seen when something is pasted", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  const before = await Promise.all(["Get", "Put"].map((name) => placeOf(app.node(name))));
  await app.node("Put").click();
  await expect(app.node("Put")).toHaveClass(/selected/);
  await page.keyboard.press("Control+c");
  await page.keyboard.press("Control+v");
  await expect(app.node("Put 2")).toBeVisible();
  await expect
    .poll(() => Promise.all(["Get", "Put"].map((name) => placeOf(app.node(name)))))
    .toEqual(before);
});
