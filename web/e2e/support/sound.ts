// Ears for journeys: each page speaks one tone instead of a microphone, and says how loud it hears others in what it receives. The
// spectrum is taken several times and its median counts, for on a busy machine a single window may meet a gap.
import type { Page } from "@playwright/test";

/** Louder than this, in decibels, a tone is heard; at most this, it is not. A heard one stands near -28. */
export const HEARD_DB = -40;
export const UNHEARD_DB = -60;
const WINDOWS = 5;

/** What a page speaks, in hertz. */
export const TONES = { agent: 440, colleague: 550, outside: 660, supervisor: 880, second: 1100 } as const;
export type Voice = keyof typeof TONES;

/** Chromium with sound that needs no click, and real addresses for its connections. */
export const SOUND_ARGS = ["--autoplay-policy=no-user-gesture-required"];

declare global {
  interface Window {
    casewireEars: { connections: RTCPeerConnection[]; microphones: number; isBlocked: boolean };
  }
}

/** Before a page is opened: whatever asks for a microphone gets a tone at -14 dB. */
export async function giveVoice(page: Page, voice: Voice): Promise<void> {
  await page.addInitScript((hertz: number) => {
    const ears = { connections: [] as RTCPeerConnection[], microphones: 0, isBlocked: false };
    window.casewireEars = ears;
    let context: AudioContext | undefined;
    const tone = async (): Promise<MediaStream> => {
      if (ears.isBlocked) throw new DOMException("blocked by the test", "NotAllowedError");
      context ??= new AudioContext();
      await context.resume();
      const source = context.createOscillator();
      const loudness = context.createGain();
      const out = context.createMediaStreamDestination();
      source.frequency.value = hertz;
      loudness.gain.value = 0.2;
      source.connect(loudness).connect(out);
      source.start();
      ears.microphones += 1;
      return out.stream;
    };
    if (navigator.mediaDevices) navigator.mediaDevices.getUserMedia = tone;
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(options?: RTCConfiguration) {
        super(options);
        ears.connections.push(this);
      }
    };
  }, TONES[voice]);
}

/** Lets the page's microphone be refused, or allows it again. */
export async function blockMicrophone(page: Page, isBlocked: boolean): Promise<void> {
  await page.evaluate((blocked) => {
    window.casewireEars.isBlocked = blocked;
  }, isBlocked);
}

/** How often the page asked for a microphone and got it. */
export async function microphonesOpened(page: Page): Promise<number> {
  return await page.evaluate(() => window.casewireEars.microphones);
}

export type Spectrum = Record<Voice, number>;

/** How loud each voice is in what the page receives now, in decibels. */
export async function listen(page: Page): Promise<Spectrum> {
  const measured = await page.evaluate(
    async ({ tones, windows }) => {
      const live = window.casewireEars.connections.filter((one) => one.connectionState === "connected").at(-1);
      const track = live?.getReceivers()[0]?.track;
      if (!track) return tones.map(() => -200);
      const context = new AudioContext();
      await context.resume();
      const source = context.createMediaStreamSource(new MediaStream([track]));
      const analyser = context.createAnalyser();
      analyser.fftSize = 8192;
      analyser.smoothingTimeConstant = 0;
      analyser.minDecibels = -150;
      source.connect(analyser);
      const bins = new Float32Array(analyser.frequencyBinCount);
      const taken: number[][] = [];
      const wait = (8192 / context.sampleRate) * 1000 + 60;
      for (let one = 0; one < windows; one += 1) {
        await new Promise((wake) => setTimeout(wake, wait));
        analyser.getFloatFrequencyData(bins);
        taken.push(
          tones.map((hertz) => {
            const at = Math.round((hertz * analyser.fftSize) / context.sampleRate);
            return Math.max(...bins.slice(at - 2, at + 3));
          }),
        );
      }
      await context.close();
      return tones.map((_, tone) => {
        const sorted = taken.map((values) => values[tone] ?? -200).sort((a, b) => a - b);
        return sorted[Math.floor(sorted.length / 2)] ?? -200;
      });
    },
    { tones: Object.values(TONES), windows: WINDOWS },
  );
  const names = Object.keys(TONES) as Voice[];
  return Object.fromEntries(names.map((name, at) => [name, Math.max(-200, measured[at] ?? -200)])) as Spectrum;
}

/** Who is heard, who is not, and who is in between, which must not be. */
export function heardIn(spectrum: Spectrum): string[] {
  return (Object.entries(spectrum) as [Voice, number][])
    .filter(([, level]) => level > UNHEARD_DB)
    .map(([voice, level]) => (level > HEARD_DB ? voice : `${voice} at ${level.toFixed(0)} dB`))
    .sort();
}
