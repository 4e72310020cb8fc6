import { defineConfig } from "@playwright/test";
import { ARGS, chromiumPath, environment } from "./e2e/browser.mjs";

/** Runs against the API at APP_URL, which has the data of tests/web/conftest.py. One worker: pages share the graph. */
export default defineConfig({
  testDir: "e2e",
  testMatch: ["*.spec.ts", "*.alone.ts"],
  workers: 1,
  timeout: 60_000,
  expect: { timeout: 15_000 },
  reporter: [["line"]],
  outputDir: "node_modules/.playwright",
  use: {
    baseURL: process.env["APP_URL"] ?? "http://127.0.0.1:8001",
    viewport: { width: 1280, height: 800 },
    locale: "en-US",
    timezoneId: "UTC",
    contextOptions: { reducedMotion: "reduce" },
    launchOptions: { executablePath: await chromiumPath(), args: [...ARGS], env: environment() },
  },
});
