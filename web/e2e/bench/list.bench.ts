// A list of ten thousand conversations under the hand: scrolled through, moved through by keyboard, and what it takes of memory.
import type { Page } from "@playwright/test";
import { text } from "../../src/text/en";
import { expect, list, openInbox, READER, ROW, readWholeList, test } from "./bench";
import { type Places, underStrain } from "./probe";
import { figure, plainly, QUICK, record, times, timing } from "./record";

const SCROLLED = QUICK ? 18_000 : 90_000;
const TURN_PX = 120;
const KEYS = 60;

test("scrolling through all of it", async ({ watched }) => {
  const page = await watched(READER);
  const rows = await readWholeList(page);
  const box = await list(page).locator("..").boundingBox();
  if (box === null) throw new Error("the list is not to be seen");
  const places: Places = [0.05, 0.25, 0.5, 0.75, 0.95].map((part) => [box.x + 60, box.y + part * box.height] as const);
  await page.mouse.move(box.x + 60, box.y + box.height / 2);
  let mostNodes = 0;
  const strain = await underStrain(
    page,
    async () => {
      for (let turned = 0; turned < SCROLLED; turned += TURN_PX) {
        await page.mouse.wheel(0, TURN_PX);
        if (turned % (TURN_PX * 50) === 0) {
          mostNodes = Math.max(mostNodes, await page.evaluate(() => document.querySelectorAll("*").length));
        }
      }
      await expect
        .poll(async () => await list(page).evaluate((ul) => ul.parentElement?.scrollTop ?? 0))
        .toBeGreaterThanOrEqual(SCROLLED - TURN_PX);
    },
    places,
  );
  const cost = figure((1000 * strain.busy) / strain.frames);
  const about = `${SCROLLED} px of ${rows} conversations, ${strain.frames} frames of ${cost} ms of CPU`;
  const slow = (100 * strain.slow) / strain.frames;
  await record(
    plainly("scrolling: blank pictures", strain.blank, { most: 0, unit: "" }, about),
    plainly("scrolling: frames over 34 ms", slow, { most: 2, unit: "%" }, about),
    plainly("scrolling: elements in the page", mostNodes, { most: 1500, unit: "" }, "the most that were seen"),
  );
});

test("memory", async ({ watched }) => {
  const page = await watched(READER);
  const rows = await readWholeList(page);
  const session = await page.context().newCDPSession(page);
  await session.send("HeapProfiler.enable");
  for (let time = 0; time < 3; time += 1) await session.send("HeapProfiler.collectGarbage");
  await session.send("Performance.enable");
  const { metrics } = await session.send("Performance.getMetrics");
  const used = metrics.find((one) => one.name === "JSHeapUsedSize")?.value ?? Number.NaN;
  await record(
    plainly(`heap with ${rows} conversations`, used / 1e6, { most: 60, unit: " MB" }, "after collecting garbage"),
  );
});

/** From the key to the picture after it, as the browser itself times events; what it does not list took less than 16 ms. */
async function pressed(page: Page, keys: readonly string[]): Promise<number[]> {
  await page.evaluate(() => {
    const durations: number[] = [];
    const take = (list: PerformanceObserverEntryList) => {
      for (const entry of list.getEntries()) if (entry.name === "keydown") durations.push(entry.duration);
    };
    const observer = new PerformanceObserver(take);
    const how: PerformanceObserverInit & { durationThreshold: number } = { type: "event", durationThreshold: 16 };
    observer.observe(how);
    Object.assign(Object(globalThis).bench, { durations, observer });
  });
  for (const [at, key] of keys.entries()) {
    await page.keyboard.press(key);
    await page.waitForTimeout(60 + ((at * 29) % 50));
  }
  await page.waitForTimeout(300);
  const slower = await page.evaluate(() => {
    const { bench } = Object(globalThis);
    bench.observer.disconnect();
    const found: number[] = bench.durations;
    return found;
  });
  const rest = Math.max(0, keys.length - slower.length);
  return [...slower, ...Array.from({ length: rest }, () => 16)];
}

test("keys", async ({ watched }) => {
  const page = await watched(READER);
  await readWholeList(page);
  const count = times(KEYS);
  const walk = await pressed(
    page,
    Array.from({ length: count }, () => "j"),
  );
  await page.keyboard.press("Enter");
  const composer = page.getByRole("textbox", { name: text.composer.write });
  await composer.focus();
  const written = await pressed(
    page,
    [..."I saw the truck come round the corner, and it was red. ".repeat(2)].slice(0, count),
  );
  await openInbox(page);
  await page.getByRole("searchbox", { name: text.inbox.search }).focus();
  const sought = await pressed(
    page,
    [..."marian lolena about the afternoon of the 12th and more of it"].slice(0, count),
  );
  expect(page.locator(ROW)).toBeDefined();
  const limit = { most: 100, unit: " ms", aim: 50 };
  await record(
    timing("key to picture, j through the list", 95, walk, limit),
    timing("key to picture, writing a text", 95, written, limit),
    timing("key to picture, searching the inbox", 95, sought, limit),
  );
});
