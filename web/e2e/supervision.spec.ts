// Requirement 1, feature 4 in real browsers: Listen, Whisper and Barge need calls:3 and the case; who may not is told in words; the
// agent knows where the firm says so; and all of it is written down.
import { text } from "../src/text/en";
import { bar, callSmith, outside, soundOptions, w, withPhone } from "./support/calls";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./support/test";

test.use({ launchOptions: soundOptions });
// A machine without a sound card says so; what is received is measured all the same.
test.beforeEach(({ forgive }) => forgive(/AudioContext encountered an error/));
test.describe.configure({ timeout: 180_000 });

const words = text.supervisor;

test("three people, one call: the control says who hears whom, the agent sees who is there, the audit has every step", async ({
  person,
  demo,
}) => {
  const admin = await demo.api("admin");
  const { calls } = await admin.get("/api/settings/");
  await admin.ask("PATCH", "/api/settings/", { calls: { ...calls, supervision_notice: "tell_agent" } });
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  const handsets = await outside(person, demo);
  const supervisor = await withPhone(person, "supervisor", "supervisor", "/supervisor");
  await expect(supervisor.getByText(words.noCalls)).toBeVisible();
  await expectAccessible(supervisor, "the console without calls");
  await callSmith(agent, handsets);

  const card = supervisor.getByRole("article", { name: words.callOf("Avery Quinn", "Jane Smith - Witness") });
  await expect(card).toContainText(text.phone.inCase("123"));
  await card.getByRole("button", { name: /^Listen to/ }).click();
  await expect(card.getByText(words.hears.listen)).toBeVisible();
  await expect(bar(agent)).toContainText(w.supervised.listen("Sasha Ortiz"));
  await expect(card.getByText(words.noMicrophone)).toBeVisible();
  await expectAccessible(supervisor, "listening");

  // By keyboard: an arrow alone makes nobody heard.
  await card.getByRole("radio", { name: "Listen" }).focus();
  await supervisor.keyboard.press("ArrowRight");
  await expect(card.getByRole("radio", { name: "Listen" })).toBeChecked();
  await supervisor.keyboard.press("Enter");
  await expect(card.getByText(words.hears.whisper("Avery Quinn"))).toBeVisible();
  await expect(bar(agent)).toContainText(w.supervised.whisper("Sasha Ortiz"));
  await expect(card.getByText(words.microphoneOn)).toBeVisible();

  await card.getByRole("radio", { name: "Barge" }).click();
  await expect(card.getByText(words.hears.barge)).toBeVisible();
  await expect(bar(agent)).toContainText(w.supervised.barge("Sasha Ortiz"));
  await expectAccessible(supervisor, "barging");

  await card.getByRole("button", { name: words.leave }).click();
  await expect(card.getByRole("radio")).toHaveCount(0);
  await expect(bar(agent)).not.toContainText("Sasha Ortiz");
  await bar(agent).getByRole("button", { name: w.hangUp }).click();
  await expect(supervisor.getByText(words.noCalls)).toBeVisible();
});

test("without calls:3 there is no console, and a case that is out of reach is not in it", async ({
  person,
  demo,
  forgive,
}) => {
  forgive(/403|404/);
  const attorney = await person("attorney");
  await attorney.goto("/supervisor");
  await expect(attorney.getByText(words.forbidden)).toBeVisible();
  await expectAccessible(attorney, "a console that one may not see");
  await expect(attorney.getByRole("link", { name: text.shell.nav.supervisor })).toHaveCount(0);

  const users = (await (await demo.api("admin")).get("/api/users/")).items;
  const sasha = users.find((one: { email: string }) => one.email === "supervisor@demo.example");
  await (await demo.api("admin")).post("/api/cases/123/walls/", { user_id: sasha.id });
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  const handsets = await outside(person, demo);
  await callSmith(agent, handsets);
  const supervisor = await person("supervisor");
  await supervisor.goto("/supervisor");
  await expect(supervisor.getByText(words.noCalls)).toBeVisible();
  const manager = await withPhone(person, "manager", "second", "/supervisor");
  await expect(manager.getByRole("article")).toHaveCount(1);
  await expect(manager.getByRole("button", { name: /^Listen to Avery Quinn/ })).toBeEnabled();
});

test("the agent is not told where the firm does not tell; the call ends whoever supervises", async ({
  person,
  demo,
}) => {
  const agent = await withPhone(person, "agent", "agent", "/cases/123");
  const handsets = await outside(person, demo);
  const supervisor = await withPhone(person, "supervisor", "supervisor", "/supervisor");
  await callSmith(agent, handsets);
  await supervisor.getByRole("button", { name: /^Listen to Avery Quinn/ }).click();
  await expect(supervisor.getByText(words.hears.listen)).toBeVisible();
  await expect(bar(agent)).not.toContainText("Sasha Ortiz");
  await supervisor.setViewportSize({ width: 320, height: 720 });
  await expectNoSidewaysScroll(supervisor, "the console at 320");
  await handsets.getByRole("button", { name: "Hang up" }).first().click();
  await expect(supervisor.getByText(words.dismissed.ended)).toBeVisible();
  await expect(bar(agent)).toHaveCount(0);
});
