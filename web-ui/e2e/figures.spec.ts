import { writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, test } from "./app";

test("figures of the last hour are drawn, go on, and can be read as a table", async ({
  app,
  page,
}) => {
  await app.open(COPY);
  await app.node("Put").click();
  await page.getByRole("button", { name: "Figures", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Figures over time" });
  // What is selected is looked at first.
  await expect(dialog.getByLabel("Component")).toHaveValue("Put");
  // Nobody loads it anew: the next figures come by themselves.
  await dialog.getByLabel("As a table").check();
  const table = dialog.getByRole("region", { name: "Figures, the newest first" });
  const cells = table.getByRole("cell");
  await expect(cells.filter({ hasText: /^0\/min$/ }).first()).toBeVisible({ timeout: 30_000 });
  const busy = cells.filter({ hasText: /^[1-9]\d*\/min$/ });
  await expect(busy).toHaveCount(0);
  for (const name of ["a.txt", "b.txt", "c.txt"]) writeFileSync(app.tutti.path(`in/${name}`), name);
  await expect(busy.first()).toBeVisible({ timeout: 30_000 });
  await isAccessible(app);
  await dialog.getByLabel("As a table").uncheck();
  await expect(dialog.locator("canvas")).toHaveCount(4);
  const drawn = await dialog
    .locator("canvas")
    .first()
    .evaluate((each: HTMLCanvasElement) => {
      const { data } = each.getContext("2d")?.getImageData(0, 0, each.width, each.height) ?? {};
      return data?.some((value) => value > 0);
    });
  expect(drawn).toBe(true);
  // The cursor tells of the same moment in all charts.
  await dialog.locator(".u-over").first().hover();
  const times = dialog.locator(".u-legend .u-series:first-child .u-value");
  const [first, ...others] = await times.allTextContents();
  expect(first).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(others).toEqual([first, first, first]);
  await isAccessible(app);
  await dialog.getByLabel("Component").selectOption("Get [success] -> Put");
  await expect(dialog).toContainText("Flowfiles in queues");
  await dialog.getByRole("tab", { name: "Last day" }).click();
  await expect(dialog.getByRole("tab", { name: "Last day" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  await dialog.getByRole("tab", { name: "Last hour" }).click();
  await dialog.getByLabel("Component").selectOption("The whole flow");
  await expect(dialog).toContainText("Entered");
});

test("what is selected is looked at also where what runs is known late", async ({ app, page }) => {
  await page.route("**/api/v1/events", async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 3000));
    await route.continue();
  });
  await app.open(COPY);
  await app.node("Put").click();
  await page.getByRole("button", { name: "Figures", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Figures over time" });
  await expect(dialog.getByLabel("Component")).toHaveValue("Put");
});
