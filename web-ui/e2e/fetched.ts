// What a browser that knows nothing yet fetches of the page until a view is seen and at rest.
import { gzipSync } from "node:zlib";
import type { Browser } from "@playwright/test";
import type { Tutti } from "./server";

/** What is fetched after this was not needed for what is seen. */
const REST_MS = 2000;

/** The first views: where, and what is seen then. */
export const FIRST_VIEWS = {
  "the list of flows": { hash: "#/flows", seen: ".flow-card" },
  "an empty flow": { hash: "#/flows/empty", seen: ".canvas-empty" },
  "the demo": { hash: "#/flows/demo", seen: '.react-flow__node[data-id="Decode"]' },
};

/** A server with what those views show. */
export async function startWithFirstViews(tutti: Tutti): Promise<void> {
  await tutti.start("");
  await tutti.call("/flows", { name: "empty" });
  await tutti.call("/demo", {});
}

/** The scripts by name, each with its bytes as gzip would send them. */
export async function fetchedFor(
  browser: Browser,
  tutti: Tutti,
  { hash, seen }: { hash: string; seen: string },
): Promise<Map<string, number>> {
  const context = await browser.newContext();
  const page = await context.newPage();
  const bodies: Promise<[string, number]>[] = [];
  let lastMs = performance.now();
  page.on("response", (response) => {
    if (response.request().resourceType() !== "script") return;
    lastMs = performance.now();
    const name = new URL(response.url()).pathname.split("/").at(-1) ?? "";
    bodies.push(response.body().then((body) => [name, gzipSync(body).length]));
  });
  await page.goto(`${tutti.url}/${hash}`);
  await page.locator(seen).first().waitFor();
  while (performance.now() - lastMs < REST_MS) await page.waitForTimeout(REST_MS / 10);
  const scripts = new Map(await Promise.all(bodies));
  await context.close();
  return scripts;
}

export const bytesOf = (scripts: ReadonlyMap<string, number>): number =>
  [...scripts.values()].reduce((sum, each) => sum + each, 0);
