// Help: the manual and the reference, searched and read without a network.
import AxeBuilder from "@axe-core/playwright";
import { COPY, expect, test } from "./app";

test("the manual is searched, read and linked", async ({ app, page }) => {
  await app.open(COPY);
  await page.goto(`${app.tutti.url}/#/help`);
  await page.getByRole("searchbox").fill("getfile directory");
  await page.getByRole("link", { name: /^GetFile/ }).click();
  await expect(page.getByRole("heading", { level: 1, name: "GetFile" })).toBeVisible();
  await page.getByRole("searchbox").fill("");
  await page.getByRole("link", { name: "The format of flows" }).first().click();
  await expect(page).toHaveURL(/help\/flow-format/);
  await page.goBack();
  await expect(page.getByRole("heading", { level: 1, name: "GetFile" })).toBeVisible();
});

test("what is looked for is marked, and leads to where it stands", async ({ app, page }) => {
  await app.open(COPY);
  await page.goto(`${app.tutti.url}/#/help`);
  await page.getByRole("searchbox").fill("back-pressure");
  const nifi = page.locator(".help-hits a", { hasText: "NiFi" }).first();
  await expect(nifi.locator("mark").first()).toHaveText(/back-pressure/i);
  await expect(nifi.locator("small")).not.toBeEmpty();
  const heading = (await nifi.locator("small").innerText()).replace(/^\W+/, "");
  await nifi.click();
  await expect(page.getByRole("heading", { name: heading, exact: true })).toBeInViewport();
});

test("help is reached from a flow, which stays as it is", async ({ app, page, context }) => {
  await app.open(COPY);
  const open = async (name: string) => {
    await page.getByRole("button", { name: "Help", exact: true }).click();
    await page.getByRole("menuitem", { name }).click();
  };
  await page.getByRole("button", { name: "Help", exact: true }).click();
  await expect(page.getByRole("menu")).toBeVisible();
  await page.keyboard.press("Escape");
  await open("All shortcuts");
  await expect(page.getByRole("dialog", { name: "Shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
  for (const [name, told] of [
    ["Manual", "How flows are written"],
    ["The interface over HTTP", "Everything that this page does"],
  ] as const) {
    const coming = context.waitForEvent("page");
    await open(name);
    const manual = await coming;
    await expect(manual.getByText(told)).toBeVisible();
    await manual.close();
  }
  await expect(app.node("Get")).toBeVisible();
});

test("everything is searched: other flows, types, and the manual", async ({
  app,
  page,
  context,
}) => {
  app.tutti.writeFlow({ ...COPY, name: "demo-of-mine" });
  await app.openFaulty(COPY);
  const look = async (typed: string) => {
    await app.canvas.focus();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Search everything" }).fill(typed);
  };
  const first = page.locator(".picker-item").first();
  await look("demo");
  await expect(first).toContainText("demo-of-mine");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/flows\/demo-of-mine/);
  await expect(app.node("Get")).toBeVisible();
  await look("group");
  await expect(page.getByRole("option", { name: /^Group/ }).first()).toBeVisible();
  await look("mergecontent");
  await expect(first).toContainText("MergeContent");
  await page.keyboard.press("Enter");
  await expect(app.node("Merge content")).toBeVisible();
  await look("expression language");
  await expect(first).toContainText("Values that depend on attributes");
  const coming = context.waitForEvent("page");
  await page.keyboard.press("Enter");
  const manual = await coming;
  await expect(manual.getByRole("heading", { level: 1 })).toContainText(/expression/i);
  await manual.close();
});

test("the interface is told from what the server says of it", async ({ app, page }) => {
  await app.open(COPY);
  await page.goto(`${app.tutti.url}/#/help/api`);
  const change = page.locator("#changeDraft");
  await change.getByText("Changes a draft").click();
  await expect(change.locator("pre").first()).toContainText("label: string");
  await expect(change.locator("pre").nth(1)).toContainText(`curl ${app.tutti.url}/api/v1/flows/`);
  // What it can come to, each with what the manual says of it.
  await change.getByRole("link", { name: "conflict", exact: true }).click();
  await expect(page.getByRole("heading", { name: "conflict", exact: true })).toBeInViewport();
});

test("a refusal of the server leads to what the manual says of it", async ({ app, page }) => {
  await app.open(COPY);
  const refused = await page.request.get(`${app.tutti.url}/api/v1/flows/none/draft`);
  const { type, code } = (await refused.json()) as { type: string; code: string };
  await page.goto(`${app.tutti.url}${type}`);
  const heading = page.getByRole("heading", { name: code, exact: true });
  await expect(heading).toBeInViewport();
  await expect(page.getByText("No such flow (404).")).toBeInViewport();
});

test("help can be read by everybody", async ({ app, page }) => {
  await app.open(COPY);
  for (const path of ["", "/processors/GetFile", "/api"]) {
    await page.goto(`${app.tutti.url}/#/help${path}`);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    for (const theme of ["light", "dark", "contrast"]) {
      await page.evaluate((name) => (document.documentElement.dataset.theme = name), theme);
      const { violations } = await new AxeBuilder({ page }).analyze();
      const grave = violations.filter(
        ({ impact }) => impact === "serious" || impact === "critical",
      );
      expect(grave.map(({ id, nodes }) => `${theme}: ${id}: ${nodes[0]?.html ?? ""}`)).toEqual([]);
    }
  }
});
