// Calls as people see them: the requirement's row "Call case contact", steps 5 to 8 of its journey, calls that come in, transfer,
// wrap-up, a blocked microphone, a reload, the phone in another tab, and the keyboard alone.
import { text } from "../src/text/en";
import { bar, callSmith, incoming, outside, SMITH, smithCalls, soundOptions, w, withPhone } from "./support/calls";
import type { Demo } from "./support/demo";
import { blockMicrophone, giveVoice } from "./support/sound";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./support/test";

test.use({ launchOptions: soundOptions });
// A machine without a sound card says so; what is received is measured all the same.
test.beforeEach(({ forgive }) => forgive(/AudioContext encountered an error/));
test.describe.configure({ timeout: 180_000 });

/** So that a call from Jane Smith rings at Avery. */
async function textSmith(demo: Demo): Promise<void> {
  const api = await demo.api("agent");
  const links = (await api.get("/api/cases/123/contacts/")).items;
  const smith = links.find((one: { contact: { name: string } }) => one.contact.name === "Jane Smith");
  await api.post("/api/omnichannel/messages/", { case_id: "123", case_contact_id: smith.id, body: "Please call us." });
}

test("Call case contact: the softphone opens, tagged with the case and the role; the call is logged beside the texts", async ({
  person,
  demo,
}) => {
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  const handsets = await outside(person, demo);
  await agent.getByRole("button", { name: w.callTo("Jane Smith"), exact: true }).click();
  await expect(bar(agent)).toContainText("Jane Smith - Witness");
  await expect(bar(agent)).toContainText("123 · Roe v. Harbor Freight Lines");
  await expect(bar(agent)).toContainText(w.state.ringing);
  await expectAccessible(agent, "a call that rings");
  await handsets.getByRole("button", { name: "Answer as Jane Smith" }).click();
  await expect(bar(agent)).toContainText(w.state.talking);
  await expect(bar(agent).getByRole("timer")).toContainText("0:0");
  await expectAccessible(agent, "a call");

  await bar(agent).getByRole("button", { name: w.hangUp }).click();
  const form = agent.getByRole("region", { name: w.wrapUpOf("Jane Smith - Witness") });
  await expect(form).toBeVisible();
  await expectAccessible(agent, "wrap-up");
  await form.getByRole("button", { name: w.saveWrapUp }).click();
  await expect(form.getByText(w.outcomeRequired)).toBeVisible();
  await form.getByRole("combobox", { name: w.outcome }).click();
  await agent.getByRole("option", { name: "Spoke with contact" }).click();
  await form.getByRole("textbox", { name: new RegExp(w.note) }).fill("Has the photographs. Sends them on Thursday.");
  await form.getByRole("button", { name: w.saveWrapUp }).click();
  await expect(form).toHaveCount(0);

  const inbox = agent.getByRole("region", { name: text.cases.inboxHeading });
  const row = inbox.getByRole("listitem").filter({ hasText: "Jane Smith" });
  await expect(row).toContainText(w.callOut);
  await row.getByRole("link").first().click();
  const entry = agent.getByRole("article", { name: w.entryOf(w.callOut, "Jane Smith - Witness") });
  await expect(entry).toContainText("Spoke with contact");
  await expect(entry).toContainText("Has the photographs.");
  await expect(entry).toContainText(w.byAgent("Avery Quinn"));
  await expectAccessible(agent, "a call in a conversation");

  const calls = (await (await demo.api("agent")).get("/api/calls/?view=history&case_id=123")).items;
  expect(calls[0]).toMatchObject({ matter_id: "123", status: "completed", disposition: "spoke" });
  expect(calls[0].person).toMatchObject({ role: "Witness", name: "Jane Smith" });
  expect(calls[0].person.case_contact_id).toBeTruthy();
});

test("of several numbers one is chosen, the primary one marked", async ({ person, demo }) => {
  const agent = await withPhone(person, "agent", "agent", "/cases/456");
  await agent.getByRole("button", { name: w.callTo("Maria Lopez"), exact: true }).click();
  const dialog = agent.getByRole("dialog");
  await expect(dialog.getByRole("radio")).toHaveCount(3);
  await expect(dialog.getByRole("radio").first()).toBeChecked();
  await expect(dialog).toContainText(w.primaryMark);
  await expectAccessible(agent, "choosing a number to call");
  await dialog.getByText("work").click();
  await dialog.getByRole("button", { name: w.call, exact: true }).click();
  await expect(bar(agent)).toContainText("Maria Lopez - Client");
  await expect.poll(async () => (await demo.phone("+12125550127"))?.state).toBe("ringing");
  await bar(agent).getByRole("button", { name: w.giveUp }).click();
  await expect(bar(agent)).toHaveCount(0);
});

test("a call that comes in says who it is, on which case and as what; declined, it goes to voicemail", async ({
  person,
  demo,
}) => {
  await textSmith(demo);
  const agent = await withPhone(person, "agent", "agent", "/inbox");
  const handsets = await outside(person, demo);
  await expect.poll(async () => (await (await demo.api("agent")).get("/api/agents/")).items[0]?.status).toBeTruthy();
  await smithCalls(handsets);
  const card = incoming(agent, /Incoming call from Jane Smith/);
  await expect(card).toContainText("Jane Smith");
  await expect(card).toContainText("123 · Roe v. Harbor Freight Lines");
  await expect(card).toContainText("Witness");
  await expect(card).toContainText("Please call us.");
  await expectAccessible(agent, "a call that comes in");
  await card.getByRole("button", { name: w.decline }).click();
  await expect(card).toHaveCount(0);
  await handsets.waitForTimeout(4_000);
  await handsets.getByRole("button", { name: "Hang up" }).first().click();
  await agent.goto("/phone");
  await agent.getByRole("button", { name: w.page.filters.voicemail }).click();
  const rows = agent.getByRole("region", { name: w.page.recents }).getByRole("listitem");
  await expect(rows.first()).toContainText(w.voicemailOf);
  await expect(rows.first().getByRole("group", { name: w.voicemailPlayer })).toBeVisible({ timeout: 30_000 });
  await rows.first().getByRole("button", { name: w.play }).click();
  await expect(rows.first().getByRole("button", { name: w.pause })).toBeVisible();
  await expectAccessible(agent, "the page of the phone");
});

test("answered, the agent says which case it is about", async ({ person, demo }) => {
  await textSmith(demo);
  const agent = await withPhone(person, "agent", "agent", "/inbox");
  const handsets = await outside(person, demo);
  await smithCalls(handsets);
  await incoming(agent, /Jane Smith/)
    .getByRole("button", { name: w.answer })
    .click();
  await expect(bar(agent)).toContainText(w.state.talking);
  await bar(agent).getByRole("button", { name: w.chooseCase }).click();
  const dialog = agent.getByRole("dialog");
  await dialog.getByText("123 · Roe v. Harbor Freight Lines").click();
  await expectAccessible(agent, "choosing the case of a call");
  await dialog.getByRole("button", { name: w.fileIn }).click();
  await expect(bar(agent)).toContainText("Jane Smith - Witness");
  await expect(bar(agent)).toContainText("123 · Roe");
  await handsets.getByRole("button", { name: "Hang up" }).first().click();
  await expect(bar(agent)).toHaveCount(0);
  const calls = (await (await demo.api("agent")).get("/api/calls/?view=history&case_id=123")).items;
  expect(calls[0]).toMatchObject({ direction: "inbound", matter_id: "123", status: "completed" });
});

test("a blocked microphone: nobody's phone rings, the page says what to do, and it goes on once it is allowed", async ({
  person,
  demo,
}) => {
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  await expect(agent.getByRole("button", { name: w.callTo("Jane Smith"), exact: true })).toBeVisible();
  await agent.waitForTimeout(1_500);
  await blockMicrophone(agent, true);
  await agent.getByRole("button", { name: w.callTo("Jane Smith"), exact: true }).click();
  const dialog = agent.getByRole("alertdialog");
  await expect(dialog).toContainText(w.obstacle.blocked.title);
  await expectAccessible(agent, "a blocked microphone");
  expect(await demo.phone(SMITH)).toBeUndefined();
  await blockMicrophone(agent, false);
  await dialog.getByRole("button", { name: w.tryAgain }).click();
  await expect.poll(async () => (await demo.phone(SMITH))?.state).toBe("ringing");
});

test("a microphone that is refused in mid-call is told, and comes back", async ({ person, demo }) => {
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  const handsets = await outside(person, demo);
  await callSmith(agent, handsets);
  await agent.addInitScript(() => {
    window.casewireEars.isBlocked = sessionStorage.getItem("blocked") === "yes";
  });
  await agent.evaluate(() => sessionStorage.setItem("blocked", "yes"));
  await agent.reload();
  await expect(bar(agent)).toContainText(w.obstacle.blocked.title);
  await expectAccessible(agent, "a call without a microphone");
  await blockMicrophone(agent, false);
  await bar(agent).getByRole("button", { name: w.tryAgain }).click();
  await expect(bar(agent).getByText(w.obstacle.blocked.title)).toHaveCount(0);
});

test("one phone per person: a second tab says where it is, and can take it", async ({ person, demo }) => {
  const agent = await withPhone(person, "agent", "agent", "/phone");
  await expect(agent.getByText(w.place.here)).toBeVisible();
  const second = await agent.context().newPage();
  await giveVoice(second, "agent");
  await second.goto("/phone");
  await expect(second.getByText(w.place.other_tab)).toBeVisible();
  await expectAccessible(second, "a phone in another tab");
  await second.getByRole("button", { name: w.takeHere }).click();
  await expect(second.getByText(w.place.here)).toBeVisible();
  await expect(agent.getByText(w.place.other_tab)).toBeVisible();
  await second.close();
  await expect(agent.getByText(w.place.here)).toBeVisible();

  const elsewhere = await withPhone(person, "agent", "agent", "/phone");
  await expect(elsewhere.getByText(w.place.other_browser)).toBeVisible();
  await elsewhere.getByRole("button", { name: w.takeHere }).click();
  await expect(elsewhere.getByText(w.place.here)).toBeVisible();
  await expect(agent.getByText(w.place.other_browser)).toBeVisible();

  // A call that is placed here is carried out there.
  await agent.goto("/cases/123");
  await agent.getByRole("button", { name: w.callTo("Jane Smith"), exact: true }).click();
  await expect.poll(async () => (await demo.phone(SMITH))?.state).toBe("ringing");
  await expect(bar(elsewhere)).toContainText("Jane Smith - Witness");
  await expect(bar(agent)).toContainText(w.elsewhereHint);
  await bar(agent).getByRole("button", { name: w.giveUp }).click();
  await expect(bar(elsewhere)).toHaveCount(0);
});

test("the case view inside another system calls by the one phone, and says so where none is open", async ({
  person,
  demo,
  forgive,
}) => {
  forgive(/409/);
  const host = await person("stranger");
  await host.goto(`${demo.sandbox}/host#123`);
  const frame = host.frameLocator("iframe");
  await frame.getByRole("button", { name: w.callTo("Jane Smith"), exact: true }).click();
  await expect(frame.getByRole("alertdialog")).toContainText(w.noSoftphoneTitle);
  await frame.getByRole("button", { name: text.shell.close }).click();

  const agent = await withPhone(person, "agent", "agent", "/phone");
  await expect(agent.getByText(w.place.here)).toBeVisible();
  await frame.getByRole("button", { name: w.callTo("Jane Smith"), exact: true }).click();
  await expect(bar(agent)).toContainText("Jane Smith - Witness");
  await expect(frame.getByRole("region", { name: w.bar, exact: true })).toContainText(w.otherLine);
  await expect.poll(async () => (await demo.phone(SMITH))?.state).toBe("ringing");
  await bar(agent).getByRole("button", { name: w.giveUp }).click();
  await expect(frame.getByRole("region", { name: w.bar, exact: true })).toHaveCount(0);
});

test("by keyboard alone: call from the palette, mute, hold, keys, end, wrap up", async ({ person, demo }) => {
  const agent = await withPhone(person, "agent", "agent", "/inbox");
  const handsets = await outside(person, demo);
  await expect(agent.getByRole("list", { name: text.inbox.list })).toBeVisible();
  await agent.waitForTimeout(1_500);
  await agent.keyboard.press("Control+k");
  await agent.keyboard.type("jane smith");
  await expect(agent.getByRole("option", { name: w.command.callNamed("Jane Smith") })).toBeVisible();
  for (let turn = 0; turn < 12; turn += 1) {
    const chosen = await agent
      .getByRole("option", { name: w.command.callNamed("Jane Smith") })
      .getAttribute("data-highlighted");
    if (chosen !== null) break;
    await agent.keyboard.press("ArrowDown");
  }
  await agent.keyboard.press("Enter");
  await expect(bar(agent)).toContainText("Jane Smith");
  await handsets.getByRole("button", { name: "Answer as Jane Smith" }).press("Enter");
  await expect(bar(agent)).toContainText(w.state.talking);
  await agent.keyboard.press("Alt+Shift+M");
  await expect(bar(agent).getByRole("button", { name: w.muted })).toBeVisible();
  await agent.keyboard.press("Alt+Shift+M");
  await expect(bar(agent).getByRole("button", { name: w.mute })).toBeVisible();
  await agent.keyboard.press("Alt+Shift+H");
  await expect(bar(agent)).toContainText(w.state.held);
  await agent.keyboard.press("Alt+Shift+H");
  await expect(bar(agent)).toContainText(w.state.talking);
  for (let turn = 0; turn < 8; turn += 1) {
    await agent.keyboard.press("F6");
    const region = await agent.evaluate(() =>
      document.activeElement?.closest("[data-region]")?.getAttribute("data-region"),
    );
    if (region === "call-bar") break;
  }
  await expect(bar(agent).or(bar(agent).locator(":focus")).first()).toBeFocused();
  await bar(agent).getByRole("button", { name: w.keypad }).press("Enter");
  await expect(agent.getByRole("dialog", { name: w.keypadTitle })).toBeVisible();
  await expectAccessible(agent, "the keypad");
  await agent.keyboard.press("1");
  await agent.keyboard.press("#");
  await expect(agent.getByLabel(w.pressed)).toHaveText("1#");
  await agent.keyboard.press("Escape");
  await agent.keyboard.press("Alt+Shift+X");
  const form = agent.getByRole("region", { name: /^Wrap up the call/ });
  await expect(form).toBeVisible();
  await form.getByRole("button", { name: w.later }).press("Enter");
  await expect(form).toHaveCount(0);
});

test("narrow: a call, a call that comes in and its wrap-up fit 320 pixels", async ({ person, demo }) => {
  await textSmith(demo);
  const agent = await person("agent", { narrow: true });
  await giveVoice(agent, "agent");
  await agent.setViewportSize({ width: 320, height: 720 });
  await agent.goto("/inbox");
  const handsets = await outside(person, demo);
  await smithCalls(handsets);
  const card = incoming(agent, /Jane Smith/);
  await expect(card).toBeVisible();
  await expectNoSidewaysScroll(agent, "a call that comes in at 320");
  await card.getByRole("button", { name: w.answer }).click();
  await expect(bar(agent)).toContainText(w.state.talking);
  await expectNoSidewaysScroll(agent, "a call at 320");
  await expectAccessible(agent, "a narrow call");
  await bar(agent).getByRole("button", { name: w.hangUp }).click();
  await expect(agent.getByRole("region", { name: /^Wrap up the call/ })).toBeVisible();
  await expectNoSidewaysScroll(agent, "wrap-up at 320");
});
