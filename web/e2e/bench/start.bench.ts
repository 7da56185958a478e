// How soon a page that nobody has opened before shows something, and the first row of the inbox; and how it is on a slow machine.
import { READER, test } from "./bench";
import { paintedAt, throttle } from "./probe";
import { median, record, times, timing } from "./record";

const STARTS = 5;

for (const { rate, name, first, row } of [
  { rate: 1, name: "", first: 800, row: 900 },
  { rate: 4, name: ", CPU 4x slower", first: 1800, row: 2000 },
]) {
  test(`the first picture and the first row${name}`, async ({ watched }) => {
    const [pictures, rows]: [number[], number[]] = [[], []];
    // The first browser's process starts beside it: it does not count.
    for (let start = 0; start <= times(STARTS); start += 1) {
      const page = await watched(READER);
      await throttle(page, rate);
      await page.goto("/inbox");
      const { page: shown } = await paintedAt(page, "first row", 60_000);
      const picture = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime);
      if (start > 0 && picture !== undefined) {
        pictures.push(picture);
        rows.push(shown);
      }
      await page.context().close();
    }
    if (median(pictures) > median(rows)) throw new Error("a row was painted before anything was");
    await record(
      timing(`first picture with content${name}`, 50, pictures, { most: first, unit: " ms" }),
      timing(`first row of the inbox${name}`, 50, rows, { most: row, unit: " ms" }),
    );
  });
}
