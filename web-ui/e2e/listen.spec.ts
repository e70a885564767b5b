import { writeFileSync } from "node:fs";
import { expect, isAccessible, test, type App } from "./app";
import { drawnIn, rowsOf } from "./drawn";
import { aiff, QUEUE, WAITING, wav } from "./waiting";

async function waiting(app: App, name: string, content: string | Buffer): Promise<void> {
  await app.open(WAITING);
  writeFileSync(app.tutti.path(`in/${name}`), content);
  await expect(app.chip(QUEUE).locator('[data-figure="queued"]')).toHaveText("1");
}

test("a wire that is chosen plays what waits in it, with the space key", async ({ app, page }) => {
  await waiting(app, "a.wav", wav());
  await app.chip(QUEUE).locator(".chip-name").click();
  const panel = page.getByRole("complementary", { name: "Details" });
  const slider = panel.getByRole("slider", { name: "Position in the recording" });
  await expect(slider).toHaveAttribute("aria-valuetext", "0:00 of 0:01");
  await expect(panel.getByRole("button", { name: "Play" })).toBeVisible();
  const audio = panel.locator("audio");
  await expect.poll(() => audio.evaluate((each: HTMLAudioElement) => each.readyState)).toBe(4);
  await page.keyboard.press(" ");
  await expect
    .poll(() => audio.evaluate((each: HTMLAudioElement) => each.currentTime))
    .toBeGreaterThan(0);
  await isAccessible(app);
  // What comes to wait there meanwhile is listed as the server tells of it.
  writeFileSync(app.tutti.path("in/b.wav"), wav());
  await expect(panel.getByRole("button", { name: "b.wav" })).toBeVisible();
  await panel.getByRole("button", { name: "a.wav" }).click();
  await expect(page.getByRole("dialog").getByRole("slider")).toBeVisible();
  await expect(page.getByRole("dialog")).toContainText("8000 Hz, mono");
});

test("one recording sounds at a time", async ({ app, page }) => {
  await waiting(app, "a.wav", wav());
  await app.chip(QUEUE).locator(".chip-name").click();
  const panel = page.getByRole("complementary", { name: "Details" });
  // So that neither ends by itself.
  const loop = (each: HTMLAudioElement) => (each.loop = true);
  const isPaused = (each: HTMLAudioElement) => each.paused;
  const behind = panel.locator("audio");
  await behind.evaluate(loop);
  await panel.getByRole("button", { name: "Play" }).click();
  await expect.poll(() => behind.evaluate(isPaused)).toBe(false);
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = page.getByRole("dialog");
  const before = dialog.locator("audio");
  await before.evaluate(loop);
  await dialog.getByRole("button", { name: "Play" }).click();
  await expect.poll(() => before.evaluate(isPaused)).toBe(false);
  expect(await behind.evaluate(isPaused)).toBe(true);
  await page.keyboard.press("Escape");
  await expect(panel.getByRole("button", { name: "Play" })).toBeVisible();
});

test("a recording is seen as it is heard, and gone through by keyboard", async ({ app, page }) => {
  await waiting(app, "a.wav", wav());
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("img", { name: /Spectrogram of a\.wav/ })).toBeVisible();
  // A sine of 9,000 of 32,768: as far above the middle as below it, from the beginning to the end.
  const wave = dialog.locator("canvas").first();
  const half = 9000 / 32768 / 2;
  await expect
    .poll(async () => {
      const { left, top, right, bottom } = (await drawnIn(wave, "--line-strong")) ?? {};
      return [left, top, right, bottom];
    })
    .toEqual([0, 0.5 - half, 1, 0.5 + half].map((each): unknown => expect.closeTo(each, 1)));
  // One tone, not high: one line, in the lower part.
  const picture = await rowsOf(dialog.getByRole("img", { name: /Spectrogram of a\.wav/ }));
  const most = Math.max(...picture);
  const at = picture.indexOf(most) / picture.length;
  expect(at > 0.75 && at < 0.95).toBe(true);
  expect(picture.filter((each) => each > most / 5).length).toBeLessThan(picture.length / 5);
  // What is under the mouse is told: the tone has 440 Hz.
  const pitches = await dialog.locator(".pitch-scale").boundingBox();
  if (!pitches) throw new Error("no scale");
  const { x, y, width, height } = pitches;
  const line = (picture.indexOf(most) + 0.5) / picture.length;
  await page.mouse.move(x + width / 2, y + height * line);
  const here = dialog.locator(".pitch-here");
  await expect(here).toContainText("at 0.50 s");
  expect(Math.abs(parseInt(await here.innerText()) - 440)).toBeLessThan(25);
  await expect(dialog.locator(".pitch-tick").last()).toHaveText("2k");
  await expect(dialog.locator(".time-scale span")).toHaveText([
    "0.0",
    "0.2",
    "0.4",
    "0.6",
    "0.8",
    "1.0",
  ]);
  const slider = dialog.getByRole("slider");
  await slider.focus();
  await page.keyboard.press("End");
  await expect.poll(() => slider.getAttribute("aria-valuenow")).toBe("1");
  await page.keyboard.press("Home");
  await expect.poll(() => slider.getAttribute("aria-valuenow")).toBe("0");
  await isAccessible(app);
});

test("what the browser cannot play is played from the server's preview", async ({ app, page }) => {
  const preview = page.waitForResponse((one) => one.url().includes("/content/preview?"));
  await waiting(app, "a.aiff", aiff());
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("button", { name: "Play" })).toBeEnabled();
  expect((await preview).ok()).toBe(true);
  const audio = dialog.locator("audio");
  await expect
    .poll(() => audio.evaluate((each: HTMLAudioElement) => each.duration))
    .toBeCloseTo(1, 1);
});

test("a table is read page by page", async ({ app, page }) => {
  const rows = Array.from({ length: 250 }, (_, at) => `Song ${String(at)},${String(90 + at / 4)}`);
  await waiting(app, "a.csv", `title,tempo\n${rows.join("\n")}\n`);
  await app.chip(QUEUE).getByRole("button").click();
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByRole("columnheader", { name: /tempo/ })).toBeVisible();
  await expect(dialog).toContainText("Rows 1 to 100");
  await dialog.getByRole("button", { name: "Later rows" }).click();
  await dialog.getByRole("button", { name: "Later rows" }).click();
  await expect(dialog).toContainText("Rows 201 to 250 of 250");
  await expect(dialog.getByRole("button", { name: "Later rows" })).toBeDisabled();
  await expect(dialog.getByRole("cell", { name: "Song 249" })).toBeVisible();
  await isAccessible(app);
});
