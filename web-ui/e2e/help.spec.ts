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
