// Builds the bench page, opens it in Chromium, and prints frame times, the ways in turn.
// CHROMIUM names the browser; ROUNDS how often each way is measured.
import { chromium } from "playwright-core";
import { build, preview } from "vite";
import react from "@vitejs/plugin-react";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = new URL(".", import.meta.url).pathname;
const outDir = mkdtempSync(join(tmpdir(), "tutti-bench-"));
const shared = { root, configFile: false, plugins: [react()], logLevel: "warn" };
await build({ ...shared, build: { outDir, emptyOutDir: true } });
const server = await preview({ ...shared, build: { outDir }, preview: { port: 0 } });
const url = server.resolvedUrls?.local[0];
const browser = await chromium.launch({
  executablePath: process.env["CHROMIUM"] ?? "/usr/bin/chromium",
  args: ["--no-sandbox"],
});
const rounds = Number(process.env["ROUNDS"] ?? 2);
const at = (times, part) => times.toSorted((a, b) => a - b)[Math.floor(times.length * part)];
console.log("way     zoom  median ms  p95 ms  open ms  heap MB");
for (let round = 0; round < rounds; round += 1) {
  for (const way of ["bare", "tuned", "canvas"]) {
    const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
    const started = performance.now();
    await page.goto(`${url}?variant=${way}`);
    await page.waitForFunction(
      () => "spike" in window && document.querySelector(".react-flow__node"),
    );
    const opened = performance.now() - started;
    for (const [zoom, frames] of [
      [1, 120],
      [0.12, 60],
    ]) {
      const times = await page.evaluate(([z, f]) => window.spike(z, f), [zoom, frames]);
      const heap = await page.evaluate(() => performance.memory.usedJSHeapSize / 1e6);
      console.log(
        `${way.padEnd(7)} ${String(zoom).padEnd(5)} ${at(times, 0.5).toFixed(1).padStart(9)}` +
          ` ${at(times, 0.95).toFixed(1).padStart(7)} ${opened.toFixed(0).padStart(8)} ${heap.toFixed(0).padStart(8)}`,
      );
    }
    await page.close();
  }
}
await browser.close();
await server.close();
rmSync(outDir, { recursive: true });
