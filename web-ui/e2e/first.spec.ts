// The first run: nothing is there but the program. No account, no network, one button.
import { readdirSync } from "node:fs";
import { expect, isAccessible, test } from "./app";

const WIRE = "Pick up recordings [success] -> One at a time";

test("the demo is tried, started, heard, seen and changed, without a network", async ({
  app,
  page,
}) => {
  const elsewhere: string[] = [];
  await page.context().route(/.*/, (route) => {
    const url = route.request().url();
    if (url.startsWith(app.tutti.url) || /^(blob|data):/.test(url)) return route.fallback();
    elsewhere.push(url);
    return route.abort();
  });
  await app.tutti.start("");
  await page.goto(app.tutti.url);
  await expect(page.getByRole("heading", { name: "No flows yet" })).toBeVisible();
  await isAccessible(app);
  await page.getByRole("button", { name: "Try the demo" }).click();
  await expect(app.node("Decode")).toBeVisible();
  await page.getByRole("button", { name: "Start", exact: true }).click();

  // Counters move, and what waits is heard.
  const chip = app.chip(WIRE);
  await expect(chip.locator('[data-figure="queued"]')).toHaveText(/[12]/);
  await chip.locator(".chip-name").click();
  const panel = page.getByRole("complementary", { name: "Details" });
  await panel.getByRole("button", { name: "Play" }).click();
  const audio = panel.locator("audio");
  await expect
    .poll(() => audio.evaluate((each: HTMLAudioElement) => each.currentTime))
    .toBeGreaterThan(0.2);
  await panel.getByRole("button", { name: "Pause" }).click();

  // Its spectrogram is there while it plays.
  await chip.getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("img", { name: /^Spectrogram of/ })).toBeVisible();
  await dialog.getByRole("button", { name: "Play" }).click();
  const heard = dialog.locator("audio");
  await expect
    .poll(() => heard.evaluate((each: HTMLAudioElement) => each.currentTime))
    .toBeGreaterThan(0.2);
  const drawn = dialog.getByRole("img", { name: /^Spectrogram of/ });
  await expect
    .poll(() => drawn.evaluate((each: HTMLImageElement) => each.naturalWidth))
    .toBeGreaterThan(100);
  await page.keyboard.press("Escape");

  // A property is changed while it runs, applied, and taken back.
  await app.node("One at a time").click();
  const field = panel.getByRole("textbox", { name: "Time Duration" });
  await field.fill("1 sec");
  await field.press("Enter");
  await app.saved();
  await page.keyboard.press("Control+Enter");
  await page.getByRole("dialog").getByRole("button", { name: "Apply" }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  const features = () => {
    try {
      return readdirSync(app.tutti.path("data/demo/features"));
    } catch {
      return [];
    }
  };
  await expect.poll(features, { timeout: 60_000 }).toHaveLength(3);
  await page.keyboard.press("Control+z");
  await expect(field).toHaveValue("20 sec");
  expect(elsewhere).toEqual([]);
});
