// Takes the pictures of docs/pictures/ anew: `cargo xtask pictures`.
import { defineConfig } from "@playwright/test";
import journeys from "./playwright.config";

export default defineConfig({ ...journeys, testDir: "e2e/pictures", testMatch: "*.pictures.ts", timeout: 600_000 });
