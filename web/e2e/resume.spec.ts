// After sleep, loss of the network, a crash of the server and a long gap, what a page shows is what a fresh page shows.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import { expect, test } from "./support/test";

/** What the list and the open thread say, as a person reads them. Ages of texts may differ by a minute, so times are left out. */
async function shown(page: Page): Promise<string> {
  return await page.evaluate(() => {
    const copy = document.querySelector("main")?.cloneNode(true);
    if (!(copy instanceof Element)) return "";
    for (const time of copy.querySelectorAll("time, [aria-live], [role=status]")) time.remove();
    return [...copy.querySelectorAll("li, [role=tab], h1, h2")]
      .map((one) => (one.textContent ?? "").replace(/\s+/g, " ").trim())
      .join("\n");
  });
}

async function expectAsFresh(page: Page, fresh: Page): Promise<void> {
  await fresh.goto(new URL(page.url()).pathname + new URL(page.url()).search);
  await expect(fresh.getByRole("list", { name: text.inbox.list })).toBeVisible();
  await expect.poll(async () => (await shown(page)) === (await shown(fresh)), { timeout: 30_000 }).toBe(true);
}

test("a network that was away: nothing is missing and nothing is there twice", async ({ person, demo, forgive }) => {
  forgive(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  const page = await person("attorney");
  const fresh = await person("attorney");
  await page.goto("/inbox");
  await expect(page.getByRole("list", { name: text.inbox.list })).toBeVisible();
  await page.context().setOffline(true);
  await demo.text("While the network was away.");
  await demo.text("And another one.", "+12125550124");
  const api = await demo.api("attorney");
  await expect
    .poll(async () => JSON.stringify(await api.get("/api/omnichannel/conversations/")).includes("And another one."))
    .toBe(true);
  await page.context().setOffline(false);
  await expect(page.getByRole("list", { name: text.inbox.list }).getByText("And another one.").first()).toBeVisible({
    timeout: 40_000,
  });
  await expectAsFresh(page, fresh);
});

test("a crash of the server: the page says so, comes back by itself, and has what came meanwhile", async ({
  person,
  demo,
  forgive,
}) => {
  forgive(/ERR_CONNECTION_REFUSED|WebSocket|ERR_EMPTY_RESPONSE|ERR_CONNECTION_RESET/);
  // Until the killed server's lease of the voice engine has run out, no server carries calls, and says so.
  forgive(/409.*\/api\/softphones/);
  const page = await person("attorney");
  const fresh = await person("attorney");
  await page.goto("/inbox");
  await expect(page.getByRole("list", { name: text.inbox.list })).toBeVisible();
  await demo.crash();
  await expect(page.getByText(/Reconnecting\./).first()).toBeVisible();
  await demo.resume();
  await demo.text("After the crash.");
  await expect(page.getByRole("list", { name: text.inbox.list }).getByText("After the crash.").first()).toBeVisible({
    timeout: 60_000,
  });
  await expect(page.getByText(/Reconnecting\./)).toHaveCount(0);
  await expectAsFresh(page, fresh);
});

test("ten thousand events while a page slept", async ({ person, demo, forgive }) => {
  test.setTimeout(600_000);
  forgive(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  const page = await person("attorney");
  const fresh = await person("attorney");
  await page.goto("/inbox");
  await expect(page.getByRole("list", { name: text.inbox.list })).toBeVisible();
  await page.context().setOffline(true);
  const api = await demo.api("manager");
  // An unclaimed text of three cases, taken and given back: six events a turn, and the same end as beginning.
  await demo.text("Taken and given back.");
  const unclaimed = async () =>
    (await api.get("/api/omnichannel/conversations/?view=unclaimed")).items.find(
      (one: { preview: string }) => one.preview === "Taken and given back.",
    );
  await expect.poll(async () => (await unclaimed()) !== undefined).toBe(true);
  const items = await api.get(`/api/omnichannel/conversations/${(await unclaimed()).id}/items/?limit=1`);
  const id = items.items[0].message.id;
  for (let turn = 0; turn < 1700; turn += 1) {
    await api.ask("POST", `/api/omnichannel/messages/${id}/claim/`, { case_id: "123" });
    await api.ask("POST", `/api/omnichannel/messages/${id}/release/`);
  }
  await demo.text("The last of ten thousand.", "+12125550124");
  await page.context().setOffline(false);
  await expect(
    page.getByRole("list", { name: text.inbox.list }).getByText("The last of ten thousand.").first(),
  ).toBeVisible({ timeout: 60_000 });
  await expectAsFresh(page, fresh);
});
