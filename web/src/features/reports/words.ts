// Numbers of reports as people read them: counts, shares, spans, days. Pure.
import type { Schemas } from "../../api/client";
import { text } from "../../text/en";

const LOCALE = "en-US";
const counts = new Intl.NumberFormat(LOCALE);
const shares = new Intl.NumberFormat(LOCALE, { style: "percent", maximumFractionDigits: 1 });
const dates = new Intl.DateTimeFormat(LOCALE, { year: "numeric", month: "short", day: "numeric", timeZone: "UTC" });
const shortDates = new Intl.DateTimeFormat(LOCALE, { month: "short", day: "numeric", timeZone: "UTC" });
const months = new Intl.DateTimeFormat(LOCALE, { year: "numeric", month: "short", timeZone: "UTC" });
const units = (["day", "hour", "minute", "second"] as const).map(
  (unit) => new Intl.NumberFormat(LOCALE, { style: "unit", unit, unitDisplay: "short" }),
);
const SIZES = [86_400, 3600, 60, 1];

/** "2 days 3 hr", "5 min 20 sec", "12 sec": two units at most. */
export function spanWords(seconds: number): string {
  const first = Math.max(
    0,
    SIZES.findIndex((size) => seconds >= size),
  );
  const at = seconds <= 0 ? SIZES.length - 1 : first;
  const size = SIZES[at] ?? 1;
  const rest = SIZES[at + 1];
  const whole = units[at]?.format(Math.floor(seconds / size)) ?? "";
  const left = rest === undefined ? 0 : Math.floor((seconds % size) / rest);
  return left > 0 ? `${whole} ${units[at + 1]?.format(left) ?? ""}` : whole;
}

export function valueWords(unit: Schemas["Unit"], value: number | null | undefined): string {
  if (value === null || value === undefined) {
    return text.reports.none;
  }
  switch (unit) {
    case "count":
    case "days":
      return counts.format(value);
    case "basis_points":
      return shares.format(value / 10_000);
    case "seconds":
      return spanWords(value);
    case "date":
      return dates.format(new Date(value * 86_400_000));
  }
}

/** A day or a month as people write it; a word of the server's in ours; anything else as it is. */
export function labelWords(label: string, isShort = false): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(label)) {
    return (isShort ? shortDates : dates).format(new Date(`${label}T00:00:00Z`));
  }
  if (/^\d{4}-\d{2}$/.test(label)) {
    return months.format(new Date(`${label}-01T00:00:00Z`));
  }
  const [word = "", code] = label.split(" ");
  const known = text.reports.labels[label] ?? (code === undefined ? undefined : text.reports.labels[word]);
  return known === undefined ? label : code === undefined || text.reports.labels[label] ? known : `${known} (${code})`;
}
