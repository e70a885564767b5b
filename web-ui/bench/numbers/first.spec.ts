// The first run: how long from the program's start until one hears something, by clicks alone.
import { expect, test, type Browser } from "@playwright/test";
import { Tutti } from "../../e2e/server";
import { tell } from "./report";
import { FULL_HD, ROUNDS } from "./serve";

const WIRE = "Pick up recordings [success] -> One at a time";

interface Came {
  seen: number;
  heard: number;
}

/** Seconds until a waveform is seen and until it is heard, with a program that has no data yet. */
async function firstRun(browser: Browser): Promise<Came> {
  const tutti = new Tutti();
  const context = await browser.newContext({ viewport: FULL_HD });
  try {
    const began = performance.now();
    const since = () => (performance.now() - began) / 1000;
    await tutti.start("");
    const page = await context.newPage();
    await page.goto(tutti.url);
    await page.getByRole("button", { name: "Try the demo" }).click();
    await page.getByRole("button", { name: "Start", exact: true }).click();
    const chip = page.locator(`.chip[data-path="${WIRE}"]`);
    await expect(chip.locator('[data-figure="queued"]')).toHaveText(/[12]/);
    await chip.locator(".chip-name").click();
    const player = page.getByRole("complementary", { name: "Details" }).locator(".player");
    await player.locator(".wave").first().waitFor();
    const seen = since();
    await player.getByRole("button", { name: "Play" }).click();
    await player.locator("audio").evaluate(async (audio: HTMLAudioElement) => {
      while (audio.currentTime === 0) await new Promise(requestAnimationFrame);
    });
    return { seen, heard: since() };
  } finally {
    await context.close();
    await tutti.end();
  }
}

test("the first run", async ({ browser }) => {
  const all: Came[] = [];
  for (let round = 0; round < ROUNDS; round += 1) all.push(await firstRun(browser));
  const worst = (of: (came: Came) => number) => Math.max(...all.map(of));
  const what = "first run, from the program's start until the demo is";
  tell(
    `${what} seen`,
    worst(({ seen }) => seen),
    "s",
  );
  tell(
    `${what} heard`,
    worst(({ heard }) => heard),
    "s",
    60,
  );
});
