import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

const API = process.env["STRATUMIOPS_API"] ?? "http://127.0.0.1:8001";

/** The playground: built into the Python package, served by the API at /graphql and /playground/. */
export default defineConfig({
  base: "/playground/",
  plugins: [react()],
  worker: { format: "es" },
  build: {
    outDir: "../static/playground",
    emptyOutDir: true,
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 4000,
    reportCompressedSize: false,
    rolldownOptions: {
      input: "playground.html",
      // GraphiQL's modules carry "use no memo" for React's compiler, which does not run here.
      onLog(level, log, next) {
        if (log.code !== "MODULE_LEVEL_DIRECTIVE") next(level, log);
      },
    },
  },
  server: {
    proxy: {
      "/graphql": { target: API, ws: true },
      "/health": API,
    },
  },
});
