// Times in the firm's zone, by Intl alone. Pure: the zone and the moment of now come in. Refuses to know who is signed in:
// zone.ts does.

const LOCALE = "en-US";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Making a format costs a hundred times as much as using it. */
function format(zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const key = `${zone} ${JSON.stringify(options)}`;
  let known = formats.get(key);
  if (known === undefined) {
    known = new Intl.DateTimeFormat(LOCALE, { ...options, timeZone: zone });
    formats.set(key, known);
  }
  return known;
}

const minutes = new Intl.NumberFormat(LOCALE, { style: "unit", unit: "minute", unitDisplay: "short" });
const relative = new Intl.RelativeTimeFormat(LOCALE, { numeric: "auto" });

/** Whether a name is a zone that this browser knows. */
export function isZone(name: string): boolean {
  try {
    format(name, { hour: "numeric" });
    return true;
  } catch {
    return false;
  }
}

/** The calendar day there, as 2026-11-21. */
export function day(at: Date, zone: string): string {
  const parts = format(zone, { year: "numeric", month: "2-digit", day: "2-digit" }).formatToParts(at);
  const part = (type: Intl.DateTimeFormatPartTypes): string => parts.find((one) => one.type === type)?.value ?? "";
  return `${part("year")}-${part("month")}-${part("day")}`;
}

/** 10:42 AM */
export function clock(at: Date, zone: string): string {
  return format(zone, { hour: "numeric", minute: "2-digit" }).format(at);
}

/** Nov 20, 2026, 10:42:07 AM EST */
export function full(at: Date, zone: string): string {
  return format(zone, {
    year: "numeric",
    month: "short",
    day: "numeric",
    hour: "numeric",
    minute: "2-digit",
    second: "2-digit",
    timeZoneName: "short",
  }).format(at);
}

/** How long ago within the hour, then the time of day, then the date: "now", "3 min", "10:42 AM", "Nov 20", "Nov 20, 2025". */
export function short(at: Date, zone: string, now: Date): string {
  const age = now.getTime() - at.getTime();
  if (age > -MINUTE && age < MINUTE) {
    return relative.format(0, "second");
  }
  if (age >= MINUTE && age < HOUR) {
    return minutes.format(Math.floor(age / MINUTE));
  }
  const [then, today] = [day(at, zone), day(now, zone)];
  if (then === today) {
    return clock(at, zone);
  }
  return then.slice(0, 4) === today.slice(0, 4)
    ? format(zone, { month: "short", day: "numeric" }).format(at)
    : format(zone, { year: "numeric", month: "short", day: "numeric" }).format(at);
}

/** Today, Yesterday, "Friday, November 20", or with the year where it is another. */
export function dayName(at: Date, zone: string, now: Date): string {
  const [then, today] = [day(at, zone), day(now, zone)];
  const apart = Math.round((Date.parse(then) - Date.parse(today)) / (24 * HOUR));
  if (apart === 0 || apart === -1) {
    const word = relative.format(apart, "day");
    return word.charAt(0).toUpperCase() + word.slice(1);
  }
  return then.slice(0, 4) === today.slice(0, 4)
    ? format(zone, { weekday: "long", month: "long", day: "numeric" }).format(at)
    : format(zone, { weekday: "long", year: "numeric", month: "long", day: "numeric" }).format(at);
}
