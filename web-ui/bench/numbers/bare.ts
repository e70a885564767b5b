// The page with nothing but xyflow, built and served.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import react from "@vitejs/plugin-react";
import { build, preview, type InlineConfig } from "vite";

const root = new URL("..", import.meta.url).pathname;

export async function serveBare(): Promise<{ url: string; close: () => Promise<void> }> {
  const outDir = mkdtempSync(join(tmpdir(), "tutti-bare-"));
  const shared: InlineConfig = {
    ...{ root, configFile: false, plugins: [react()], logLevel: "warn" },
  };
  await build({ ...shared, build: { outDir, emptyOutDir: true } });
  const server = await preview({ ...shared, build: { outDir }, preview: { port: 0 } });
  return {
    url: server.resolvedUrls?.local[0] ?? "",
    close: async () => {
      await server.close();
      rmSync(outDir, { recursive: true });
    },
  };
}
