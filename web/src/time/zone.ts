// The firm's zone and the passing of minutes, for whoever shows times. The zone comes with who is signed in; until then, and
// where the browser does not know it, the browser's own.
import { isZone } from "./format";

const TICK_MS = 15_000;

const browserZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;
let zone = browserZone();
let ticks = 0;
let timer: ReturnType<typeof setInterval> | undefined;
const listeners = new Set<() => void>();

function tell(): void {
  ticks += 1;
  for (const listener of listeners) {
    listener();
  }
}

export function currentZone(): string {
  return zone;
}

export function setZone(name: string | undefined): void {
  const next = name !== undefined && isZone(name) ? name : browserZone();
  if (next !== zone) {
    zone = next;
    tell();
  }
}

/** Calls back every fifteen seconds, and when the zone changes; one timer for all. */
export function watchTime(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(tell, TICK_MS);
  return () => {
    listeners.delete(listener);
    if (listeners.size === 0) {
      clearInterval(timer);
      timer = undefined;
    }
  };
}

export const tick = (): number => ticks;
