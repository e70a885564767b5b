// The build: one page, relative addresses, nothing inline, and a bound on what is fetched at first.
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vitest/config";

/** What a browser fetches until the first view is seen, compressed; the rest comes with its use. */
const START_BYTES_MAX = 220_000;

/** What each first view loads by itself, beside what the page names. `e2e/loaded.spec.ts` asks a
 * browser whether that is all. */
const FIRST_VIEWS: Record<string, string[]> = {
  "the list of flows": ["Home"],
  "the demo": ["FlowPage", "Palette", "Minimap", "layout", "copy"],
};

function boundSize(): Plugin {
  return {
    name: "bound-size",
    apply: "build",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
      const byFile = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
      for (const [view, parts] of Object.entries(FIRST_VIEWS)) {
        const found = chunks.filter(({ isEntry, name }) => isEntry || parts.includes(name));
        if (found.length <= parts.length) this.error(`${view}: a part of it has another name`);
        const start = new Set(found.map((each) => each.fileName));
        for (const file of start) {
          for (const other of byFile.get(file)?.imports ?? []) start.add(other);
        }
        let bytes = 0;
        for (const file of start) bytes += gzipSync(byFile.get(file)?.code ?? "").length;
        const told = `${String(Math.round(bytes / 1000))} KB of JavaScript until ${view} is seen`;
        if (bytes > START_BYTES_MAX) {
          this.error(`${told}: at most ${String(START_BYTES_MAX / 1000)} KB are allowed`);
        }
        this.info(told);
      }
    },
  };
}

export default defineConfig({
  base: "./",
  plugins: [react(), boundSize()],
  build: {
    target: "es2023",
    // Fonts and pictures inline would need more than the page's policy allows.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 1000,
  },
  server: {
    fs: { allow: [".."] },
    proxy: { "/api": process.env.TUTTI_URL ?? "http://127.0.0.1:8080" },
  },
  test: { include: ["test/**/*.test.ts"], environment: "node", testTimeout: 20_000 },
});
