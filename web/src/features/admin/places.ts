// Countries and time zones that one can choose, from what the browser knows. Refuses lists of its own.

export type Country = { code: string; name: string };

// Groups and private codes that the browser names too, but that are no country of a phone number.
const NO_COUNTRY = new Set([
  "EU",
  "EZ",
  "UN",
  "QO",
  "XA",
  "XB",
  "ZZ",
  "AN",
  "BU",
  "CS",
  "DD",
  "FX",
  "NT",
  "SU",
  "TP",
  "YD",
  "YU",
  "ZR",
]);

let countries: readonly Country[] | undefined;

export function allCountries(): readonly Country[] {
  countries ??= read();
  return countries;
}

function read(): readonly Country[] {
  const names = new Intl.DisplayNames(["en"], { type: "region", fallback: "none" });
  const letters = Array.from({ length: 26 }, (_, index) => String.fromCharCode(65 + index));
  const seen = new Set<string>();
  return letters
    .flatMap((first) => letters.map((second) => first + second))
    .map((code) => ({ code, name: names.of(code) ?? "" }))
    .filter(({ code, name }) => {
      const isNew = name !== "" && !NO_COUNTRY.has(code) && !seen.has(name);
      seen.add(name);
      return isNew;
    })
    .sort((a, b) => a.name.localeCompare(b.name));
}

export function countryOf(code: string): Country {
  return allCountries().find((country) => country.code === code) ?? { code, name: code };
}

export function allZones(): readonly string[] {
  return Intl.supportedValuesOf("timeZone");
}

/** "America/New York" for people; the name on the wire keeps its underscores. */
export function zoneName(zone: string): string {
  return zone.replaceAll("_", " ");
}

/** Those that have every asked-for word, those that begin with it first. */
export function choose<T>(all: readonly T[], query: string, words: (one: T) => string, most = 50): readonly T[] {
  const asked = query.trim().toLocaleLowerCase();
  const has = all.filter((one) => words(one).toLocaleLowerCase().includes(asked));
  const begins = (one: T) => Number(!words(one).toLocaleLowerCase().startsWith(asked));
  return [...has].sort((a, b) => begins(a) - begins(b)).slice(0, most);
}
