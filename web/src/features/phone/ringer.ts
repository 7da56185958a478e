// The sound of a call that rings here, made of two tones so that no file is needed. A browser may keep silent until somebody
// clicked in the page; whether it does is told. Refuses to know why it rings.
import { chosenDevices } from "./devices";

const TONES_HZ = [440, 480];
const ON_S = 1.6;
const EVERY_MS = 4_000;
const LOUDNESS = 0.09;

let context: AudioContext | undefined;
let ringing: ReturnType<typeof setInterval> | undefined;
let isSilent = false;
const listeners = new Set<() => void>();

function become(silent: boolean): void {
  if (silent !== isSilent) {
    isSilent = silent;
    for (const listener of [...listeners]) {
      listener();
    }
  }
}

export function watchRinger(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Whether it rings and the browser plays nothing before a click. */
export function isRingerSilent(): boolean {
  return isSilent;
}

export function startRinging(): void {
  if (ringing === undefined) {
    ring();
    ringing = setInterval(ring, EVERY_MS);
  }
}

export function stopRinging(): void {
  clearInterval(ringing);
  ringing = undefined;
  become(false);
  void context?.suspend();
}

/** After a click: the sound may be played now. */
export function allowRinging(): void {
  if (ringing !== undefined) {
    ring();
  }
}

function ring(): void {
  if (typeof AudioContext === "undefined") {
    return;
  }
  context ??= new AudioContext();
  const sounding = context;
  void through(sounding);
  sounding
    .resume()
    .then(() => beep(sounding))
    .catch(() => {});
  // Without a click before, resuming waits for one.
  setTimeout(() => become(ringing !== undefined && sounding.state !== "running"), 400);
}

async function through(sounding: AudioContext): Promise<void> {
  const { ringId } = chosenDevices();
  // Newer than the types of this language.
  const setSinkId: unknown = Reflect.get(sounding, "setSinkId");
  if (typeof setSinkId === "function") {
    await Promise.resolve(setSinkId.call(sounding, ringId ?? "")).catch(() => {});
  }
}

function beep(sounding: AudioContext): void {
  if (ringing === undefined) {
    return;
  }
  become(false);
  const from = sounding.currentTime;
  const loudness = sounding.createGain();
  loudness.gain.setValueAtTime(0, from);
  loudness.gain.linearRampToValueAtTime(LOUDNESS, from + 0.05);
  loudness.gain.setValueAtTime(LOUDNESS, from + ON_S);
  loudness.gain.linearRampToValueAtTime(0, from + ON_S + 0.1);
  loudness.connect(sounding.destination);
  for (const hertz of TONES_HZ) {
    const tone = sounding.createOscillator();
    tone.frequency.value = hertz;
    tone.connect(loudness);
    tone.start(from);
    tone.stop(from + ON_S + 0.2);
  }
}
