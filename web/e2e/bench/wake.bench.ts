// A page whose machine slept: from the network's being back to the same list as a page that is loaded now. Sixty conversations
// were written to and the clock went on by ten minutes meanwhile.
import { expect, list, openInbox, READER, ROW, test } from "./bench";
import { median, record, times, timing } from "./record";
import { numberOf } from "./town";

const SLEEPS = 5;
const TEXTS = 60;
const SLEPT_SECONDS = 600;
/** As many rows as are drawn at least. */
const COMPARED = 10;

test("awake again", async ({ watched, demo, forgive }) => {
  forgive(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  const page = await watched(READER);
  const fresh = await watched(READER);
  const api = await demo.api(READER);
  await openInbox(page);
  const samples: number[] = [];
  for (let sleep = 0; sleep < times(SLEEPS); sleep += 1) {
    await page.context().setOffline(true);
    await demo.advance(SLEPT_SECONDS);
    const last = `Written while it slept, ${sleep}.`;
    for (let at = 0; at < TEXTS; at += 1) {
      await demo.text(at === TEXTS - 1 ? last : `Text ${at} of sleep ${sleep}.`, numberOf(at * 3 + sleep));
    }
    const top = async () => (await api.get(`/api/omnichannel/conversations/?limit=${COMPARED}`)).items;
    await expect
      .poll(async () => (await top()).some((one: { preview: string }) => one.preview === last), { timeout: 60_000 })
      .toBe(true);
    await page.waitForTimeout(2_000);
    const expected = (await top()).map(({ id, preview }: { id: string; preview: string }) => [id, preview]);
    await page.evaluate((rows: [string, string][]) => {
      const { bench } = Object(globalThis);
      addEventListener(
        "online",
        () => {
          const from = performance.now();
          const isSame = () =>
            rows.every(([id, preview], at) => {
              const row = document.querySelector(`li[aria-posinset="${at + 1}"] [data-conversation="${id}"]`);
              return row?.textContent?.includes(preview);
            });
          const look = (): void => {
            if (isSame()) bench.afterPaint(() => bench.painted.set("awake", performance.now() - from));
            else requestAnimationFrame(look);
          };
          look();
        },
        { once: true },
      );
      bench.painted.delete("awake");
    }, expected);
    await page.context().setOffline(false);
    await page.waitForFunction(() => Object(globalThis).bench.painted.has("awake"), undefined, { timeout: 60_000 });
    samples.push(await page.evaluate(() => Object(globalThis).bench.painted.get("awake")));
    await openInbox(fresh);
    const shown = (one: typeof page) =>
      list(one)
        .locator("li")
        .evaluateAll((rows) =>
          rows.map((row) => {
            const copy = row.cloneNode(true);
            if (!(copy instanceof Element)) return "";
            for (const time of copy.querySelectorAll("time")) time.remove();
            return `${row.getAttribute("aria-posinset")} ${copy.textContent}`;
          }),
        );
    await expect.poll(async () => await shown(page), { timeout: 15_000 }).toEqual(await shown(fresh));
    await expect(page.locator(ROW).first()).toContainText(expected[0][1]);
  }
  expect(median(samples)).toBeGreaterThan(0);
  await record(timing("awake after ten minutes, to the list as it is", 95, samples, { most: 1000, unit: " ms" }));
});
