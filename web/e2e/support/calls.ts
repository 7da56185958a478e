// Calls in journeys: an agent, the phone of somebody outside, and what both do to speak to each other.
import type { Page } from "@playwright/test";
import journeys from "../../playwright.config";
import { text } from "../../src/text/en";
import type { Demo } from "./demo";
import { giveVoice, heardIn, listen, SOUND_ARGS, type Voice } from "./sound";
import { expect, type People } from "./test";

export const SMITH = "+12125550124";
export const w = text.phone;

const launch = journeys.use?.launchOptions ?? {};
/** Chromium as the journeys have it, with sound. */
export const soundOptions = { ...launch, args: [...(launch.args ?? []), ...SOUND_ARGS] };

export const bar = (page: Page) => page.getByRole("region", { name: w.bar, exact: true });
export const incoming = (page: Page, who: string | RegExp) => page.getByRole("region", { name: who });

/** Somebody of the firm with a phone: their tab is where their calls ring. */
export async function withPhone(person: People, user: string, voice: Voice, path: string): Promise<Page> {
  const page = await person(user);
  await giveVoice(page, voice);
  await page.goto(path);
  return page;
}

/** The page of handsets, with the voice of whoever answers there. */
export async function outside(person: People, demo: Demo): Promise<Page> {
  const page = await person("stranger");
  await giveVoice(page, "outside");
  await page.goto(demo.sandbox);
  await expect(page.getByRole("heading", { name: "Jane Smith" })).toBeVisible();
  return page;
}

/** The agent calls Jane Smith from the case's panel, and she takes it. */
export async function callSmith(agent: Page, handsets: Page): Promise<void> {
  await agent.getByRole("button", { name: w.callTo("Jane Smith"), exact: true }).click();
  await handsets.getByRole("button", { name: "Answer as Jane Smith" }).click();
  await expect(bar(agent)).toContainText(w.state.talking);
}

/** Jane Smith calls the firm. */
export async function smithCalls(handsets: Page): Promise<void> {
  await handsets.getByRole("button", { name: "Call the firm from Jane Smith" }).click();
}

/** Waits until a page hears exactly these, and then makes sure. */
export async function expectHears(page: Page, who: string, voices: readonly Voice[]): Promise<void> {
  const wanted = [...voices].sort();
  await expect
    .poll(async () => heardIn(await listen(page)), { message: `what ${who} hears`, timeout: 20_000, intervals: [100] })
    .toEqual(wanted);
  expect(heardIn(await listen(page)), `what ${who} still hears`).toEqual(wanted);
}
