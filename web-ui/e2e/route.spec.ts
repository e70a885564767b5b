// What the address says is what is shown, and nothing is left of what was shown before.
import { writeFileSync } from "node:fs";
import { COPY, expect, test } from "./app";

test("a dialog goes with its flow, a tab has its flow's name, and a link that leads nowhere says so", async ({
  app,
  page,
}) => {
  app.tutti.writeFlow({ ...COPY, name: "other" });
  await app.openFaulty(COPY);
  await expect(page).toHaveTitle("copy – Tutti");
  await page.keyboard.press("p");
  await expect(page.getByRole("dialog", { name: "Parameters" })).toBeVisible();
  await page.evaluate(() => {
    location.hash = "#/flows/other";
  });
  await expect(page).toHaveTitle("other – Tutti");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.locator(".toast")).toHaveCount(0);
  const told = page.locator(".toast");
  await page.evaluate(() => {
    location.hash = "#/flows/other/Nope";
  });
  await expect(told).toContainText("There is no “Nope” here any more");
  await page.evaluate(() => {
    location.hash = "#/flows/other?connection=A+-%3E+B";
  });
  await expect(told.last()).toContainText("There is no “A -> B” here any more");
  await page.evaluate(() => {
    location.hash = "#/flows";
  });
  await expect(page).toHaveTitle("Tutti");
});

test("what is chosen is outlined where the system has its own colours", async ({ app, page }) => {
  await page.emulateMedia({ forcedColors: "active" });
  await app.open(COPY);
  writeFileSync(app.tutti.path("in/a.txt"), "a");
  const outline = (selector: string) =>
    page
      .locator(selector)
      .first()
      .evaluate((each) => getComputedStyle(each).outline);
  await app.node("Get").click();
  await expect.poll(() => outline(".node.selected")).toContain("solid 3px");
  await expect.poll(() => outline('.tab[aria-selected="true"]')).toContain("solid 3px");
  await expect.poll(() => outline('.tab[aria-selected="false"]')).not.toContain("solid 3px");
  await page.keyboard.press("3");
  await expect.poll(() => outline('.outline-line[aria-selected="true"]')).toContain("solid 3px");
  await app.chip("Get [success] -> Put").locator(".chip-name").click();
  await expect.poll(() => outline(".chip.selected")).toContain("solid 3px");
  const width = () =>
    page
      .locator(".wire.selected .react-flow__edge-path")
      .evaluate((each) => getComputedStyle(each).strokeWidth);
  await expect.poll(width).toBe("4px");
  await page.keyboard.press("Escape");
  await app.node("Get").click({ button: "right" });
  await page.getByRole("menu").waitFor();
  await page.keyboard.press("ArrowDown");
  await expect.poll(() => outline(".menu-item[data-highlighted]")).toContain("solid 2px");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("menu")).toHaveCount(0);
  await page.keyboard.press("v");
  await page.locator(".event-row").first().waitFor();
  await expect.poll(() => outline('.event-button[aria-pressed="true"]')).toContain("solid 3px");
});
