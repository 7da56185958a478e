// How the client is built, served in development and tested: two entries (the app, and the case view inside another site's
// frame), hashed files under /assets/, no inline script or style, so that the strictest content policy holds.
import { resolve } from "node:path";
import tailwindcss from "@tailwindcss/vite";
import react from "@vitejs/plugin-react";
import type { HtmlTagDescriptor, Plugin } from "vite";
import { defineConfig } from "vitest/config";

const server = process.env.CASEWIRE_SERVER ?? "http://127.0.0.1:8080";
const proxy = Object.fromEntries(
  ["/api", "/ws", "/livez", "/readyz"].map((path) => [
    path,
    { target: server, changeOrigin: true, ws: path === "/ws" },
  ]),
);

/** In bytes: less is not worth a request of its own. */
const SMALLEST_CHUNK = 16000;

/** What each page opens with, by the file of its source: fetched beside the entry instead of after it. */
const FIRST_SCREENS: Record<string, string> = {
  "index.html": "src/features/inbox/inbox-page.tsx",
  "embed.html": "src/embed/start.tsx",
};

function firstScreens(): Plugin {
  return {
    name: "casewire-first-screens",
    transformIndexHtml: {
      order: "post",
      handler(html, { bundle, path }) {
        const source = FIRST_SCREENS[path.replace(/^\//, "")];
        const chunks = Object.values(bundle ?? {}).filter((one) => one.type === "chunk");
        const named = new Map(chunks.map((chunk) => [chunk.fileName, chunk]));
        const wanted = chunks.filter(({ moduleIds }) => source && moduleIds.some((id) => id.endsWith(source)));
        const files = new Set<string>();
        for (let chunk = wanted.pop(); chunk !== undefined; chunk = wanted.pop()) {
          if (!files.has(chunk.fileName)) {
            files.add(chunk.fileName);
            wanted.push(...chunk.imports.flatMap((name) => named.get(name) ?? []));
          }
        }
        return [...files]
          .filter((file) => !html.includes(file))
          .map(
            (file): HtmlTagDescriptor => ({
              tag: "link",
              attrs: { rel: "modulepreload", crossorigin: true, href: `/${file}` },
              injectTo: "head",
            }),
          );
      },
    },
  };
}

export default defineConfig({
  base: "/",
  plugins: [react(), tailwindcss(), firstScreens()],
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
        chunkFileNames: ({ name }) => `assets/${name.startsWith("shared") ? "shared" : "[name]"}-[hash].js`,
        codeSplitting: {
          groups: [
            { name: "later", priority: 4, test: /preload-helper/ },
            {
              name: "react",
              priority: 3,
              test: /node_modules\/(react|react-dom|scheduler|wouter|use-sync-external-store)\//,
            },
            { name: "icons", priority: 2, test: /node_modules\/lucide-react\// },
            // What both pages begin with. The entries stay apart, for each begins something else, and the frame's must run before the rest.
            {
              name: "base",
              priority: 2,
              tags: ["$initial"],
              test: (id) => !/main\.tsx$|\.html\b|\.css$|\/embed\//.test(id),
            },
            { name: "inbox", priority: 1, test: /\/features\/inbox\/inbox-page/ },
            { name: "frame", priority: 1, test: /\/embed\/start/ },
            // What several screens share, by who shares it; crumbs go where they are nearest.
            // Not the styles: both entries import them, and would then load whatever chunk that crumb is put into.
            {
              name: "shared",
              test: (id) => !id.endsWith(".css"),
              entriesAware: true,
              entriesAwareMergeThreshold: SMALLEST_CHUNK,
              minShareCount: 2,
            },
          ],
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
