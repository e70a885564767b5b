// Parts of the page that are loaded late, when they cannot be; and a page that is not the server's
// any more.
import { COPY, expect, test, type App } from "./app";

/** Keys count from when it is known who presses them. */
async function pressUntilTold(app: App, key: string, told: string): Promise<void> {
  await expect(async () => {
    await app.page.keyboard.press(key);
    await expect(app.page.locator(".toasts")).toContainText(told, { timeout: 4000 });
  }).toPass();
}

/** As after a new program: the page has another name. */
async function replacePage(app: App): Promise<void> {
  await app.page.route(`${app.tutti.url}/`, async (route) => {
    const answer = await route.fetch();
    const body = (await answer.text()).replace(/index-[\w-]+\.js/, "index-newer.js");
    await route.fulfill({ response: answer, body });
  });
}

test("what cannot be loaded is told, and the rest stays as it is", async ({ app, page }) => {
  await page.route(/ProvenanceDialog/, (route) => route.abort());
  await app.open(COPY);
  app.mayFail = true;
  await pressUntilTold(app, "v", "could not be loaded");
  await expect(app.node("Get")).toBeVisible();
  await page.unroute(/ProvenanceDialog/);
  await page.getByRole("button", { name: "Load the page anew" }).click();
  await expect(app.node("Get")).toBeVisible();
  await page.keyboard.press("v");
  await expect(page.getByRole("dialog", { name: "Provenance" })).toBeVisible();
});

test("a command that cannot be loaded is told, too", async ({ app, page }) => {
  await page.route(/\/loose-/, (route) => route.abort());
  await app.open(COPY);
  await pressUntilTold(app, "Shift+E", "could not be loaded");
  await expect(app.node("Get")).toBeVisible();
});

test("so it is on the page of all flows", async ({ app, page }) => {
  await app.open(COPY);
  await page.goto(`${app.tutti.url}/#/flows`);
  await page.route(/NewFlowDialog/, (route) => route.abort());
  app.mayFail = true;
  await page.getByRole("button", { name: "New flow" }).click();
  await expect(page.locator(".toasts")).toContainText("could not be loaded");
  await expect(page.getByRole("heading", { name: "Flows" })).toBeVisible();
});

test("a page that cannot be loaded says so, and what to do", async ({ app, page }) => {
  await app.open(COPY);
  await page.route(/HelpPage/, (route) => route.abort());
  app.mayFail = true;
  await page.goto(`${app.tutti.url}/#/help`);
  await expect(page.getByRole("alert")).toContainText("This page could not be shown");
  await page.goBack();
  await expect(app.node("Get")).toBeVisible();
  await page.goForward();
  await expect(page.getByRole("alert")).toContainText("This page could not be shown");
  await page.unroute(/HelpPage/);
  await page.getByRole("button", { name: "Load the page anew" }).click();
  await expect(page.getByRole("searchbox")).toBeVisible();
});

test("a newer program is told when a part of the old page is gone", async ({ app, page }) => {
  await page.route(/ProvenanceDialog/, (route) => route.fulfill({ status: 404 }));
  await app.open(COPY);
  await replacePage(app);
  app.mayFail = true;
  await pressUntilTold(app, "v", "A newer Tutti runs here");
  await expect(app.node("Get")).toBeVisible();
});

test("a newer program is told when the server is there again", async ({ app, page }) => {
  await app.open(COPY);
  await replacePage(app);
  app.mayFail = true;
  await app.saved();
  await app.tutti.kill();
  await expect(page.locator(".page.lost")).toBeVisible();
  await app.tutti.start("copy");
  await expect(page.locator(".page.lost")).toHaveCount(0);
  await expect(page.locator(".toasts")).toContainText("A newer Tutti runs here");
  // What is edited now is not lost with it.
  await app.node("Get").click();
  await page.keyboard.press("Delete");
  await app.saved();
  await page.unroute(`${app.tutti.url}/`);
  await page.getByRole("button", { name: "Load the page anew" }).click();
  await expect(app.node("Put")).toBeVisible();
  await expect(app.node("Get")).toHaveCount(0);
});
