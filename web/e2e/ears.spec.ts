// Who hears whom, with real sound in real browsers: an agent (440 Hz), somebody outside (660 Hz), a supervisor (880 Hz) and a second
// one (1100 Hz), and the spectrum of what each of them receives, over every switch, a reload, a lost socket, hold, mute, a transfer
// and a right that is taken away.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import {
  bar,
  callSmith,
  expectHears,
  incoming,
  outside,
  smithCalls,
  soundOptions,
  w,
  withPhone,
} from "./support/calls";
import { microphonesOpened } from "./support/sound";
import { expect, test } from "./support/test";

test.use({ launchOptions: soundOptions });
// A machine without a sound card says so; what is received is measured all the same.
test.beforeEach(({ forgive }) => forgive(/AudioContext encountered an error/));
test.describe.configure({ timeout: 240_000 });

const words = text.supervisor;
const mode = (page: Page, name: string) => page.getByRole("radio", { name, exact: true });

async function listenIn(supervisor: Page): Promise<void> {
  await supervisor.getByRole("button", { name: /^Listen to Avery Quinn/ }).click();
  await expect(supervisor.getByText(words.hears.listen)).toBeVisible();
}

async function switchTo(supervisor: Page, name: "Listen" | "Whisper" | "Barge"): Promise<void> {
  await mode(supervisor, name).click();
  await expect(mode(supervisor, name)).toBeChecked();
}

test("agent and outside party hear each other, and nobody while held or muted", async ({ person, demo }) => {
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  const handsets = await outside(person, demo);
  await callSmith(agent, handsets);
  await expectHears(agent, "the agent", ["outside"]);
  await expectHears(handsets, "the outside party", ["agent"]);

  await bar(agent).getByRole("button", { name: w.mute }).click();
  await expect(bar(agent).getByRole("button", { name: w.muted })).toBeVisible();
  await expectHears(handsets, "the outside party of a muted agent", []);
  await expectHears(agent, "the muted agent", ["outside"]);
  await bar(agent).getByRole("button", { name: w.muted }).click();
  await expectHears(handsets, "the outside party, unmuted again", ["agent"]);

  await bar(agent).getByRole("button", { name: w.hold }).click();
  await expect(bar(agent)).toContainText(w.state.held);
  await expectHears(agent, "the agent of a held call", []);
  const held = await import("./support/sound").then(({ listen }) => listen(handsets));
  expect(held.agent, "the held party hears the agent").toBeLessThanOrEqual(-60);
  await bar(agent).getByRole("button", { name: w.resume }).click();
  await expectHears(handsets, "the outside party, off hold", ["agent"]);
  await expectHears(agent, "the agent, off hold", ["outside"]);
});

test("a reload and a lost socket do not end the sound for long", async ({ person, demo, forgive }) => {
  forgive(/ERR_INTERNET_DISCONNECTED|WebSocket/);
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  const handsets = await outside(person, demo);
  await callSmith(agent, handsets);
  await expectHears(handsets, "the outside party", ["agent"]);

  await agent.reload();
  await expect(bar(agent)).toContainText("Jane Smith - Witness");
  await expectHears(handsets, "the outside party after the agent's reload", ["agent"]);
  await expectHears(agent, "the agent after a reload", ["outside"]);

  await agent.context().setOffline(true);
  await agent.waitForTimeout(3_000);
  await agent.context().setOffline(false);
  await expectHears(agent, "the agent after a lost socket", ["outside"]);
  await expectHears(handsets, "the outside party after the agent's lost socket", ["agent"]);
  await bar(agent).getByRole("button", { name: w.mute }).click();
  await expectHears(handsets, "the outside party of a muted agent", []);
  await agent.reload();
  await expect(bar(agent).getByRole("button", { name: w.muted })).toBeVisible();
  await expectHears(agent, "the muted agent after a reload", ["outside"]);
  await expectHears(handsets, "the outside party of an agent muted before a reload", []);
});

test("listen, whisper and barge: each hears exactly what the mode allows, over every switch", async ({
  person,
  demo,
}) => {
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  const handsets = await outside(person, demo);
  const supervisor = await withPhone(person, "supervisor", "supervisor", "/supervisor");
  await callSmith(agent, handsets);
  await listenIn(supervisor);
  const expected = {
    Listen: { agent: ["outside"], outside: ["agent"] },
    Whisper: { agent: ["outside", "supervisor"], outside: ["agent"] },
    Barge: { agent: ["outside", "supervisor"], outside: ["agent", "supervisor"] },
  } as const;
  expect(await microphonesOpened(supervisor), "a microphone before it is needed").toBe(0);
  for (const name of ["Listen", "Whisper", "Barge", "Whisper", "Listen", "Barge", "Listen"] as const) {
    await switchTo(supervisor, name);
    await expectHears(agent, `the agent, ${name}`, expected[name].agent);
    await expectHears(handsets, `the outside party, ${name}`, expected[name].outside);
    await expectHears(supervisor, `the supervisor, ${name}`, ["agent", "outside"]);
  }

  // The agent's reload puts whoever spoke back to listening.
  await switchTo(supervisor, "Whisper");
  await expectHears(agent, "the agent who is whispered to again", ["outside", "supervisor"]);
  await agent.reload();
  await expectHears(agent, "the agent after their own reload", ["outside"]);
  await expectHears(handsets, "the outside party after the agent's reload", ["agent"]);
  await expect(mode(supervisor, "Listen")).toBeChecked();

  await supervisor.getByRole("button", { name: words.leave }).click();
  await expect(supervisor.getByText(words.hears.listen)).toHaveCount(0);
  await expectHears(handsets, "the outside party, unsupervised", ["agent"]);
});

test("two supervisors: one barges, one whispers; and whose right is taken away hears and says nothing more", async ({
  person,
  demo,
  forgive,
}) => {
  forgive(/404|409|403/);
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  const handsets = await outside(person, demo);
  const supervisor = await withPhone(person, "supervisor", "supervisor", "/supervisor");
  const second = await withPhone(person, "manager", "second", "/supervisor");
  await callSmith(agent, handsets);
  await listenIn(supervisor);
  await listenIn(second);
  await switchTo(supervisor, "Barge");
  await switchTo(second, "Whisper");
  await expectHears(agent, "the agent of two", ["outside", "second", "supervisor"]);
  await expectHears(handsets, "the outside party of two", ["agent", "supervisor"]);

  const admin = await demo.api("admin");
  const users = (await admin.get("/api/users/")).items;
  const sasha = users.find((one: { email: string }) => one.email === "supervisor@demo.example");
  await admin.post("/api/cases/123/walls/", { user_id: sasha.id });
  await expectHears(handsets, "the outside party after a wall", ["agent"]);
  await expectHears(agent, "the agent after a wall", ["outside", "second"]);
  await expectHears(supervisor, "the walled supervisor", []);
  await expect(supervisor.getByText(words.hears.barge)).toHaveCount(0);
});

test("a transfer: the first agent is off the call, the second is on it, and a whisper does not follow", async ({
  person,
  demo,
}) => {
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  const handsets = await outside(person, demo);
  const colleague = await withPhone(person, "attorney", "colleague", "/inbox");
  const supervisor = await withPhone(person, "supervisor", "supervisor", "/supervisor");
  await callSmith(agent, handsets);
  await listenIn(supervisor);
  await switchTo(supervisor, "Whisper");
  await expectHears(agent, "the agent", ["outside", "supervisor"]);

  await bar(agent).getByRole("button", { name: w.transfer }).click();
  await agent.getByRole("button", { name: w.transferTo("Jordan Blake") }).click();
  await expect(bar(agent)).toContainText(w.ringingAt("Jordan Blake"));
  await incoming(colleague, /Jane Smith/)
    .getByRole("button", { name: w.takeOver })
    .click();
  await expect(bar(colleague)).toContainText(w.state.talking);
  await expectHears(handsets, "the outside party after the transfer", ["colleague"]);
  await expectHears(colleague, "the second agent", ["outside"]);
  await expect(bar(agent)).toHaveCount(0);
  await expect(mode(supervisor, "Listen")).toBeChecked();
});

test("a call that comes in: both hear each other once it is answered", async ({ person, demo }) => {
  const agent = await withPhone(person, "agent", "agent", "/inbox");
  const handsets = await outside(person, demo);
  const api = await demo.api("agent");
  const links = (await api.get("/api/cases/123/contacts/")).items;
  const smith = links.find((one: { contact: { name: string } }) => one.contact.name === "Jane Smith");
  await api.post("/api/omnichannel/messages/", { case_id: "123", case_contact_id: smith.id, body: "Please call us." });
  await smithCalls(handsets);
  await incoming(agent, /Jane Smith/)
    .getByRole("button", { name: w.answer })
    .click();
  await expect(bar(agent)).toContainText(w.state.talking);
  await expectHears(agent, "the agent who answered", ["outside"]);
  await expectHears(handsets, "the caller", ["agent"]);
});
