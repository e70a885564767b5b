import { writeFileSync } from "node:fs";
import { COPY, expect, isAccessible, test } from "./app";
import { drawnIn } from "./drawn";

const FIGURES = ["flowfilesIn", "bytesIn", "flowfilesOut", "bytesOut", "queued", "queuedBytes"];

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
  // Nothing came, then all three: a line that leads from the foot of the chart to near its head.
  const chart = dialog.locator("canvas").first();
  await expect
    .poll(async () => {
      const { top = 0, bottom = 0 } = (await drawnIn(chart, "--accent")) ?? {};
      return bottom - top;
    })
    .toBeGreaterThan(0.6);
  // The cursor tells of the same moment in all charts.
  await dialog.locator(".u-over").first().hover();
  const times = dialog.locator(".u-legend .u-series:first-child .u-value");
  const [first, ...others] = await times.allTextContents();
  expect(first).toMatch(/^\d\d:\d\d:\d\d$/);
  expect(others).toEqual([first, first, first]);
  await isAccessible(app);
  await dialog.getByLabel("Component").selectOption("Get [success] -> Put");
  await expect(dialog).toContainText("Flowfiles in queues");
  await dialog.getByLabel("As a table").check();
  await expect(busy.first()).toBeVisible();
  // The server has steps of a day only after five minutes.
  const day = Date.UTC(2026, 0, 2);
  const asked: (string | null)[] = [];
  await page.route(/\/history\?.*span=day/, async (route) => {
    asked.push(new URL(route.request().url()).searchParams.get("component"));
    const series = Object.fromEntries(FIGURES.map((name) => [name, [null, 100, 200]]));
    await route.fulfill({ json: { stepSeconds: 300, untilMs: day, series } });
  });
  await dialog.getByRole("tab", { name: "Last day" }).click();
  await expect(dialog.getByRole("tab", { name: "Last day" })).toHaveAttribute(
    "aria-selected",
    "true",
  );
  const rows = table.locator("tbody tr");
  await expect(rows).toHaveCount(2);
  await expect(rows.first().getByRole("cell").first()).toHaveText("40/min");
  await expect(rows.last().getByRole("cell").first()).toHaveText("20/min");
  expect(asked[0]).toBe("Get [success] -> Put");
  await dialog.getByRole("tab", { name: "Last hour" }).click();
  await expect(rows.first().getByRole("cell").first()).not.toHaveText("40/min");
  await expect(busy.first()).toBeVisible();
  await dialog.getByLabel("As a table").uncheck();
  await dialog.getByLabel("Component").selectOption("The whole flow");
  await expect(dialog).toContainText("Entered");
});

test("what is selected is looked at also where what runs is known late", async ({ app, page }) => {
  let isKnown = false;
  await page.route("**/api/v1/events*", async (route) => {
    await expect.poll(() => isKnown, { timeout: 50_000 }).toBe(true);
    await route.continue();
  });
  await app.open(COPY);
  await app.node("Put").click();
  await page.getByRole("button", { name: "Figures", exact: true }).click();
  const dialog = page.getByRole("dialog", { name: "Figures over time" });
  await expect(dialog.getByLabel("Component")).toHaveValue("");
  isKnown = true;
  await expect(dialog.getByLabel("Component")).toHaveValue("Put");
});
