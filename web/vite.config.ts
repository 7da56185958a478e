// How the client is built, served in development and tested: two entries (the app, and the case view inside another site's
// frame), hashed files under /assets/, no inline script or style, so that the strictest content policy holds.
import { resolve } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

const server = process.env.CASEWIRE_SERVER ?? "http://127.0.0.1:8080";
const proxy = Object.fromEntries(
  ["/api", "/ws", "/livez", "/readyz"].map((path) => [
    path,
    { target: server, changeOrigin: true, ws: path === "/ws" },
  ]),
);

export default defineConfig({
  base: "/",
  plugins: [react(), tailwindcss()],
  server: { proxy },
  preview: { proxy },
  build: {
    target: "es2023",
    assetsDir: "assets",
    // Everything is a file: an inlined picture or polyfill would need a wider content policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 400,
    rollupOptions: {
      input: { index: resolve(import.meta.dirname, "index.html"), embed: resolve(import.meta.dirname, "embed.html") },
      output: {
        manualChunks(id: string) {
          if (/node_modules\/(react|react-dom|scheduler|wouter|use-sync-external-store)\//.test(id)) {
            return "react";
          }
          return undefined;
        },
      },
    },
  },
  test: {
    environment: "node",
    include: ["src/**/*.test.{ts,tsx}"],
    testTimeout: 60_000,
    maxWorkers: 1,
  },
});
