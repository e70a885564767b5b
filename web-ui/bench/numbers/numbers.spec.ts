// The canvas in figures, with the real binary; each in a page of its own.
import { readdirSync, readFileSync } from "node:fs";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { test, type Page } from "@playwright/test";
import { clipOf } from "../../src/graph/clipboard";
import type { Documents } from "../../src/graph/changes";
import { bytesOf, fetchedFor, FIRST_VIEWS, startWithFirstViews } from "../../e2e/fetched";
import { Tutti } from "../../e2e/server";
import { serveBare } from "./bare";
import { PITCH } from "./flows";
import { afterEnter, drag, noteEvents, pan, spotsInView, until, workBetween } from "./measure";
import { at, tell } from "./report";
import { FULL_HD, heapMb, isSmall, ROUNDS, withTutti } from "./serve";

const FRAMES = isSmall ? 20 : 240;
const STEPS = isSmall ? 20 : 200;
const SIZES = isSmall ? [350] : [1000, 2000];
const MINUTES = Number(process.env.MINUTES ?? (isSmall ? 0.05 : 5));
const DIST = new URL("../../dist/", import.meta.url);
const UHD = { width: 3840, height: 2160 };

const shown = (page: Page) => page.locator(".react-flow__node, canvas.overview").first().waitFor();
const pause = (page: Page) => page.waitForTimeout(isSmall ? 500 : 3000);

test("what is loaded", async ({ browser }) => {
  const html = readFileSync(new URL("index.html", DIST), "utf8");
  const start = [...html.matchAll(/(?:src|href)="\.?\/?(assets\/[^"]+\.js)"/g)].map(
    ([, name]) => name,
  );
  const gzip = start.map((name) => gzipSync(readFileSync(new URL(name ?? "", DIST))).length);
  const named = gzip.reduce((sum, each) => sum + each, 0);
  tell("JavaScript that the page itself names, gzip", named / 1000, "KB", 220);
  const tutti = new Tutti();
  await startWithFirstViews(tutti);
  for (const [name, view] of Object.entries(FIRST_VIEWS)) {
    const bytes = bytesOf(await fetchedFor(browser, tutti, view));
    tell(`JavaScript fetched until ${name} is seen and at rest, gzip`, bytes / 1000, "KB", 220);
  }
  await tutti.end();
  const files = readdirSync(DIST, { recursive: true, withFileTypes: true }).filter((each) =>
    each.isFile(),
  );
  const brotli = files.map(
    (each) => brotliCompressSync(readFileSync(`${each.parentPath}/${each.name}`)).length,
  );
  tell(
    "all that is embedded, brotli",
    brotli.reduce((sum, each) => sum + each, 0) / 1e6,
    "MB",
    2.5,
  );
});

test("the first picture", async ({ browser }) => {
  await withTutti(5, async (tutti, flow) => {
    const first: number[] = [];
    const largest: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const context = await browser.newContext();
      const page = await context.newPage();
      const devtools = await context.newCDPSession(page);
      await devtools.send("Emulation.setCPUThrottlingRate", { rate: 4 });
      await page.goto(`${tutti.url}/#/flows/${flow}`);
      await shown(page);
      await page.waitForTimeout(1500);
      const times = await page.evaluate(
        () =>
          new Promise<[number, number]>((resolve) => {
            const [painted] = performance.getEntriesByName("first-contentful-paint");
            new PerformanceObserver((list) => {
              resolve([painted?.startTime ?? NaN, list.getEntries().at(-1)?.startTime ?? NaN]);
            }).observe({ type: "largest-contentful-paint", buffered: true });
          }),
      );
      first.push(times[0]);
      largest.push(times[1]);
      await context.close();
    }
    tell("first contentful paint, CPU slowed 4 times", at(first, 0.5), "ms", 800);
    tell("largest contentful paint, CPU slowed 4 times", at(largest, 0.5), "ms", 1500);
  });
});

/** Each takes turns with pages that have nothing but xyflow. */
const PANNED = [
  ...SIZES.map((nodes) => ({
    ...{ nodes, name: String(nodes), viewport: FULL_HD, rounds: ROUNDS, steps: FRAMES },
  })),
  // Without a GPU a frame of the bare page takes seconds: fewer of them.
  ...SIZES.slice(-1).map((nodes) => ({
    ...{ nodes, name: `${String(nodes)} in 4K`, viewport: UHD, rounds: 1, steps: FRAMES / 4 },
  })),
];

for (const { nodes, name: count, viewport, rounds, steps } of PANNED) {
  test(`${count} boxes: opening and panning`, async ({ browser }) => {
    const bare = await serveBare();
    await withTutti(nodes, async (tutti, flow) => {
      const opened: number[] = [];
      const frames = new Map<string, number[]>();
      const keep = (name: string, times: number[]) =>
        frames.set(name, [...(frames.get(name) ?? []), ...times]);
      let zoom = 0.1;
      const ours = async (page: Page) => {
        const before = performance.now();
        await page.goto(`${tutti.url}/#/flows/${flow}`);
        await shown(page);
        opened.push(performance.now() - before);
        await pause(page);
        zoom = await page
          .locator(".react-flow__viewport")
          .evaluate((each) => new DOMMatrix(getComputedStyle(each).transform).a);
        keep("ours far", await page.evaluate(pan, steps));
        await page.goto(`${tutti.url}/#/flows/${flow}/P0123`);
        await page.locator('.react-flow__node[data-id="P0123"]').waitFor();
        await page.keyboard.press("0");
        await pause(page);
        keep("ours near", await page.evaluate(pan, steps));
      };
      const theirs = async (page: Page, variant: string) => {
        const query = { variant, nodes, edges: nodes * 1.5, pitch: PITCH };
        const text = Object.entries(query).map(([name, value]) => `${name}=${String(value)}`);
        await page.goto(`${bare.url}?${text.join("&")}`);
        await page.locator(".react-flow__node").first().waitFor();
        for (const [way, wanted] of [
          ["near", 1],
          ["far", zoom],
        ] as const) {
          await page.evaluate((to) => {
            (window as unknown as { view: (to: number) => void }).view(to);
          }, wanted);
          await pause(page);
          keep(`${variant} ${way}`, await page.evaluate(pan, steps));
        }
      };
      for (let round = 0; round < rounds; round += 1) {
        for (const run of [
          ours,
          (page: Page) => theirs(page, "bare"),
          (page: Page) => theirs(page, "culled"),
        ]) {
          const page = await browser.newPage({ viewport });
          await run(page);
          await page.close();
        }
      }
      tell(`opening ${count} boxes`, at(opened, 0.5), "ms", viewport === UHD ? undefined : 1500);
      for (const way of ["near", "far"]) {
        const own = frames.get(`ours ${way}`) ?? [];
        tell(`panning ${count}, ${way}: a frame, median`, at(own, 0.5), "ms");
        tell(`panning ${count}, ${way}: a frame, p95`, at(own, 0.95), "ms");
        for (const variant of ["bare", "culled"]) {
          const other = frames.get(`${variant} ${way}`) ?? [];
          const name = variant === "bare" ? "bare xyflow" : "bare xyflow that culls";
          // What is bound is the plain page; the other is told for comparison.
          const bound = variant === "bare" ? 1.3 : undefined;
          tell(
            `panning ${count}, ${way}: median beside ${name}`,
            at(own, 0.5) / at(other, 0.5),
            "",
            bound,
          );
          tell(
            `panning ${count}, ${way}: p95 beside ${name}`,
            at(own, 0.95) / at(other, 0.95),
            "",
            bound,
          );
        }
      }
    });
    await bare.close();
  });
}

test("dragging, pasting, undoing, clicking", async ({ browser }) => {
  const nodes = SIZES[0] ?? 1000;
  const count = String(nodes);
  await withTutti(nodes, async (tutti, flow) => {
    const context = await browser.newContext({ viewport: FULL_HD });
    const page = await context.newPage();
    await page.goto(`${tutti.url}/#/flows/${flow}/P0123`);
    await page.locator('.react-flow__node[data-id="P0123"]').waitFor();
    await page.keyboard.press("0");
    await pause(page);
    for (const isWhole of [false, true]) {
      await browser.startTracing(page, { categories: ["blink.user_timing"] });
      const steps = await page.evaluate(drag, { id: "P0123", steps: STEPS, isWhole });
      const work = workBetween(await browser.stopTracing(), "step", "stepped");
      const what = `dragging one of ${count}: ${isWhole ? "a step and its frame" : "a step"}`;
      tell(`${what}, p95`, at(steps, 0.95), "ms", isWhole ? undefined : 16);
      tell(`${what}, time of the processor, p95`, at(work, 0.95), "ms");
      await page.keyboard.press("Control+z");
      await pause(page);
    }

    await page.evaluate(noteEvents);
    const actions = isSmall ? 6 : 60;
    for (let action = 0; action < actions; action += 1) {
      const spots = await page.evaluate(spotsInView);
      const spot = spots[action % spots.length];
      if (action % 3 === 2 || !spot) await page.keyboard.press("ArrowRight");
      else await page.mouse.click(spot.x, spot.y);
      await page.waitForTimeout(100);
    }
    const noted = await page.evaluate(() => [
      ...(window as unknown as { noted: Map<number, number> }).noted.values(),
    ]);
    // What took less than 16 ms is not told.
    const all = [...noted, ...Array<number>(Math.max(0, actions - noted.length)).fill(16)];
    tell(`an interaction with ${count} boxes, p75`, at(all, 0.75), "ms", 100);
    tell(`an interaction with ${count} boxes, p98`, at(all, 0.98), "ms", 200);

    const draft = await tutti.call<Documents>(`/flows/${flow}/draft`);
    const names = Object.keys(draft.flow.processors ?? {}).slice(0, 100);
    const clip = JSON.stringify(clipOf(draft, "", new Set(names)));
    const pasted: number[] = [];
    const undone: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const paste = {
        does: { paste: clip },
        selector: 'button[aria-label^="Undo: Paste"]',
      };
      pasted.push(await page.evaluate(until, paste));
      await page.locator(".saved .turning").waitFor({ state: "detached" });
      await pause(page);
      const undo = {
        does: { press: { key: "z", ctrlKey: true } },
        selector: 'button[aria-label^="Redo: Paste"]',
      };
      undone.push(await page.evaluate(until, undo));
      await pause(page);
    }
    tell("pasting 100", at(pasted, 0.5), "ms", 300);
    tell("undoing the paste of 100", at(undone, 0.5), "ms", 100);

    await page.goto(`${tutti.url}/#/flows/${flow}/P0000`);
    const field = page.getByRole("textbox", { name: "File Size", exact: true });
    const told: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      await field.fill("much");
      const wrong = page.evaluate(afterEnter, '.panel input[aria-invalid="true"]');
      await field.press("Enter");
      told.push(await wrong);
      await field.fill("");
      await field.press("Enter");
      await page.locator('.panel input[aria-invalid="true"]').waitFor({ state: "detached" });
      await pause(page);
    }
    tell("a wrong value is told", at(told, 0.5), "ms", 150);
    await context.close();
  });
});

test("memory", async ({ browser }) => {
  const nodes = SIZES.at(-1) ?? 2000;
  await withTutti(nodes, async (tutti, flow) => {
    const context = await browser.newContext({ viewport: FULL_HD });
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await page.goto(`${tutti.url}/#/flows/${flow}/P0123`);
    await page.locator('.react-flow__node[data-id="P0123"]').waitFor();
    await page.waitForTimeout(isSmall ? 500 : 10_000);
    const before = await heapMb(devtools);
    tell(`heap with ${String(nodes)} boxes`, before, "MB", 250);
    await page.waitForTimeout(MINUTES * 60_000);
    const growth = ((await heapMb(devtools)) / before - 1) * 100;
    tell(`its growth in ${String(MINUTES)} minutes of live figures`, growth, "%", 10);
    await context.close();
  });
});
