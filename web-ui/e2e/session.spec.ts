import type { Page } from "@playwright/test";
import { COPY, expect, isAccessible, test } from "./app";

/** A server that asks who one is: it answers as the contract says, in front of the binary. */
async function guard(page: Page, role: string) {
  const state = { isIn: false };
  const refuse = (code: string) => ({
    status: 401,
    contentType: "application/problem+json",
    body: JSON.stringify({
      type: "about:blank",
      title: "Unauthorized",
      status: 401,
      detail: "no",
      code,
    }),
  });
  await page.route("**/api/v1/**", async (route) => {
    const request = route.request();
    if (!request.url().endsWith("/session")) {
      if (state.isIn) await route.fallback();
      else await route.fulfill(refuse("login"));
      return;
    }
    if (request.method() === "POST") {
      expect(request.headers()["x-tutti-request"]).toBe("1");
      state.isIn = (request.postDataJSON() as { password: string }).password === "right";
      if (!state.isIn) {
        await route.fulfill(refuse("credentials"));
        return;
      }
    } else if (request.method() === "DELETE") {
      state.isIn = false;
      await route.fulfill({ status: 204 });
      return;
    }
    const user = state.isIn ? { name: "ann", role } : null;
    await route.fulfill({ json: { user, needsLogin: !state.isIn } });
  });
  return state;
}

async function signIn(page: Page, password: string): Promise<void> {
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("ann");
  await page.getByLabel("Password").fill(password);
  await page.keyboard.press("Enter");
}

test("one signs in, is kept when the session ends, and signs out", async ({ app, page }) => {
  const state = await guard(page, "editor");
  app.tutti.writeFlow(COPY);
  await app.tutti.start(COPY.name);
  await page.goto(`${app.tutti.url}/#/flows/copy`);
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
  await isAccessible(app);
  await signIn(page, "wrong");
  await expect(page.getByRole("alert")).toHaveText("This name and password do not fit");
  await signIn(page, "right");
  await expect(app.node("Get")).toBeVisible();
  // The session ends while something is written.
  await app.node("Get").click();
  await page.getByRole("textbox", { name: "File Filter" }).fill(".*");
  state.isIn = false;
  await page.keyboard.press("Enter");
  const again = page.getByRole("dialog", { name: "Sign in again" });
  await expect(again).toContainText("What you have done is kept");
  await isAccessible(app);
  await signIn(page, "right");
  await expect(again).toHaveCount(0);
  await expect
    .poll(async () => (await app.draft("copy")).flow.processors?.Get?.properties)
    .toMatchObject({ "File Filter": ".*" });
  await expect(page.getByRole("textbox", { name: "File Filter" })).toHaveValue(".*");
  await page.getByRole("button", { name: "User: ann" }).click();
  await expect(page.getByText("Role: editor")).toBeVisible();
  await page.getByRole("menuitem", { name: "Sign out" }).click();
  await expect(page.getByRole("heading", { name: "Sign in" })).toBeVisible();
});

test("who may only look is told why buttons are off", async ({ app, page }) => {
  await guard(page, "viewer");
  app.tutti.writeFlow(COPY);
  await app.tutti.start(COPY.name);
  await page.goto(`${app.tutti.url}/#/flows/copy`);
  await signIn(page, "right");
  await app.node("Get").click();
  const stop = page.getByRole("button", { name: "Stop", exact: true });
  await expect(stop).toBeDisabled();
  await expect(stop).toHaveAttribute("title", "This needs the role operator; yours is viewer.");
  await expect(page.getByRole("textbox", { name: "File Filter" })).toBeDisabled();
  await expect(page.getByText("You may look, not change")).toBeVisible();
  await app.canvas.focus();
  await page.keyboard.press("Delete");
  await expect(page.getByRole("status").filter({ hasText: "role editor" })).toBeVisible();
  await expect(app.node("Get")).toBeVisible();
  await isAccessible(app);
});
