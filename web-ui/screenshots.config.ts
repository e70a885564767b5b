// Pictures of every view, for docs/screenshots.md: `npm run screenshots`.
import { defineConfig } from "@playwright/test";
import tests from "./playwright.config";

export default defineConfig(tests, {
  testDir: "screenshots",
  fullyParallel: false,
  workers: 1,
  timeout: 180_000,
  reporter: [["list"]],
});
