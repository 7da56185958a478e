// Fails the build where it grew over its budget: what a page loads before it shows anything, in bytes and in files, its styles, and any
// chunk that comes later. Sizes are after gzip. And where the frame's entry would run anything before it has its storage.
import { readdir, readFile, stat } from "node:fs/promises";
import { join } from "node:path";

const KB = 1000;
const INITIAL_JS = 190 * KB;
const CSS = 12 * KB;
const LAZY_CHUNK = 60 * KB;
/** Script files before the first row: a browser asks a server without HTTP/2 for six at once. */
const FIRST_FILES = 8;
/** An entry below this many characters only loads the real one. */
const LOADER = 5_000;

const dist = new URL("../dist/", import.meta.url).pathname;
const gzipped = async (path) => (await stat(join(dist, `${path}.gz`))).size;
const failures = [];
const initial = new Set();

for (const page of ["index.html", "embed.html"]) {
  const html = await readFile(join(dist, page), "utf8");
  const linked = [...html.matchAll(/(?:src|href)="\/(assets\/[^"]+)"/g)].map(([, path]) => path);
  const entry = await readFile(
    join(
      dist,
      linked.find((path) => path.endsWith(".js")),
    ),
    "utf8",
  );
  if (entry.length < LOADER) {
    // It only loads what the page needs after something that must come first.
    const loaded = [...entry.matchAll(/["'`](?:\.\/|assets\/)([^"'`]+\.js)["'`]/g)].map(([, name]) => `assets/${name}`);
    linked.push(...new Set(loaded.filter((path) => !linked.includes(path))));
  }
  const sum = async (ending) => {
    let bytes = 0;
    for (const path of linked.filter((one) => one.endsWith(ending))) {
      initial.add(path);
      bytes += await gzipped(path);
    }
    return bytes;
  };
  const files = linked.filter((one) => one.endsWith(".js")).length;
  if (files > FIRST_FILES) {
    failures.push(`${page}: ${files} files of script; the budget is ${FIRST_FILES}`);
  }
  const [js, css] = [await sum(".js"), await sum(".css")];
  console.log(`${page}: ${(js / KB).toFixed(1)} kB of script, ${(css / KB).toFixed(1)} kB of styles, gzip`);
  if (js === 0 || js > INITIAL_JS) {
    failures.push(`${page}: ${js} bytes of script; the budget is ${INITIAL_JS}`);
  }
  if (css > CSS) {
    failures.push(`${page}: ${css} bytes of styles; the budget is ${CSS}`);
  }
  if (/<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=/.test(html)) {
    failures.push(`${page} has an inline script or style, which the content policy forbids`);
  }
}

const frame = (await readdir(join(dist, "assets"))).find((name) => /^embed-.*\.js$/.test(name));
const first = [
  ...(await readFile(join(dist, "assets", frame ?? ""), "utf8")).matchAll(
    /\bimport\s*[^("'`;]*["'`]\.\/([^"'`]+)["'`]/g,
  ),
];
if (first.some(([, name]) => !/^(later|rolldown-runtime)-/.test(name))) {
  failures.push(`embed.html runs ${first.map(([, name]) => name).join(", ")} before it has its storage`);
}

for (const name of await readdir(join(dist, "assets"))) {
  const path = `assets/${name}`;
  if (name.endsWith(".js") && !initial.has(path) && (await gzipped(path)) > LAZY_CHUNK) {
    failures.push(`${path}: ${await gzipped(path)} bytes; a later chunk may have ${LAZY_CHUNK}`);
  }
}

if (failures.length > 0) {
  console.error(failures.join("\n"));
  process.exit(1);
}
