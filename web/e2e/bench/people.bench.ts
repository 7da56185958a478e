// People of a case: how soon all fifty stand in the contacts panel, and how soon a witness's number is found by keyboard alone.
import { text } from "../../src/text/en";
import { expect, list, openInbox, READER, ROW, test } from "./bench";
import { awaitPaint, paintedAt } from "./probe";
import { QUICK, record, times, timing } from "./record";
import { PEOPLE, shownNumberOf, WITNESSES, witnessPlace } from "./town";

const CASES = 20;
const FIFTY = 50;
const PANEL = `section[aria-label="${text.cases.contactsHeading}"], [role=region]`;
const REQUIREMENT = { most: 500, unit: " ms", aim: 150 };

/** The last row there is once all fifty of a case are: this many, or one more with the witness. */
const lastRow = `li:nth-child(${FIFTY}) button[aria-pressed]`;

test("fifty contacts", async ({ watched }) => {
  const page = await watched(READER);
  const [opened, loaded]: [number[], number[]] = [[], []];
  // From a conversation of the inbox to its case, as a link within the app leads there; the first brings the code of the screen.
  const cases = Array.from({ length: times(CASES) + 1 }, (_, at) => `B-${PEOPLE / 50 - 1 - at}`);
  await page.goto("/cases");
  await page.waitForLoadState("networkidle");
  for (const [at, number] of cases.entries()) {
    await page.getByRole("searchbox").fill(number);
    const link = page.getByRole("link", { name: number, exact: true }).first();
    await expect(link).toBeVisible();
    await page.waitForLoadState("networkidle");
    await awaitPaint(page, "last row", lastRow);
    const from = await link.evaluate((one: HTMLElement) => {
      const now = performance.now();
      one.click();
      return now;
    });
    const { page: until } = await paintedAt(page, "last row");
    await expect(page.locator(PANEL).first()).toBeAttached();
    if (at > 0) opened.push(until - from);
    await page.goBack();
  }
  for (const number of cases.slice(1, 1 + times(5))) {
    await page.goto("/sign-in");
    await page.goto(`/cases/${number}`, { waitUntil: "commit" });
    await awaitPaint(page, "last row", lastRow);
    loaded.push((await paintedAt(page, "last row")).page);
  }
  await record(
    timing("panel with 50 contacts, opened in the app", 95, opened, REQUIREMENT),
    timing("panel with 50 contacts, page loaded anew", 50, loaded),
  );
});

test("a witness's number", async ({ watched }) => {
  const page = await watched(READER);
  await openInbox(page);
  await expect(list(page).locator(ROW).first()).toBeVisible();
  const samples: number[] = [];
  // The first brings the code of the palette: it counts as well, for so it is when one looks for the first time in a day.
  for (const [at, name] of WITNESSES.slice(0, QUICK ? 3 : WITNESSES.length).entries()) {
    const number = shownNumberOf(witnessPlace(at));
    await awaitPaint(page, number, "[role=option]", number);
    const from = await page.evaluate(() => performance.now());
    await page.keyboard.press("Control+k");
    await page.keyboard.type(name.slice(0, 4));
    samples.push((await paintedAt(page, number)).page - from);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  }
  await record(
    timing("a witness's number by Ctrl+K and four letters", 95, samples, { most: 3000, unit: " ms", aim: 300 }),
  );
});
