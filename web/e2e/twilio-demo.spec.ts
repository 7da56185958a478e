// Calls over Twilio's interface as people see them: the real client and server, the sandbox as Twilio, and no sound anywhere. A handset
// answers by hand, which is a request to the sandbox; who would hear whom, the sandbox says.
import { text } from "../src/text/en";
import { bar, SMITH, w } from "./support/calls";
import { Demo } from "./support/demo";
import { test as base, expect } from "./support/test";

type Leg = { sid: string; status: string };
type Seat = { call_sid: string; phone: string; inside: boolean; hears: string[] };

const test = base.extend({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  demo: async ({}, use) => {
    const demo = await Demo.start(undefined, ["--voice", "twilio"]);
    await use(demo);
    await demo.stop();
  },
});
test.describe.configure({ timeout: 180_000 });

const words = text.supervisor;

async function asked<T>(demo: Demo, path: string): Promise<T> {
  return await (await fetch(`${demo.sandbox}${path}`)).json();
}

const newest = async (demo: Demo): Promise<Leg | undefined> =>
  (await asked<{ calls: Leg[] }>(demo, `/handsets/${SMITH}/calls`)).calls.at(-1);

/** Jane Smith answers the call that rings. */
async function answers(demo: Demo): Promise<void> {
  await expect.poll(async () => (await newest(demo))?.status).toBe("ringing");
  const sid = (await newest(demo))?.sid;
  const answer = await fetch(`${demo.sandbox}/handsets/${SMITH}/calls/${sid}/answer`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: "{}",
  });
  expect(answer.status).toBe(200);
}

/** How many Jane Smith hears, and how many the agent. */
async function hearing(demo: Demo, agent: string): Promise<[number, number]> {
  const rooms = (await asked<{ conferences: { participants: Seat[] }[] }>(demo, "/conferences")).conferences;
  const seats = rooms[0]?.participants ?? [];
  const of = (phone: string) => seats.find((seat) => seat.inside && seat.phone.endsWith(phone))?.hears.length ?? -1;
  return [of(SMITH), of(agent)];
}

test("a call over Twilio's interface is made, supervised and ended", async ({ person, demo }) => {
  const agentId = (await (await demo.api("agent")).get("/api/me")).user_id;
  const agent = await person("agent");
  await agent.goto("/cases/123");
  await agent.getByRole("button", { name: w.callTo("Jane Smith"), exact: true }).click();
  await expect(bar(agent)).toContainText("Jane Smith - Witness");
  await answers(demo);
  await expect(bar(agent)).toContainText(w.state.talking);
  await expect.poll(() => hearing(demo, agentId)).toEqual([1, 1]);

  const supervisor = await person("supervisor");
  await supervisor.goto("/supervisor");
  const card = supervisor.getByRole("article", { name: words.callOf("Avery Quinn", "Jane Smith - Witness") });
  await card.getByRole("button", { name: /^Listen to/ }).click();
  await expect(card.getByText(words.hears.listen)).toBeVisible();
  await expect.poll(() => hearing(demo, agentId)).toEqual([1, 1]);
  await card.getByRole("radio", { name: "Whisper" }).click();
  await expect.poll(() => hearing(demo, agentId)).toEqual([1, 2]);
  await card.getByRole("radio", { name: "Barge" }).click();
  await expect.poll(() => hearing(demo, agentId)).toEqual([2, 2]);
  await card.getByRole("button", { name: words.leave }).click();
  await expect.poll(() => hearing(demo, agentId)).toEqual([1, 1]);

  await bar(agent).getByRole("button", { name: w.hangUp }).click();
  await expect.poll(async () => (await newest(demo))?.status).toBe("completed");
  const calls = (await (await demo.api("agent")).get("/api/calls/?view=history&case_id=123")).items;
  expect(calls[0]).toMatchObject({ line: "twilio", status: "completed", matter_id: "123" });
});
