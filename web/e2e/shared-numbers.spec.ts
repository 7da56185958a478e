// Requirement 1 in real browsers, several agents at once: a text that may belong to several cases is offered to all of them, and
// exactly one claims it; dismissing is personal; replying claims nothing; a session routes; moving moves.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import { expect, test } from "./support/test";

const list = (page: Page) => page.getByRole("list", { name: text.inbox.list });
const rows = (page: Page, body: string) => list(page).getByRole("listitem").filter({ hasText: body });
const thread = (page: Page) => page.getByRole("region", { name: /^Conversation with/ });
const banner = (page: Page) => thread(page).getByRole("region", { name: text.thread.bannerLabel });

async function openUnclaimed(page: Page, body: string, number: string): Promise<void> {
  await page.goto("/inbox?view=unclaimed");
  await rows(page, body).filter({ hasText: number }).first().getByRole("link").click();
  await expect(banner(page)).toBeVisible();
}

test("OMNI-002, 003: without a session it is shown as unclaimed in every candidate case, and says why", async ({
  person,
  demo,
}) => {
  await demo.text("I remember the color of the truck.");
  const attorney = await person("attorney");
  await attorney.goto("/inbox?view=unclaimed");
  for (const number of ["123", "456", "789"]) {
    const row = rows(attorney, "I remember the color").filter({ hasText: number });
    await expect(row).toContainText("Jane Doe - Witness");
    await expect(row).toContainText("Unclaimed");
  }
  await rows(attorney, "I remember the color").first().getByRole("link").click();
  await expect(banner(attorney)).toContainText("Unclaimed.");
  await expect(banner(attorney)).toContainText(
    "Jane Doe is a contact on 3 cases and nobody texted this number in the last 48 hours.",
  );
  await banner(attorney).getByRole("button", { name: text.thread.why }).click();
  const why = attorney.getByRole("dialog", { name: text.thread.routing.title });
  for (const number of ["123", "456", "789"]) await expect(why).toContainText(number);
  await expect(why).toContainText("Offered to 3 cases");
});

test("OMNI-004, 005: claimed in a case it leaves the other inboxes at once; the second claimer learns who was first", async ({
  person,
  demo,
  forgive,
}) => {
  forgive(/409/);
  await demo.text("I remember the color of the truck.");
  const [agent, paralegal, attorney] = [await person("agent"), await person("paralegal"), await person("attorney")];
  await paralegal.goto("/inbox?view=unclaimed");
  await expect(rows(paralegal, "I remember the color").first()).toBeVisible();
  await openUnclaimed(attorney, "I remember the color", "789");
  await agent.goto("/cases/456");
  await agent
    .getByRole("link", { name: /Jane Doe/ })
    .first()
    .click();
  await agent.getByRole("button", { name: "Claim for this case" }).click();
  await expect(thread(agent).getByText("Avery Quinn claimed this", { exact: false }).first()).toBeVisible();
  // In the inbox of everybody else it is gone from 123 and 789, within the four seconds for which a row stays to say so.
  await expect(rows(paralegal, "I remember the color").filter({ hasText: "789" })).toHaveCount(0);
  await expect(attorney.getByText(/Claimed by Avery Quinn for 456/).first()).toBeVisible();
  const conversations = await (await demo.api("attorney")).get("/api/omnichannel/conversations/?view=unclaimed");
  expect(conversations.items.filter((one: { preview: string }) => one.preview.includes("color"))).toHaveLength(0);
});

test("OMNI-004: a claim that comes second is told who won, in the banner", async ({ person, demo, forgive }) => {
  forgive(/409/);
  await demo.text("I remember the color of the truck.");
  const attorney = await person("attorney");
  await openUnclaimed(attorney, "I remember the color", "789");
  // The race: the server has a winner, and this browser has not been told yet.
  await attorney.context().route(/\/claim\/?$/, async (route) => {
    const api = await demo.api("agent");
    const id = /messages\/(msg_[0-9a-f]+)\/claim/.exec(route.request().url())?.[1];
    await api.post(`/api/omnichannel/messages/${id}/claim/`, { case_id: "456" });
    await route.continue();
  });
  await banner(attorney)
    .getByRole("button", { name: new RegExp(`${text.thread.claimForCase("789")}|^789`) })
    .first()
    .click();
  await expect(attorney.getByText(/Claimed by Avery Quinn for 456/).first()).toBeVisible();
  await expect(
    attorney
      .getByRole("button", { name: text.thread.ok })
      .or(attorney.getByRole("link", { name: text.thread.openThatCase }))
      .first(),
  ).toBeVisible();
});

test("OMNI-001, 002: a text sent from a case routes the answer to that case alone", async ({ person, demo }) => {
  const paralegal = await person("paralegal");
  await paralegal.goto("/cases/789");
  await paralegal.getByRole("button", { name: text.contacts.textTo("Jane Doe") }).click();
  await paralegal.getByRole("textbox", { name: /Text to|Write/ }).fill("Could you call us about the site visit?");
  await paralegal.keyboard.press("Control+Enter");
  await expect(thread(paralegal).getByText("Delivered").last()).toBeVisible();
  await demo.text("Yes, this afternoon.");
  await expect(thread(paralegal).getByText("Yes, this afternoon.").first()).toBeVisible();
  const attorney = await demo.api("attorney");
  for (const number of ["123", "456"]) {
    const listed = await attorney.get(`/api/omnichannel/conversations/?case_id=${number}`);
    expect(JSON.stringify(listed)).not.toContain("Yes, this afternoon.");
  }
  // Two days and a second later nothing is presumed any more.
  await demo.advance(48 * 3600 + 1);
  await demo.text("One more thing.");
  await expect
    .poll(async () => {
      const unclaimed = await attorney.get("/api/omnichannel/conversations/?view=unclaimed");
      return unclaimed.items.filter((one: { preview: string }) => one.preview === "One more thing.").length;
    })
    .toBe(3);
});

test("a reply claims nothing, and says so", async ({ person, demo }) => {
  await demo.text("I remember the color of the truck.");
  const agent = await person("agent");
  await openUnclaimed(agent, "I remember the color", "123");
  await expect(agent.getByText("Replying does not claim this message.")).toBeVisible();
  await agent.getByRole("textbox", { name: /Text to|Write/ }).fill("Which matter is it about?");
  await agent.keyboard.press("Control+Enter");
  await expect(thread(agent).getByText("Which matter is it about?")).toBeVisible();
  await expect(banner(agent)).toBeVisible();
  await demo.text("The one about the truck.");
  const attorney = await demo.api("attorney");
  await expect
    .poll(async () => {
      const unclaimed = await attorney.get("/api/omnichannel/conversations/?view=unclaimed");
      return unclaimed.items.filter((one: { preview: string }) => one.preview === "The one about the truck.").length;
    })
    .toBe(3);
});

test("OMNI-006: dismissing hides it from oneself alone, and can be undone", async ({ person, demo }) => {
  await demo.text("I remember the color of the truck.");
  const [agent, attorney] = [await person("agent"), await person("attorney")];
  await attorney.goto("/inbox?view=unclaimed");
  await openUnclaimed(agent, "I remember the color", "123");
  await banner(agent).getByRole("button", { name: "Dismiss" }).click();
  await expect(agent.getByText("Dismissed from your inbox. Others still see it.").first()).toBeVisible();
  await expect(rows(agent, "I remember the color").filter({ hasText: "123" })).toHaveCount(0);
  await expect(rows(attorney, "I remember the color").filter({ hasText: "123" })).toBeVisible();
  await agent.goto("/inbox?view=dismissed");
  await rows(agent, "I remember the color").first().getByRole("link").click();
  await thread(agent).getByRole("button", { name: text.thread.undismiss }).first().click();
  await agent.goto("/inbox?view=unclaimed");
  await expect(rows(agent, "I remember the color").filter({ hasText: "123" })).toBeVisible();
});

test("OMNI-007: a claimed text is moved to another case, with its history", async ({ person, demo }) => {
  await demo.text("I remember the color of the truck.");
  const attorney = await person("attorney");
  await openUnclaimed(attorney, "I remember the color", "123");
  await banner(attorney)
    .getByRole("button", { name: new RegExp(`${text.thread.claimForCase("123")}|^123`) })
    .first()
    .click();
  await expect(
    thread(attorney)
      .getByText(/Jordan Blake claimed this/)
      .first(),
  ).toBeVisible();
  await thread(attorney).getByText("I remember the color of the truck.").first().hover();
  await thread(attorney).getByRole("button", { name: text.thread.messageActions }).last().click();
  await attorney.getByRole("menuitem", { name: text.thread.move }).click();
  const dialog = attorney.getByRole("dialog", { name: text.thread.moveTitle });
  await dialog.getByRole("combobox", { name: text.thread.caseField }).fill("789");
  await attorney.getByRole("option", { name: /789/ }).first().click();
  await dialog.getByRole("button", { name: text.thread.moveButton, exact: true }).click();
  await expect(attorney.getByText(text.thread.movedToast("789")).first()).toBeVisible();
  const api = await demo.api("attorney");
  const there = await api.get("/api/omnichannel/conversations/?case_id=789");
  expect(JSON.stringify(there)).toContain("I remember the color");
  const before = await api.get("/api/omnichannel/conversations/?case_id=123");
  expect(before.items.every((one: { preview: string }) => !one.preview.includes("I remember the color"))).toBe(true);
  await attorney.goto("/cases/789");
  await attorney
    .getByRole("link", { name: /Jane Doe/ })
    .first()
    .click();
  await expect(thread(attorney).getByText("Jordan Blake moved this here from 123").first()).toBeVisible();
});

test("dismissed by everybody it stands in Needs attention, for those who oversee", async ({ person, demo }) => {
  await demo.text("I remember the color of the truck.");
  const manager = await demo.api("manager");
  const unclaimed = async () =>
    (await manager.get("/api/omnichannel/conversations/?view=unclaimed")).items.filter((one: { preview: string }) =>
      one.preview.includes("color"),
    );
  await expect.poll(async () => (await unclaimed()).length).toBe(3);
  const items = await manager.get(`/api/omnichannel/conversations/${(await unclaimed())[0].id}/items/?limit=1`);
  const id = items.items[0].message.id;
  for (const user of ["agent", "paralegal", "attorney", "supervisor", "manager"]) {
    const api = await demo.api(user);
    for (const number of ["123", "456", "789"])
      await api.ask("POST", `/api/omnichannel/messages/${id}/dismiss/`, { case_id: number });
  }
  const page = await person("manager");
  await page.goto("/inbox?view=attention");
  await expect(rows(page, "I remember the color").first()).toBeVisible();
  await rows(page, "I remember the color").first().getByRole("link").click();
  await expect(page.getByText(text.thread.attention.dismissed_by_all).first()).toBeVisible();
});

test("features 2, 5 and 6: long texts go in parts, the primary number is chosen, names stand where numbers would", async ({
  person,
  demo,
}) => {
  const agent = await person("agent");
  await agent.goto("/cases/456");
  await agent.getByRole("button", { name: text.contacts.textTo("Maria Lopez") }).click();
  await expect(agent.getByRole("combobox", { name: text.composer.toLabel })).toContainText("mobile");
  const long = "The deposition is on Thursday at ten. ".repeat(30).trim();
  await agent.getByRole("textbox", { name: /Text to|Write/ }).fill(long);
  await expect(agent.getByText("Will be sent as 2 messages of up to 999 characters, in order.")).toBeVisible();
  await agent.keyboard.press("Control+Enter");
  await expect
    .poll(async () => {
      const got = (await demo.handset("+12125550126"))
        .map((one) => one.body)
        .filter((body) => body.includes("deposition"));
      return got.length === 2 ? got.join("") === long : got.length;
    })
    .toBe(true);
  await agent.goto("/inbox");
  await expect(rows(agent, "The deposition is on Thursday").first()).toContainText("Maria Lopez");
});
