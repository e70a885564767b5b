// How old what is seen of a running flow is: from what happens at the server to what is painted.
import { test } from "@playwright/test";
import { at, tell } from "./report";
import { FULL_HD, isSmall, withTutti } from "./serve";

const NODES = isSmall ? 50 : 1000;
const TIMES = isSmall ? 2 : 40;
const SEEN = "P0000";

/** Notes for each status that comes how long it takes until its counters are painted. */
function noteFigures(): void {
  const ages: number[] = [];
  Object.assign(window, { ages });
  window.EventSource = class extends EventSource {
    constructor(url: string | URL) {
      super(url);
      // Before those of the page, which are added later.
      this.addEventListener("status", ({ timeStamp }) => {
        const seen = new MutationObserver(() => {
          seen.disconnect();
          requestAnimationFrame(() => ages.push(performance.now() - timeStamp));
        });
        const what = { subtree: true, childList: true, characterData: true };
        for (const box of document.querySelectorAll(".react-flow__node")) seen.observe(box, what);
      });
    }
  };
}

interface Changed {
  id: string;
  state: string;
}

/** When a box is painted in a state, in milliseconds since 1970. */
async function whenShown({ id, state }: Changed): Promise<number> {
  const box = `.react-flow__node[data-id="${id}"] .node[data-state="${state}"]`;
  while (!document.querySelector(box)) await new Promise(requestAnimationFrame);
  await new Promise(requestAnimationFrame);
  return performance.timeOrigin + performance.now();
}

const OUT = `.react-flow__node[data-id="${SEEN}"] [data-figure="out"]`;

/** When a figure is painted that is not what it was, in milliseconds since 1970. */
async function whenOther({ figure, was }: { figure: string; was: string }): Promise<number> {
  while (document.querySelector(figure)?.textContent === was) {
    await new Promise(requestAnimationFrame);
  }
  await new Promise(requestAnimationFrame);
  return performance.timeOrigin + performance.now();
}

test("what happens is seen", async ({ browser }) => {
  await withTutti(NODES, async (tutti, flow) => {
    const context = await browser.newContext({ viewport: FULL_HD });
    const page = await context.newPage();
    await page.addInitScript(noteFigures);
    await page.goto(`${tutti.url}/#/flows/${flow}/${SEEN}`);
    await page.locator(`.react-flow__node[data-id="${SEEN}"]`).waitFor();
    const changed: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      const [action, state] = time % 2 === 0 ? ["stop", "stopped"] : ["start", "running"];
      const shown = page.evaluate(whenShown, { id: SEEN, state });
      const before = Date.now();
      await tutti.call(`/flows/${flow}/control`, { action, processors: [SEEN] });
      changed.push((await shown) - before);
      // At another moment of the second each time.
      await page.waitForTimeout(370);
    }
    const noted = (): Promise<number[]> =>
      page.evaluate(() => (window as unknown as { ages: number[] }).ages);
    while ((await noted()).length < TIMES / 2) await page.waitForTimeout(500);
    await tutti.call(`/flows/${flow}/control`, { action: "stop", processors: [SEEN] });
    await page.evaluate(whenShown, { id: SEEN, state: "stopped" });
    // One more flowfile is made, which then passes all others.
    const counted: number[] = [];
    for (let time = 0; time < TIMES; time += 1) {
      await page.waitForTimeout(1000 + ((time * 370) % 1000));
      const was = (await page.locator(OUT).textContent()) ?? "";
      const shown = page.evaluate(whenOther, { figure: OUT, was });
      const before = Date.now();
      await tutti.call(`/flows/${flow}/control`, { action: "runOnce", processors: [SEEN] });
      counted.push((await shown) - before);
    }
    const boxes = String(NODES);
    tell(`a stop or a start of one of ${boxes}, from the request, median`, at(changed, 0.5), "ms");
    tell(`a stop or a start of one of ${boxes}, p95`, at(changed, 0.95), "ms", 1000);
    tell(`a flowfile at one of ${boxes}, until it is counted, median`, at(counted, 0.5), "ms");
    tell(`a flowfile at one of ${boxes}, until it is counted, p95`, at(counted, 0.95), "ms", 1000);
    tell(`counters of ${boxes}, from their message, p95`, at(await noted(), 0.95), "ms", 1000);
    await context.close();
  });
});
