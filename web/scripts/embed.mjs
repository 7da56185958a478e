// Builds dist/embed.js, the script that host pages include: one classic script without imports, under a name that never changes. Runs
// after the client's build, before files are compressed. Refuses to grow beyond what a host page should load for it.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { build } from "vite";

const MOST_BYTES_GZIP = 2_048;
const root = new URL("..", import.meta.url).pathname;

await build({
  root,
  configFile: false,
  logLevel: "warn",
  publicDir: false,
  build: {
    target: "es2022",
    emptyOutDir: false,
    outDir: "dist",
    lib: { entry: "src/embed-host/embed.ts", formats: ["iife"], name: "casewire", fileName: () => "embed.js" },
  },
});
const size = gzipSync(await readFile(new URL("../dist/embed.js", import.meta.url))).length;
if (size > MOST_BYTES_GZIP) {
  console.error(`embed.js has ${size} bytes compressed, at most ${MOST_BYTES_GZIP} are allowed`);
  process.exit(1);
}
