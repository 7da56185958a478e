// What every bench has: the demo on the large firm, people in browsers of their own with the probe in every page, and the list.
import type { Page } from "@playwright/test";
import { text } from "../../src/text/en";
import { Demo } from "../support/demo";
import { expect, test as journey } from "../support/test";
import { probe } from "./probe";

export { expect };

/** Who reads and may do everything that is measured, and somebody beside them who is on the shared cases. */
export const READER = "manager";
export const OTHER = "attorney";

type Fixtures = { watched: (user: string) => Promise<Page> };

export const test = journey.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  demo: async ({}, use) => {
    const demo = await Demo.start(process.env.CASEWIRE_BENCH_DATA);
    await use(demo);
    await demo.stop();
  },
  watched: async ({ person }, use) => {
    await use(async (user) => {
      const page = await person(user);
      await probe(page);
      return page;
    });
  },
});

/** The rows of the list that are drawn. */
export const ROW = "[data-conversation]";

export const list = (page: Page) => page.getByRole("list", { name: text.inbox.list });

/** Opens the inbox and waits until it is quiet. */
export async function openInbox(page: Page, query = ""): Promise<void> {
  await page.goto(`/inbox${query}`);
  await expect(page.locator(ROW).first()).toBeVisible();
  await page.waitForLoadState("networkidle");
}

/** Reads every page of the list into the page, and goes back to the top. */
export async function readWholeList(page: Page): Promise<number> {
  await openInbox(page);
  const length = await list(page).evaluate(async (ul) => {
    const scroller = ul.parentElement;
    const lengthSaid = () => Number(ul.querySelector("li")?.getAttribute("aria-setsize") ?? -1);
    while (scroller !== null && lengthSaid() < 0) {
      scroller.scrollTop = scroller.scrollHeight;
      await new Promise((wake) => setTimeout(wake, 20));
    }
    scroller?.scrollTo(0, 0);
    return lengthSaid();
  });
  await expect(page.locator('li[aria-posinset="1"]').locator(ROW)).toBeVisible();
  await page.waitForLoadState("networkidle");
  return length;
}
