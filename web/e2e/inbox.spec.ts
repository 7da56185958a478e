// What an agent does in the inbox all day: search by name, case and text, move a text with its history, bring back what was dismissed,
// write to somebody who opted out, keep a draft, and be warned when the thread went on meanwhile.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import { JANE } from "./support/demo";
import { expect, test } from "./support/test";

const list = (page: Page) => page.getByRole("list", { name: text.inbox.list });
const thread = (page: Page) => page.getByRole("region", { name: /^Conversation with/ });
const field = (page: Page) => page.getByRole("textbox", { name: /Text to|Write/ });
const OTHER = "+12125550124";

async function openFirst(page: Page, name: RegExp): Promise<void> {
  await page.goto("/inbox");
  await list(page).getByRole("link", { name }).first().click();
  await expect(thread(page)).toBeVisible();
}

test("search finds by name, by case number and by what was said, and says so where nothing is", async ({
  person,
  demo,
}) => {
  await demo.text("The zebra crossing was out of order.", OTHER);
  const page = await person("attorney");
  await page.goto("/inbox");
  const search = page.getByRole("searchbox", { name: text.inbox.search });
  for (const [asked, shown] of [
    ["Jane Smith", /Jane Smith/],
    ["zebra crossing", /zebra crossing/],
  ] as const) {
    await search.fill(asked);
    await expect(list(page).getByRole("link").first()).toHaveText(shown);
  }
  await search.fill("456");
  await expect(list(page).getByRole("link").first()).toContainText("456");
  await search.fill("no such words anywhere");
  await expect(page.getByText(text.inbox.noMatch)).toBeVisible();
  await page.getByRole("button", { name: text.inbox.clearFilters }).click();
  await expect(list(page).getByRole("link").first()).toBeVisible();
  await page.getByRole("button", { name: text.inbox.filters }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: text.inbox.filter.role }).click();
  await page.getByRole("option", { name: "Witness", exact: true }).click();
  await page.keyboard.press("Escape");
  await expect(page).toHaveURL(/role=/);
  await expect(page.getByRole("button", { name: text.inbox.removeFilter("Witness") })).toBeVisible();
});

test("a dismissed text is in the Dismissed view, and the toast takes it back", async ({ person, demo }) => {
  await demo.text("Dismiss me, please.");
  const page = await person("agent");
  await page.goto("/inbox?view=unclaimed");
  await list(page)
    .getByRole("link", { name: /Dismiss me/ })
    .first()
    .click();
  await thread(page).getByRole("button", { name: "Dismiss", exact: true }).first().click();
  await expect(page.getByText(text.thread.dismissedToast).first()).toBeVisible();
  const api = await demo.api("agent");
  const dismissed = async () => (await api.get("/api/omnichannel/conversations/?view=dismissed")).items.length;
  await expect.poll(dismissed).toBeGreaterThan(0);
  await page.getByRole("button", { name: text.shell.undo }).first().click();
  await expect(thread(page).getByRole("region", { name: text.thread.bannerLabel })).toBeVisible();
  await expect.poll(dismissed).toBe(0);
});

test("whoever opted out cannot be written to, and the composer says why", async ({ person, demo }) => {
  await demo.text("Hello from another phone", OTHER);
  await demo.text("STOP", OTHER);
  const page = await person("attorney");
  await openFirst(page, /Jane Smith/);
  await expect(
    thread(page)
      .getByText(/opted out of texts/)
      .first(),
  ).toBeVisible();
  await expect(page.getByRole("button", { name: text.composer.send, exact: true })).toBeDisabled();
  await demo.text("START", OTHER);
  await page.reload();
  await expect(thread(page).getByText(/opted out of texts/)).toHaveCount(0);
});

test("a draft is kept across a reload, shown in the list, and warned about when the thread went on", async ({
  person,
  demo,
}) => {
  await demo.text("First of all", OTHER);
  const page = await person("attorney");
  await openFirst(page, /Jane Smith/);
  await field(page).fill("I will look into");
  await page.reload();
  await expect(field(page)).toHaveValue("I will look into");
  await expect(list(page).getByText("I will look into").first()).toBeVisible();
  await demo.text("And one more thing", OTHER);
  await expect(page.getByText(text.composer.changed(1)).first()).toBeVisible();
  await field(page).press("Control+Enter");
  await expect(
    page
      .getByRole("button", { name: text.composer.sendAgain })
      .or(page.getByRole("button", { name: text.composer.send, exact: true }))
      .first(),
  ).toBeVisible();
  await field(page).press("Control+Enter");
  await expect.poll(async () => (await demo.handset(OTHER)).some((one) => one.body === "I will look into")).toBe(true);
  await expect(field(page)).toHaveValue("");
});

test("a moved text says from where and by whom, in the thread and in its receipt", async ({ person, demo }) => {
  await demo.text("Which case is this about?", JANE);
  const page = await person("attorney");
  await page.goto("/inbox?view=unclaimed");
  await list(page)
    .getByRole("link", { name: /Which case/ })
    .filter({ hasText: "456" })
    .first()
    .click();
  const api = await demo.api("attorney");
  const unclaimed = (await api.get("/api/omnichannel/conversations/?view=unclaimed&case_id=456")).items[0];
  const item = (await api.get(`/api/omnichannel/conversations/${unclaimed.id}/items/`)).items.at(-1).message;
  await api.post(`/api/omnichannel/messages/${item.id}/claim/`, { case_id: "456" });
  await expect(
    thread(page)
      .getByText(/claimed this/i)
      .first(),
  ).toBeVisible();
  const moved = await api.post(`/api/omnichannel/messages/${item.id}/move/`, { case_id: "123" });
  await page.goto(`/inbox?conv=${moved.conversation_id}`);
  await expect(
    thread(page)
      .getByText(/moved this here from 456/)
      .first(),
  ).toBeVisible();
  const history = await api.get(`/api/omnichannel/messages/${item.id}/routing/`);
  expect(history.history.length).toBeGreaterThanOrEqual(2);
});
