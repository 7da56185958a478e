// How much a browser loads: what the page names, and what comes later, in gzip as the binary serves it.
import { get } from "node:http";
import { expect, test } from "./bench";
import { plainly, record } from "./record";

const INITIAL_JS = 190;
const CSS = 12;
const LAZY_CHUNK = 60;

/** The size in gzip, and the names of what it names. */
async function fetched(address: string): Promise<{ kB: number; named: string[] }> {
  const bytes = await new Promise<number>((done, failed) => {
    get(address, { headers: { "accept-encoding": "gzip" } }, (answer) => {
      if (answer.headers["content-encoding"] !== "gzip") failed(new Error(`${address} does not come in gzip`));
      let sum = 0;
      answer.on("data", (chunk: Buffer) => {
        sum += chunk.length;
      });
      answer.on("end", () => done(sum));
    }).on("error", failed);
  });
  const words = await (await fetch(address)).text();
  const named = [...words.matchAll(/["'`/]([\w-]+-[\w-]{8}\.(?:js|css))["'`]/g)].map(([, name]) => name ?? "");
  return { kB: bytes / 1000, named: [...new Set(named)] };
}

test("what is loaded", async ({ demo }) => {
  const sizes = new Map<string, number>();
  const page = await fetched(`${demo.address}/`);
  const initial = new Set(page.named);
  const toLookAt = [...initial];
  for (let name = toLookAt.pop(); name !== undefined; name = toLookAt.pop()) {
    if (sizes.has(name)) continue;
    const file = await fetched(`${demo.address}/assets/${name}`);
    sizes.set(name, file.kB);
    toLookAt.push(...file.named);
  }
  const sum = (ending: string) =>
    [...initial].filter((name) => name.endsWith(ending)).reduce((all, name) => all + (sizes.get(name) ?? 0), 0);
  const later = [...sizes].filter(([name]) => name.endsWith(".js") && !initial.has(name));
  const [largest, size] = later.reduce((a, b) => (b[1] > a[1] ? b : a));
  expect(later.length).toBeGreaterThan(10);
  expect(sum(".js")).toBeGreaterThan(50);
  await record(
    plainly("initial script, gzip", sum(".js"), { most: INITIAL_JS, unit: " kB" }),
    plainly("styles, gzip", sum(".css"), { most: CSS, unit: " kB" }),
    plainly("largest later chunk, gzip", size, { most: LAZY_CHUNK, unit: " kB" }, `${largest} of ${later.length}`),
  );
});
