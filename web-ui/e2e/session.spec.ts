import type { Page } from "@playwright/test";
import { COPY, expect, isAccessible, test, type App } from "./app";

const FIRST = "correct horse battery";
const SECOND = "staple correct horse";

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("ann");
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
}

/** Serves a flow to `ann` and nobody else. */
async function serve({ tutti, page }: App, role: string): Promise<void> {
  tutti.writeFlow(COPY);
  tutti.addUser("ann", role, FIRST);
  await tutti.start(COPY.name);
  await page.goto(`${tutti.url}/#/flows/copy`);
}

test("one signs in, is kept when the session ends, and signs out", async ({ app, page }) => {
  await serve(app, "editor");
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await isAccessible(app);
  await signIn(page, "wrong");
  await expect(page.getByRole("alert")).toHaveText("This name and password do not fit");
  await signIn(page, FIRST);
  await expect(app.node("Get")).toBeVisible();
  // The session ends while something is written: who has another password is logged out.
  await app.node("Get").click();
  await page.getByRole("textbox", { name: "File Filter" }).fill(".*");
  const refused = page.waitForResponse(
    (one) => one.url().endsWith("/operations") && one.status() === 401,
  );
  app.tutti.setPassword("ann", SECOND);
  const again = page.getByRole("dialog", { name: "Sign in again" });
  await expect(again).toContainText("What you have done is kept");
  await isAccessible(app);
  // Only what was sent and refused says that it is not written.
  expect((await refused).request().postDataJSON()).toMatchObject({
    changes: [{ path: ["processors", "Get", "properties", "File Filter"], after: ".*" }],
  });
  const written = async () => (await app.draft("copy")).flow.processors?.Get?.properties;
  expect(await written()).not.toMatchObject({ "File Filter": ".*" });
  await signIn(page, FIRST);
  await expect(again.getByRole("alert")).toHaveText("This name and password do not fit");
  await signIn(page, SECOND);
  await expect(again).toHaveCount(0);
  await expect.poll(written).toMatchObject({ "File Filter": ".*" });
  await expect(page.getByRole("textbox", { name: "File Filter" })).toHaveValue(".*");
  await page.getByRole("button", { name: "User: ann" }).click();
  await expect(page.getByText("Role: editor")).toBeVisible();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await page.reload();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("who may only look is told why buttons are off", async ({ app, page }) => {
  await serve(app, "viewer");
  await signIn(page, FIRST);
  await app.node("Get").click();
  const stop = page.getByRole("button", { name: "Stop", exact: true });
  await expect(stop).toBeDisabled();
  await expect(stop).toHaveAttribute("title", "This needs the role operator; yours is viewer.");
  await expect(page.getByRole("textbox", { name: "File Filter" })).toBeDisabled();
  await expect(page.getByText("You may look, not change")).toBeVisible();
  // A menu says it when it is asked.
  await page.getByRole("button", { name: "Other flows" }).click();
  await page.getByRole("menuitem", { name: "Delete flow…" }).click();
  const role = "This needs the role editor; yours is viewer.";
  await expect(page.locator(".toast")).toContainText(role);
  await page.locator(".toast").getByRole("button", { name: "Close" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  await page.keyboard.press("Delete");
  // However often it is asked.
  await expect(page.locator(".toast")).toHaveCount(1);
  await expect(page.locator(".toast")).toContainText("role editor");
  await expect(app.node("Get")).toBeVisible();
  // What waits is for others to see: nothing loads.
  await app.chip("Get [success] -> Put").getByRole("button").click();
  const queue = page.getByRole("dialog");
  await expect(queue.getByRole("alert")).toContainText("operator");
  await expect(queue).not.toContainText("Loading");
  await page.keyboard.press("Escape");
  await isAccessible(app);
  // The next one is told nothing that was for this one.
  await page.keyboard.press("a");
  await expect(page.locator(".toast").last()).toContainText("role editor");
  await page.getByRole("button", { name: "User: ann" }).click();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await expect(page.locator(".toast")).toHaveCount(0);
});
