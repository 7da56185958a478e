// Pictures of calls, in light, dark and narrow: a call from the case, one that comes in, wrap-up, the call beside the texts, the page of
// the phone, the supervisor's console and the settings.
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { text } from "../../src/text/en";
import { bar, callSmith, incoming, outside, smithCalls, soundOptions, w } from "../support/calls";
import type { Demo } from "../support/demo";
import { giveVoice, type Voice } from "../support/sound";
import { expect, type People, test } from "../support/test";

const FOLDER = resolve(import.meta.dirname, "../../../docs/pictures");
const words = text.supervisor;

test.use({ launchOptions: soundOptions });
// A machine without a sound card says so.
test.beforeEach(({ forgive }) => forgive(/AudioContext encountered an error/));

type Look = { look: string; options: { theme?: "light" | "dark"; narrow?: boolean } };
const LOOKS: readonly Look[] = [
  { look: "light", options: { theme: "light" } },
  { look: "dark", options: { theme: "dark" } },
  { look: "narrow", options: { narrow: true } },
];

async function open(person: People, user: string, voice: Voice, path: string, { options }: Look): Promise<Page> {
  const page = await person(user, options);
  await giveVoice(page, voice);
  await page.goto(path);
  return page;
}

async function recordCalls(demo: Demo): Promise<void> {
  const admin = await demo.api("admin");
  const { calls } = await admin.get("/api/settings/");
  const recording = { mode: "on", announcement: "tone", consent_ack: true };
  await admin.ask("PATCH", "/api/settings/", { calls: { ...calls, recording, supervision_notice: "tell_agent" } });
}

for (const one of LOOKS) {
  test(`calls, ${one.look}`, async ({ person, demo }) => {
    const shoot = async (page: Page, name: string) => {
      await page.waitForTimeout(500);
      await page.screenshot({ path: `${FOLDER}/${name}-${one.look}.png`, animations: "disabled" });
    };
    await recordCalls(demo);
    const agent = await open(person, "agent", "agent", "/cases/123", one);
    const handsets = await outside(person, demo);
    const supervisor = await open(person, "supervisor", "supervisor", "/supervisor", one);
    if (one.look === "narrow") await agent.getByRole("tab", { name: new RegExp(text.cases.contactsHeading) }).click();
    await callSmith(agent, handsets);
    await agent.waitForTimeout(4_000);

    await supervisor.getByRole("button", { name: /^Listen to Avery Quinn/ }).click();
    await expect(supervisor.getByText(words.hears.listen)).toBeVisible();
    await supervisor.getByRole("radio", { name: "Whisper" }).click();
    await expect(supervisor.getByText(words.hears.whisper("Avery Quinn"))).toBeVisible();
    await expect(supervisor.getByText(words.microphoneOn)).toBeVisible();
    await shoot(supervisor, "supervisor");
    await shoot(agent, "call");
    await bar(agent).getByRole("button", { name: w.keypad }).click();
    await shoot(agent, "call-keypad");
    await agent.keyboard.press("Escape");
    await bar(agent).getByRole("button", { name: w.hangUp }).click();
    const form = agent.getByRole("region", { name: /^Wrap up the call/ });
    await form.getByRole("combobox", { name: w.outcome }).click();
    await agent.getByRole("option", { name: "Spoke with contact" }).click();
    await form.getByRole("textbox", { name: new RegExp(w.note) }).fill("Has the photographs. Sends them on Thursday.");
    await shoot(agent, "wrap-up");
    await form.getByRole("button", { name: w.saveWrapUp }).click();
    await expect(form).toHaveCount(0);

    await agent.goto("/cases/123");
    await agent
      .getByRole("region", { name: text.cases.inboxHeading })
      .getByRole("link", { name: /Jane Smith/ })
      .first()
      .click();
    await expect(agent.getByRole("article").first()).toBeVisible();
    await expect(agent.getByRole("group", { name: w.player }).first()).toBeVisible({ timeout: 30_000 });
    await shoot(agent, "call-in-conversation");

    await agent.goto("/inbox");
    await agent.waitForTimeout(1_500);
    await smithCalls(handsets);
    await expect(incoming(agent, /Jane Smith/)).toBeVisible();
    await shoot(agent, "incoming-call");
    await incoming(agent, /Jane Smith/)
      .getByRole("button", { name: w.decline })
      .click();
    await handsets.waitForTimeout(5_000);
    await handsets.getByRole("button", { name: "Hang up" }).first().click();

    await agent.goto("/phone");
    await expect(agent.getByRole("group", { name: w.voicemailPlayer }).first()).toBeVisible({ timeout: 30_000 });
    await shoot(agent, "phone");
    const admin = await person("admin", one.options);
    await admin.goto("/admin/calls");
    await expect(admin.getByRole("switch").first()).toBeVisible();
    await shoot(admin, "admin-calls");
  });
}
