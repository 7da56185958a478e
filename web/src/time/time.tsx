// A time on the screen: always a <time> with the exact moment, in the firm's zone, the full stamp and zone in the tooltip.
// How it reads: format.ts.
import { useSyncExternalStore } from "react";
import { clock, day, dayName, full, short } from "./format";
import { currentZone, watchTime } from "./zone";

export type TimeStyle = "short" | "full" | "clock";

function words(at: string, style: TimeStyle): string {
  const date = new Date(at);
  switch (style) {
    case "short":
      return short(date, currentZone(), new Date());
    case "clock":
      return clock(date, currentZone());
    case "full":
      return full(date, currentZone());
  }
}

/** Renders anew only when its words change. */
export function Time({ at, style, className }: { at: string; style: TimeStyle; className?: string }) {
  const shown = useSyncExternalStore(watchTime, () => words(at, style));
  return (
    <time dateTime={at} title={full(new Date(at), currentZone())} className={className}>
      {shown}
    </time>
  );
}

/** The same words as {@link Time}, for a label or a sentence. */
export function timeWords(at: string, style: TimeStyle): string {
  return words(at, style);
}

/** The day in the firm's zone, as 2026-11-21: what separates days in a thread. */
export function dayOf(at: string): string {
  return day(new Date(at), currentZone());
}

/** Today, Yesterday, or the date. */
export function dayLabel(at: string): string {
  return dayName(new Date(at), currentZone(), new Date());
}
