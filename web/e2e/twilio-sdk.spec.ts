// Twilio's own browser SDK, driven in Chromium against a gateway on this machine: the client's line over it enters the call that
// the server names, opens and closes its microphone, leaves, comes back; the plain device registers, is rung and presses keys. A
// second page plays the other side with real audio. Nothing is fetched from anywhere else.
import { resolve } from "node:path";
import { test as base, expect, type Page } from "@playwright/test";
import { build } from "vite";
import type { MicrophoneState } from "../src/features/phone/audio";
import { accessToken, Gateway } from "./support/gateway";
import type { Harness } from "./support/twilio-harness";

const SECRET = "the-secret-of-an-api-key-in-a-test";
const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--use-fake-device-for-media-stream",
  "--use-fake-ui-for-media-stream",
  "--autoplay-policy=no-user-gesture-required",
  "--allow-loopback-in-peer-connection",
  "--disable-features=WebRtcHideLocalIpsWithMdns",
];

type Peer = {
  answer(offer: string): Promise<string>;
  offer(): Promise<string>;
  take(answer: string): Promise<void>;
  loudest(): number;
};
declare global {
  interface Window {
    harness: Harness;
    peer: Peer;
    /** How often the microphone was asked for. */
    asked: number;
  }
}

/** The microphone of the page: a tone of 440 Hz. */
function toneForMicrophone(): void {
  Object.assign(window, { asked: 0 });
  navigator.mediaDevices.getUserMedia = async () => {
    window.asked += 1;
    const context = new AudioContext();
    const tone = new OscillatorNode(context, { frequency: 440 });
    const out = context.createMediaStreamDestination();
    tone.connect(out);
    tone.start();
    return out.stream;
  };
}

/** The other side: a tone of 660 Hz, and an ear. */
function otherSide(): void {
  const context = new AudioContext();
  const tone = new OscillatorNode(context, { frequency: 660 });
  const out = context.createMediaStreamDestination();
  tone.connect(out);
  tone.start();
  const ear = context.createAnalyser();
  const pc = new RTCPeerConnection();
  const player = new Audio();
  for (const track of out.stream.getTracks()) pc.addTrack(track, out.stream);
  pc.ontrack = (event) => {
    const stream = event.streams[0] ?? new MediaStream([event.track]);
    player.srcObject = stream;
    player.muted = true;
    void player.play();
    context.createMediaStreamSource(stream).connect(ear);
  };
  // Without the keys of RFC 4733, as Twilio's gateway is without them: then they go over the signalling.
  const withoutKeys = (sdp: string): string => {
    const keys = [...sdp.matchAll(/^a=rtpmap:(\d+) telephone-event/gm)].map(([, type]) => type ?? "");
    return keys.reduce((rest: string, type: string) => {
      const lines = new RegExp(`^a=(rtpmap|fmtp|rtcp-fb):${type} .*\r\n`, "gm");
      return rest
        .replace(lines, "")
        .replace(/^m=audio .*$/m, (line) => line.replace(new RegExp(` ${type}(?= |$)`), ""));
    }, sdp);
  };
  const gathered = async (): Promise<string> => {
    while (pc.iceGatheringState !== "complete") await new Promise((wake) => setTimeout(wake, 20));
    return withoutKeys(pc.localDescription?.sdp ?? "");
  };
  window.peer = {
    async answer(offer) {
      await pc.setRemoteDescription({ type: "offer", sdp: offer });
      await pc.setLocalDescription(await pc.createAnswer());
      return await gathered();
    },
    async offer() {
      await pc.setLocalDescription(await pc.createOffer());
      return await gathered();
    },
    async take(answer) {
      await pc.setRemoteDescription({ type: "answer", sdp: answer });
    },
    loudest() {
      const samples = new Float32Array(ear.fftSize);
      ear.getFloatTimeDomainData(samples);
      return Math.max(...samples.map(Math.abs));
    },
  };
}

type Fixtures = { gateway: Gateway; page: Page; other: Page; foreign: string[] };

const test = base.extend<Fixtures, { script: string }>({
  script: [
    // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
    async ({}, use) => {
      const built = await build({
        configFile: false,
        logLevel: "silent",
        build: {
          write: false,
          minify: false,
          lib: { entry: resolve(import.meta.dirname, "support/twilio-harness.ts"), formats: ["iife"], name: "harness" },
        },
      });
      const outputs = (Array.isArray(built) ? built : [built]).flatMap((one) => ("output" in one ? one.output : []));
      const chunk = outputs.find((one) => one.type === "chunk");
      if (chunk?.type !== "chunk") throw new Error("the harness was not built");
      await use(chunk.code);
    },
    { scope: "worker" },
  ],
  gateway: async ({ script }, use) => {
    const page = '<!doctype html><title>SDK</title><script src="/harness.js"></script>';
    const gateway = await Gateway.start(
      SECRET,
      new Map([
        ["/", { kind: "text/html", body: page }],
        ["/other", { kind: "text/html", body: "<!doctype html><title>Other</title>" }],
        ["/harness.js", { kind: "text/javascript", body: script }],
      ]),
    );
    await use(gateway);
    await gateway.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  foreign: async ({}, use) => {
    const foreign: string[] = [];
    await use(foreign);
    expect(foreign, "requests to anywhere else").toEqual([]);
  },
  page: async ({ browser, gateway, foreign }, use) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ["microphone"] });
    const page = await context.newPage();
    await page.addInitScript(toneForMicrophone);
    page.on("request", (request) => {
      const url = new URL(request.url());
      if (url.protocol.startsWith("http") && url.host !== gateway.host) foreign.push(url.host);
    });
    await page.goto(`https://${gateway.host}/`);
    await use(page);
    await context.close();
  },
  other: async ({ browser, gateway }, use) => {
    const context = await browser.newContext({ ignoreHTTPSErrors: true, permissions: ["microphone"] });
    const other = await context.newPage();
    await other.goto(`https://${gateway.host}/other`);
    await other.evaluate(otherSide);
    gateway.answering = (offer) => other.evaluate((sdp) => window.peer.answer(sdp), offer);
    await use(other);
    await context.close();
  },
});

test.use({
  launchOptions: { executablePath: process.env.CASEWIRE_CHROMIUM ?? "/usr/bin/chromium", args: FLAGS },
});

const notes = (page: Page) => page.evaluate(() => window.harness.notes);
const loudest = (other: Page) => other.evaluate(() => window.peer.loudest());
const heard = (other: Page) => expect.poll(() => loudest(other)).toBeGreaterThan(0.05);
const silent = (other: Page) => expect.poll(() => loudest(other)).toBeLessThan(0.002);
const open = (page: Page, token: string | null, gateway: Gateway) =>
  page.evaluate(([token, host]) => window.harness.open(token ?? null, host ?? ""), [token, gateway.host] as const);
const enter = (page: Page, call: string, microphone: MicrophoneState = "open") =>
  page.evaluate(([call, state]) => window.harness.enter(call, state), [call, microphone] as const);
const microphone = (page: Page, state: MicrophoneState) =>
  page.evaluate((state) => window.harness.microphone(state), state);

test("a browser enters the call it is named, is heard, and leaves", async ({ page, other, gateway }) => {
  await open(page, accessToken(SECRET, "agent_1"), gateway);
  await enter(page, "call_7");
  const browser = await gateway.browser("agent_1");
  const invite = await browser.hears("invite");
  const params = new URLSearchParams(String(Object(invite.twilio).params));
  expect(Object.fromEntries(params)).toEqual({ call: "call_7", softphone: "tab_1" });
  expect(browser.registered, "nobody rings at a browser that only enters").toBe(false);
  await expect.poll(() => notes(page)).toContain("live");
  await heard(other);
  await expect.poll(async () => (await page.evaluate(() => window.harness.levels()))?.heard ?? 0).toBeGreaterThan(0);
  await page.evaluate(() => window.harness.leave());
  await browser.hears("hangup");
  expect((await notes(page)).at(-1)).toBe("over");
});

test("no microphone is asked for before it is wanted, and a muted one is silent", async ({ page, other, gateway }) => {
  await open(page, accessToken(SECRET, "agent_1"), gateway);
  await enter(page, "call_8", "none");
  await expect.poll(() => notes(page)).toContain("live");
  expect(await page.evaluate(() => window.asked)).toBe(0);
  await silent(other);
  await microphone(page, "open");
  await heard(other);
  expect(await page.evaluate(() => window.asked)).toBe(1);
  await microphone(page, "muted");
  await silent(other);
  await microphone(page, "open");
  await heard(other);
  await microphone(page, "none");
  await silent(other);
});

test("a leg that Twilio ends is over, and so is one that nobody takes", async ({ page, other, gateway }) => {
  await open(page, accessToken(SECRET, "agent_1"), gateway);
  await enter(page, "call_9");
  const browser = await gateway.browser("agent_1");
  await heard(other);
  browser.tell("hangup", {});
  await expect.poll(async () => (await notes(page)).at(-1)).toBe("over");
  gateway.answering = async () => undefined;
  await enter(page, "call_10");
  await browser.hears("invite", 2);
  await expect.poll(async () => (await notes(page)).filter((note) => note === "over").length).toBe(2);
});

test("a token that was signed with another key is refused with Twilio's 20101", async ({ page, gateway }) => {
  const forged = accessToken("another-secret", "agent_1");
  await page.evaluate(([token, host]) => window.harness.register(token, host), [forged, gateway.host] as const);
  await expect.poll(() => notes(page)).toContain("error 20101");
  expect(await notes(page)).not.toContain("registered agent_1");
});

test("a refused token is said, and a good one brings the browser into the call", async ({ page, other, gateway }) => {
  await open(page, accessToken("another-secret", "agent_1"), gateway);
  await enter(page, "call_11");
  await expect.poll(() => notes(page)).toContain("lost refused");
  await open(page, accessToken(SECRET, "agent_1"), gateway);
  await expect.poll(() => notes(page)).toContain("live");
  await heard(other);
});

test("who has no token takes part in silence", async ({ page, gateway }) => {
  await open(page, null, gateway);
  await enter(page, "call_12");
  await expect.poll(() => notes(page)).toEqual(["announced call_12", "live"]);
  expect(gateway.browsers).toEqual([]);
  expect(await page.evaluate(() => window.asked)).toBe(0);
});

test("a registered browser is rung with what it is told, answers, and presses keys", async ({
  page,
  other,
  gateway,
}) => {
  const token = accessToken(SECRET, "agent_2");
  await page.evaluate(([token, host]) => window.harness.register(token, host), [token, gateway.host] as const);
  await expect.poll(() => notes(page)).toContain("registered agent_2");
  const browser = await gateway.browser("agent_2");
  expect(browser.registered).toBe(true);
  browser.ring(await other.evaluate(() => window.peer.offer()), { call: "call_13", contactRole: "Witness" });
  await expect.poll(() => notes(page)).toContain("rung call_13");
  await page.evaluate(() => window.harness.accept());
  const answer = await browser.hears("answer");
  await other.evaluate((sdp) => window.peer.take(sdp), String(answer.sdp));
  await expect.poll(() => notes(page)).toContain("accepted");
  await heard(other);
  await page.evaluate(() => window.harness.press("12#"));
  const pressed = () => browser.said.filter((one) => one.type === "dtmf").map((one) => one.payload.dtmf);
  await expect.poll(() => pressed().join("")).toBe("12#");
  browser.tell("hangup", { callsid: answer.callsid });
  await expect.poll(() => notes(page)).toContain("disconnected");
});
