import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const API = process.env["STRATUMIOPS_API"] ?? "http://127.0.0.1:8001";

/** The web app: built into the Python package, served by the API at /. */
export default defineConfig({
  plugins: [react()],
  worker: { format: "es" },
  test: { include: ["src/**/*.test.{ts,tsx}"] },
  build: {
    outDir: "../static/app",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    manifest: true,
  },
  server: {
    proxy: {
      "/graphql": { target: API, ws: true },
      "/playground": API,
      "/health": API,
    },
  },
});
