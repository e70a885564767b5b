// A long recording that waits: how soon it is seen and gone to, and what the page keeps of it.
import { copyFileSync, renameSync, writeFileSync } from "node:fs";
import { expect, test, type Page } from "@playwright/test";
import { Tutti } from "../../e2e/server";
import { QUEUE, WAITING } from "../../e2e/waiting";
import { at, tell } from "./report";
import { FULL_HD, isSmall, ROUNDS } from "./serve";

const SECONDS = isSmall ? 20 : 600;
const RATE = 44_100;
const SEEKS = isSmall ? 3 : 20;

/** A tone that rises over nine octaves, in noise; in stereo, with 16 bits. */
function recording(): Buffer {
  const frames = SECONDS * RATE;
  const bytes = Buffer.alloc(44 + frames * 4);
  bytes.write("RIFF", 0);
  bytes.writeUInt32LE(36 + frames * 4, 4);
  bytes.write("WAVEfmt ", 8);
  bytes.writeUInt32LE(16, 16);
  bytes.writeUInt16LE(1, 20);
  bytes.writeUInt16LE(2, 22);
  bytes.writeUInt32LE(RATE, 24);
  bytes.writeUInt32LE(RATE * 4, 28);
  bytes.writeUInt16LE(4, 32);
  bytes.writeUInt16LE(16, 34);
  bytes.write("data", 36);
  bytes.writeUInt32LE(frames * 4, 40);
  const samples = new Int16Array(bytes.buffer, bytes.byteOffset + 44, frames * 2);
  let [phase, seed] = [0, 1];
  for (let frame = 0; frame < frames; frame += 1) {
    phase += (2 * Math.PI * 40 * 2 ** ((9 * frame) / frames)) / RATE;
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff;
    const noise = (seed / 0x40000000 - 1) * 2000;
    samples[frame * 2] = 9000 * Math.sin(phase) + noise;
    samples[frame * 2 + 1] = 9000 * Math.sin(phase * 1.5) + noise;
  }
  return bytes;
}

/** Watches how long after the next click its spectrogram is painted. In the page. */
function watchClick(name: string): void {
  const watched = new Promise((resolve, reject) => {
    setTimeout(reject, 30_000, new Error(`${name} is not seen`));
    window.addEventListener(
      "click",
      ({ timeStamp }) => {
        const look = () => {
          const picture = document.querySelector<HTMLImageElement>(
            `.queue .track-picture[alt*="${name}"]`,
          );
          if (picture?.complete !== true || picture.naturalWidth === 0) {
            requestAnimationFrame(look);
            return;
          }
          requestAnimationFrame(() => {
            resolve(performance.now() - timeStamp);
          });
        };
        look();
      },
      { capture: true, once: true },
    );
  });
  Object.assign(window, { watched });
}

interface Sought {
  seen: number;
  heard: number;
}

/** Watches how long after the next press on the track its head is there, and the sound. In the
 * page. */
function watchSeek(): void {
  const track = document.querySelector(".queue .track");
  const audio = document.querySelector<HTMLAudioElement>(".queue audio");
  const head = track?.querySelector<HTMLElement>(".track-head");
  if (!track || !audio || !head) throw new Error("there is no track");
  const watched = new Promise((resolve, reject) => {
    setTimeout(reject, 30_000, new Error("the place is not there"));
    const before = head.style.left;
    track.addEventListener(
      "pointerdown",
      ({ timeStamp }) => {
        const heard = new Promise<number>((done) => {
          const told = () => {
            done(performance.now() - timeStamp);
          };
          audio.addEventListener("seeked", told, { once: true });
        });
        const look = () => {
          if (head.style.left === before) {
            requestAnimationFrame(look);
            return;
          }
          requestAnimationFrame(() => {
            const seen = performance.now() - timeStamp;
            void heard.then((sound) => {
              resolve({ seen, heard: sound });
            });
          });
        };
        look();
      },
      { capture: true, once: true },
    );
  });
  Object.assign(window, { watched });
}

const watched = <T>(page: Page) =>
  page.evaluate(() => (window as unknown as { watched: Promise<T> }).watched);

test("a long recording", async ({ browser }) => {
  const tutti = new Tutti();
  try {
    const [first, second] = WAITING.connections;
    const roomy = { ...second, backPressure: { count: 100 } };
    tutti.writeFlow({ ...WAITING, connections: [first, roomy] } as typeof WAITING);
    await tutti.start(WAITING.name);
    writeFileSync(tutti.path("long.wav"), recording());
    const names = Array.from({ length: ROUNDS }, (_, round) => `${String(round)}.wav`);
    for (const name of names) {
      // Under another name until all of it is there.
      copyFileSync(tutti.path("long.wav"), tutti.path(`.${name}`));
      renameSync(tutti.path(`.${name}`), tutti.path(`in/${name}`));
    }
    const context = await browser.newContext({ viewport: FULL_HD });
    const page = await context.newPage();
    await page.goto(`${tutti.url}/#/flows/${WAITING.name}`);
    const chip = page.locator(`.chip[data-path="${QUEUE}"]`);
    const queued = chip.locator('[data-figure="queued"]');
    await expect(queued).toHaveText(String(ROUNDS), { timeout: 120_000 });
    await page.waitForTimeout(1000);
    const seen: number[] = [];
    const items = page.getByRole("dialog").locator(".queue-item");
    for (let round = 0; round < ROUNDS; round += 1) {
      // Which of them comes first in the queue is nobody's choice.
      const name = round === 0 ? ".wav" : ((await items.nth(round).textContent()) ?? "");
      await page.evaluate(watchClick, /\d\.wav/.exec(name)?.[0] ?? name);
      if (round === 0) await chip.getByRole("button").click();
      else await items.nth(round).click();
      seen.push(await watched<number>(page));
      await page.getByRole("dialog").getByText("44100 Hz").waitFor();
      await page.waitForTimeout(1000);
    }
    const what = isSmall ? "20 seconds of stereo" : "10 minutes of stereo";
    tell(`${what}: the spectrogram is seen`, at(seen, 0.5), "ms", 500);

    const track = page.getByRole("dialog").locator(".track");
    const area = await track.boundingBox();
    if (!area) throw new Error("there is no track");
    const sought: Sought[] = [];
    for (let seek = 0; seek < SEEKS; seek += 1) {
      await page.evaluate(watchSeek);
      // To and fro over all of it, never twice to the same place.
      const part = 0.02 + 0.96 * ((seek * 0.618) % 1);
      await page.mouse.click(area.x + area.width * part, area.y + 20);
      sought.push(await watched<Sought>(page));
      await page.waitForTimeout(300);
    }
    const p95 = (times: number[]) => at(times, 0.95);
    tell(`${what}: a seek is seen, p95`, p95(sought.map((each) => each.seen)), "ms", 100);
    tell(`${what}: a seek is heard, p95`, p95(sought.map((each) => each.heard)), "ms", 100);
    const devtools = await context.newCDPSession(page);
    await devtools.send("HeapProfiler.collectGarbage");
    const heap = (await devtools.send("Runtime.getHeapUsage")) as Record<string, number>;
    const { usedSize = NaN, embedderHeapUsedSize = 0, backingStorageSize = 0 } = heap;
    const all = usedSize + embedderHeapUsedSize + backingStorageSize;
    tell(`${what}: heap of the tab`, all / 1e6, "MB", 150);
    await context.close();
  } finally {
    await tutti.end();
  }
});
