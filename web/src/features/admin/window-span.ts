// A span of time as an amount and a unit, and back to seconds. Pure.

export const UNITS = ["seconds", "minutes", "hours", "days"] as const;
export type Unit = (typeof UNITS)[number];
export type Span = { amount: number; unit: Unit };

export const SECONDS: Record<Unit, number> = { seconds: 1, minutes: 60, hours: 3_600, days: 86_400 };
export const LONGEST_WINDOW = 30 * SECONDS.days;

/** In the largest unit that says it in whole numbers; hours up to three days, for "48 hours" is how the rule is known. */
export function spanOf(seconds: number): Span {
  const fits = (unit: Unit) => seconds % SECONDS[unit] === 0 && seconds >= SECONDS[unit];
  const unit: Unit =
    fits("days") && seconds > 3 * SECONDS.days
      ? "days"
      : fits("hours")
        ? "hours"
        : fits("minutes")
          ? "minutes"
          : "seconds";
  return { amount: seconds / SECONDS[unit], unit };
}

/** Undefined where it is no whole number, or out of what a window can be. */
export function secondsOf(amount: string, unit: Unit): number | undefined {
  const count = Number(amount.trim());
  const seconds = count * SECONDS[unit];
  return amount.trim() !== "" && Number.isInteger(count) && seconds >= 1 && seconds <= LONGEST_WINDOW
    ? seconds
    : undefined;
}
