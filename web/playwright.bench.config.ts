// How the budgets are measured: as the journeys run, but every file of e2e/bench/, one after the other, on data that is made once.
// `cargo xtask bench web` starts it and prints what it has recorded.
import { defineConfig } from "@playwright/test";
import journeys from "./playwright.config";

export default defineConfig({
  ...journeys,
  testDir: "e2e/bench",
  testMatch: "*.bench.ts",
  outputDir: "test-results/bench",
  timeout: 600_000,
  globalSetup: "./e2e/bench/town.ts",
  use: { ...journeys.use, trace: "off", screenshot: "off", video: "off" },
});
