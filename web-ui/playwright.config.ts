// Tests in a browser, with the real binary on a folder of its own for each test.
import { defineConfig } from "@playwright/test";

export default defineConfig({
  testDir: "e2e",
  fullyParallel: true,
  workers: Number(process.env.WORKERS ?? 2),
  retries: 0,
  // How fast it is a benchmark tells; here a machine may be slow.
  timeout: 120_000,
  expect: { timeout: 20_000 },
  reporter: [["list"], ["./e2e/counts.ts"]],
  use: {
    actionTimeout: 30_000,
    viewport: { width: 1280, height: 800 },
    trace: "off",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--autoplay-policy=no-user-gesture-required"],
    },
    permissions: ["clipboard-read", "clipboard-write"],
  },
});
