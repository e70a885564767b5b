import { writeFileSync } from "node:fs";
import { expect, isAccessible, test } from "./app";
import { QUEUE, WAITING } from "./waiting";

test("what waits in a connection that is removed is thrown away with a word, and comes back", async ({
  app,
  page,
}) => {
  await app.open(WAITING);
  writeFileSync(app.tutti.path("in/a.txt"), "abc");
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("1");
  await app.node("Put").click();
  await page.keyboard.press("Delete");
  await expect(app.node("Put")).toHaveCount(0);
  // What would be left behind is told also while something else is wrong.
  await app.saved();
  await page.getByRole("button", { name: "Review & apply" }).click();
  await expect(page.getByRole("dialog")).toContainText("1 error keeps the draft");
  await expect(page.getByRole("dialog").locator(".plan-part .warn")).toHaveText("1 flowfile");
  await page.keyboard.press("Escape");
  await app.node("Know").click();
  await page.getByRole("tab", { name: "Relationships" }).click();
  await page
    .locator(".relationship", { hasText: "success" })
    .getByRole("checkbox", { name: "End here" })
    .check();
  await app.saved();
  await page.getByRole("button", { name: "Review & apply" }).click();
  const plan = page.getByRole("dialog");
  const apply = plan.getByRole("button", { name: "Apply", exact: true });
  await expect(apply).toBeDisabled();
  await plan.getByRole("checkbox", { name: /into the trash/ }).check();
  await isAccessible(app);
  await apply.click();
  await expect(plan).toHaveCount(0);
  // What was done says where it is now.
  await page.getByRole("button", { name: "Open the trash" }).click();
  const trash = page.getByRole("dialog", { name: "Trash" });
  const item = trash.locator(".trash-item");
  await expect(item).toContainText(QUEUE);
  await expect(item).toContainText("1 flowfile, 3 B");
  await isAccessible(app);
  // What it comes back for stands still, so that it is seen there.
  const back = "Get [success] -> Know";
  const know = (action: string) =>
    app.tutti.call("/flows/copy/control", { action, processors: ["Know"] });
  await know("stop");
  await expect(app.node("Know").locator(".node")).toHaveAttribute("data-state", "stopped");
  await trash.getByRole("combobox").selectOption(back);
  await trash.getByRole("button", { name: "Bring back" }).click();
  await expect(item).toHaveCount(0);
  await expect(trash).toContainText("Nothing is in the trash");
  await expect(page.getByText("1 flowfile is back.")).toBeAttached();
  await page.keyboard.press("Escape");
  await expect(app.chip(back).locator('[data-figure="queued"]')).toHaveText("1");
  await app.chip(back).getByRole("button").click();
  const queue = page.getByRole("dialog");
  await expect(queue.locator(".queue-item")).toHaveCount(1);
  await expect(queue.locator(".queue-item")).toContainText("a.txt");
  await expect(queue.locator("pre")).toHaveText("abc");
  await page.keyboard.press("Escape");
  // It had come to it once before.
  await expect(app.node("Know").locator('[data-figure="in"]')).toHaveText("1");
  await know("start");
  await expect(app.node("Know").locator('[data-figure="in"]')).toHaveText("2");
  await expect(app.chip(back).locator('[data-figure="queued"]')).toHaveText("0");
});

test("the review says how much waits for what stops", async ({ app, page }) => {
  await app.open(WAITING);
  writeFileSync(app.tutti.path("in/a.txt"), "abc");
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("1");
  await app.node("Put").click();
  const field = page.getByRole("textbox", { name: "Directory" });
  await field.fill(app.tutti.path("other"));
  await field.press("Enter");
  await app.saved();
  await page.getByRole("button", { name: "Review & apply" }).click();
  const stops = page.getByRole("dialog").locator(".plan-part", { hasText: "What stops" });
  await expect(stops.getByRole("listitem")).toHaveText(["Put waiting for it: 1 flowfile, 3 B"]);
  await isAccessible(app);
});
