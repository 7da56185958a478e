// Two agents, two browsers: from the click on "Claim for this case" in one to the other's unclaimed list saying that it is gone.
// A row that somebody else has taken stays four seconds to say so; what counts is the first picture in which it does, or is not there.
import { text } from "../../src/text/en";
import { expect, OTHER, openInbox, READER, ROW, test } from "./bench";
import { awaitPaint, paintedAt } from "./probe";
import { record, times, timing } from "./record";
import { numberOf, SHARED_CASES, SHARED_PEOPLE, sharedPlace } from "./town";

const CLAIMS = 20;

test("claimed here, gone there", async ({ watched, demo }) => {
  const [claimer, watcher] = [await watched(READER), await watched(OTHER)];
  const count = Math.min(SHARED_PEOPLE, times(CLAIMS));
  for (let at = 0; at < count; at += 1) await demo.text(`Who reads this? Number ${at}.`, numberOf(sharedPlace(at)));
  await openInbox(watcher, "?view=unclaimed");
  await claimer.goto(`/cases/${SHARED_CASES[0]}`);
  const samples: number[] = [];
  for (let at = count - 1; at >= 0; at -= 1) {
    const name = `Shared Person-${at}`;
    const body = `Who reads this? Number ${at}.`;
    const row = (open: string) => `${ROW}${open}`;
    const link = claimer.locator(ROW).filter({ hasText: body });
    await link.first().click();
    const claim = claimer.getByRole("button", { name: text.thread.claimForThisCase });
    await expect(claimer.getByRole("region", { name: new RegExp(`^Conversation with ${name}$`) })).toBeVisible();
    await expect(claim).toBeVisible();
    await expect(watcher.locator(row(":not([data-leaving])")).filter({ hasText: body })).toHaveCount(2);
    await awaitPaint(watcher, name, row(":not([data-leaving])"), body, true);
    const from = await claim.evaluate((button: HTMLElement) => {
      const now = performance.timeOrigin + performance.now();
      button.click();
      return now;
    });
    samples.push((await paintedAt(watcher, name)).wall - from);
  }
  await record(timing("claimed in one browser, gone in another", 95, samples, { most: 250, unit: " ms" }));
});
