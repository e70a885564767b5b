// The canvas in figures: `npm run numbers`. SMALL=1 looks only whether it works, in seconds.
import { defineConfig } from "@playwright/test";
import tests from "../playwright.config";

export default defineConfig(tests, {
  testDir: "numbers",
  testMatch: "*.spec.ts",
  fullyParallel: false,
  workers: 1,
  timeout: 5_400_000,
  reporter: [["line"], ["./numbers/report.ts"], ["../e2e/counts.ts"]],
  use: {
    ...tests.use,
    launchOptions: {
      ...tests.use?.launchOptions,
      args: [...(tests.use?.launchOptions?.args ?? []), "--enable-precise-memory-info"],
    },
  },
});
