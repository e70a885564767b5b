// The build: one page, relative addresses, nothing inline, and a bound on what is loaded at start.
import { gzipSync } from "node:zlib";
import react from "@vitejs/plugin-react";
import { defineConfig, type Plugin } from "vitest/config";

/** What a browser loads before the first picture, compressed; the rest comes when it is needed. */
const START_BYTES_MAX = 220_000;

function boundSize(): Plugin {
  return {
    name: "bound-size",
    apply: "build",
    generateBundle(_, bundle) {
      const chunks = Object.values(bundle).filter((each) => each.type === "chunk");
      const byName = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
      const start = new Set(chunks.filter((chunk) => chunk.isEntry).map((each) => each.fileName));
      for (const name of start) {
        for (const other of byName.get(name)?.imports ?? []) start.add(other);
      }
      let bytes = 0;
      for (const name of start) bytes += gzipSync(byName.get(name)?.code ?? "").length;
      const told = `${String(Math.round(bytes / 1000))} KB of JavaScript at start, compressed`;
      if (bytes > START_BYTES_MAX) {
        this.error(`${told}: at most ${String(START_BYTES_MAX / 1000)} KB are allowed`);
      }
      this.info(told);
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
