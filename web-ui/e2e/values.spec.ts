// A draft that is refused for want of a value: what is told leads to the field, and goes with it.
import { existsSync, writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, test } from "./app";

const OPEN = {
  ...COPY,
  name: "open",
  parameterContext: "main",
  parameterContexts: { main: { parameters: { first: { value: "1" }, input: {} } } },
  processors: {
    Get: { type: "GetFile", properties: { Directory: "#{input}", "Batch Size": "#{first}" } },
    Put: COPY.processors.Put,
  },
};

test("a parameter without a value is found from the problem, and from the refused start", async ({
  app,
  page,
}) => {
  await app.openFaulty(OPEN);
  const field = page.locator('[data-parameter="main:input"] input').first();
  await page.getByRole("button", { name: /^Problems/ }).click();
  const row = page.locator(".dock .row", { hasText: 'the parameter "input" has no value' });
  await expect(row).toContainText("write it in Parameters");
  await row.click();
  await expect(field).toBeFocused();
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await page.getByRole("button", { name: "Start", exact: true }).click();
  const review = page.getByRole("dialog", { name: "Review and apply" });
  await expect(review.getByRole("button", { name: "Apply and start" })).toBeDisabled();
  await review.getByRole("button", { name: "Give “input” a value" }).click();
  await expect(field).toBeFocused();
  await page.keyboard.type(app.tutti.path("in"));
  await page.keyboard.press("Enter");
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Start", exact: true }).click();
  await expect(review).toContainText("removes the files that it picks up");
  await review.getByRole("button", { name: "Apply and start" }).click();
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  await expect.poll(() => existsSync(app.tutti.path("out/a.txt"))).toBe(true);
});

test("the refusal goes when nothing is wrong any more, and lies over no button", async ({
  app,
  page,
}) => {
  // The review has no errors yet, as where a value went after it was looked at.
  await page.route("**/plan", async (route) => {
    const answer = await route.fetch();
    await route.fulfill({ json: { ...((await answer.json()) as object), findings: [] } });
  });
  await app.openFaulty(OPEN);
  const told = page.locator(".toast", { hasText: "The draft has errors" });
  await page.getByRole("button", { name: "Start", exact: true }).click();
  const review = page.getByRole("dialog", { name: "Review and apply" });
  const start = review.getByRole("button", { name: "Apply and start" });
  await start.click();
  await expect(told).toHaveCount(1);
  await expect(start).toBeEnabled();
  // The same is told once.
  await start.click();
  await expect(told).toHaveCount(1);
  await page.keyboard.press("Escape");
  await page.keyboard.press("p");
  const dialog = page.getByRole("dialog", { name: "Parameters" });
  const add = dialog.getByRole("button", { name: "Add" }).last();
  await add.scrollIntoViewIfNeeded();
  const notices = await dialog.getByRole("region", { name: "Notices" }).boundingBox();
  const button = await add.boundingBox();
  expect((button?.y ?? 0) + (button?.height ?? 0)).toBeLessThanOrEqual(notices?.y ?? 0);
  await isAccessible(app);
  await dialog.locator('[data-parameter="main:input"] input').first().fill(app.tutti.path("in"));
  await page.keyboard.press("Enter");
  await expect(told).toHaveCount(0);
});
