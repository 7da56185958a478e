// How soon what the server tells is on the screen, and how the page bears very much of it: a list of all conversations, each text
// moving its row to the top.
import type { Page } from "@playwright/test";
import type { Demo } from "../support/demo";
import { openInbox, READER, ROW, readWholeList, test } from "./bench";
import { awaitPaint, fromFrameToPicture, paintedAt, throttle, underStrain } from "./probe";
import { figure, median, plainly, record, times, timing } from "./record";
import { numberOf } from "./town";

const PATCHES = 60;
const EVENTS_PER_SECOND = 400;
const SECONDS = 3;
const RUNS = 5;

async function patches(page: Page, demo: Demo, round: string, count: number): Promise<number[]> {
  const markers = Array.from({ length: count }, (_, at) => `Marked text number ${at} of ${round}.`);
  await page.evaluate((names) => Object(globalThis).bench.mark(names), markers);
  for (const [at, marker] of markers.entries()) {
    await awaitPaint(page, marker, ROW, marker);
    await demo.text(marker, numberOf(at * 7));
    await paintedAt(page, marker, 30_000);
    // Not in step with anything of the page.
    await page.waitForTimeout(40 + ((at * 37) % 90));
  }
  return await fromFrameToPicture(page, markers);
}

for (const { rate, name, most } of [
  { rate: 1, name: "", most: 50 },
  { rate: 4, name: ", CPU 4x slower", most: 200 },
]) {
  test(`from the frame to the picture${name}`, async ({ watched, demo }) => {
    const page = await watched(READER);
    await openInbox(page);
    await throttle(page, rate);
    await patches(page, demo, "the first", 5);
    const samples = await patches(page, demo, "all", times(PATCHES));
    await record(timing(`frame of the socket to picture${name}`, 95, samples, { most, unit: " ms" }));
  });
}

/** Hands the page's socket texts for conversations all over the list, each in a task of its own as frames come. */
async function flood(page: Page, perSecond: number, seconds: number): Promise<void> {
  await page.evaluate(
    async ([rate, length]) => {
      const { sockets, flooded } = Object(globalThis).bench;
      const socket: WebSocket = sockets.at(-1);
      const frames: string[] = flooded.splice(0, rate * length);
      const channel = new MessageChannel();
      let told = 0;
      channel.port1.onmessage = () => {
        socket.dispatchEvent(new MessageEvent("message", { data: frames[told] }));
        told += 1;
      };
      const from = performance.now();
      let sent = 0;
      while (sent < frames.length) {
        const due = Math.min(frames.length, Math.ceil(((performance.now() - from) / 1000) * rate));
        for (; sent < due; sent += 1) channel.port2.postMessage(null);
        await new Promise((wake) => setTimeout(wake, 4));
      }
      while (told < frames.length) await new Promise((wake) => setTimeout(wake, 4));
      channel.port1.close();
    },
    [perSecond, seconds] as const,
  );
}

/** Makes as many frames as will be asked for, in the words of a text that the server has told of. */
async function makeFrames(page: Page, demo: Demo, count: number): Promise<void> {
  const api = await demo.api(READER);
  const conversations: unknown[] = [];
  let cursor = "";
  do {
    const answer = await api.get(`/api/omnichannel/conversations/?limit=200${cursor && `&cursor=${cursor}`}`);
    conversations.push(...answer.items);
    cursor = answer.next_cursor ? encodeURIComponent(answer.next_cursor) : "";
  } while (cursor !== "");
  const { items } = await api.get(
    `/api/omnichannel/conversations/${Object(conversations[conversations.length - 1]).id}/items/?limit=1`,
  );
  await page.evaluate(
    ([found, template, many]) => {
      const from = Date.now();
      const frames = Array.from({ length: many }, (_, at) => {
        // Each seventh conversation of a shuffled walk through all of them.
        const conversation = found[(at * 7919) % found.length];
        const last_at = new Date(from + at).toISOString().replace("Z", "000Z");
        const body = `Text ${at} of very many.`;
        return JSON.stringify({
          type: "message_placed",
          cause: "received",
          at: last_at,
          conversation: { ...Object(conversation), last_at, last_direction: "inbound", preview: body },
          message: {
            ...Object(template),
            id: `msg_${String(at).padStart(32, "0")}`,
            conversation_id: Object(conversation).id,
            person: Object(conversation).person,
            at: last_at,
            body,
          },
        });
      });
      Object(globalThis).bench.flooded = frames;
    },
    [conversations, items[0].message, count] as const,
  );
}

test("very many events", async ({ watched, demo }) => {
  const page = await watched(READER);
  const rows = await readWholeList(page);
  const [runs, seconds] = [times(RUNS), SECONDS];
  await makeFrames(page, demo, EVENTS_PER_SECOND * seconds * (runs + 1));
  await flood(page, EVENTS_PER_SECOND, seconds);
  const strains = [];
  for (let run = 0; run < runs; run += 1) {
    await page.waitForTimeout(1_000);
    strains.push(await underStrain(page, () => flood(page, EVENTS_PER_SECOND, seconds)));
  }
  const about = `median of ${runs} times ${seconds} s, ${rows} conversations`;
  const slow = strains.map((one) => (100 * one.slow) / one.frames);
  const busy = strains.map((one) => one.busy / one.seconds);
  const long = strains.map((one) => one.longTasks);
  const name = `${EVENTS_PER_SECOND} events/s`;
  const all = (samples: readonly number[]) => samples.map(figure).join(", ");
  await record(
    plainly(`${name}: long tasks`, median(long), { most: 0, unit: "" }, `${about}; ${all(long)}`),
    plainly(`${name}: frames over 34 ms`, median(slow), { most: 5, unit: "%" }, `${about}; ${all(slow)}`),
    plainly(`${name}: main thread, s of CPU per s`, median(busy), { most: 0.6, unit: "" }, `${about}; ${all(busy)}`),
  );
});
