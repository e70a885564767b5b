import { COPY, expect, test } from "./app";

test("a flow is made in the browser, drawn, applied, and then it runs", async ({ app, page }) => {
  await app.open(COPY);
  await page.getByRole("button", { name: "Other flows" }).click();
  await page.getByRole("menuitem", { name: "New flow" }).click();
  const dialog = page.getByRole("dialog", { name: "New flow" });
  const name = dialog.getByRole("textbox", { name: "Name" });
  await name.fill("copy");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).not.toBeEmpty();
  await name.fill("second");
  await page.keyboard.press("Enter");
  await expect(page.locator(".canvas-empty")).toBeVisible();
  await expect(page.getByText("not applied yet")).toBeVisible();
  await page.keyboard.press("a");
  await page.keyboard.type("generate");
  await page.keyboard.press("Enter");
  await expect(app.node("Generate flow file")).toBeVisible();
  await page.getByRole("tab", { name: "Relationships" }).click();
  await page.getByRole("checkbox", { name: "End here" }).check();
  await app.saved();
  await page.getByRole("button", { name: "Review & apply" }).click();
  await page.getByRole("button", { name: "Apply", exact: true }).click();
  await expect(page.getByRole("button", { name: "Applied" })).toBeVisible();
  await expect(app.node("Generate flow file").locator(".node")).toHaveAttribute(
    "data-state",
    "running",
  );
  await page.getByRole("link", { name: "Tutti: all flows" }).click();
  await expect(page.locator(".flow-card")).toHaveCount(2);
  await page.locator(".flow-card", { hasText: "copy" }).click();
  await expect(app.node("Get")).toBeVisible();
});
