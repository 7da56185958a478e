// Times in the firm's zone, across days, years and changes of the clock.
import { describe, expect, it } from "vitest";
import { clock, day, dayName, full, isZone, short } from "./format";

const zone = "America/New_York";
const at = (iso: string): Date => new Date(iso);
const now = at("2026-11-20T20:00:00Z");

describe("a time in a list", () => {
  it.each([
    ["2026-11-20T19:59:31Z", "now"],
    ["2026-11-20T20:00:20Z", "now"],
    ["2026-11-20T19:57:00Z", "3 min"],
    ["2026-11-20T19:00:01Z", "59 min"],
    ["2026-11-20T19:00:00Z", "2:00 PM"],
    ["2026-11-20T05:00:00Z", "12:00 AM"],
    ["2026-11-20T04:59:00Z", "Nov 19"],
    ["2025-11-20T15:42:00Z", "Nov 20, 2025"],
  ])("%s reads %s", (iso, words) => {
    expect(short(at(iso), zone, now).replace(/\u202f/g, " ")).toBe(words);
  });
});

describe("a day in a thread", () => {
  it.each([
    ["2026-11-20T05:00:00Z", "Today"],
    ["2026-11-20T04:59:59Z", "Yesterday"],
    ["2026-11-19T04:59:59Z", "Wednesday, November 18"],
    ["2025-12-31T12:00:00Z", "Wednesday, December 31, 2025"],
  ])("%s reads %s", (iso, words) => {
    expect(dayName(at(iso), zone, now)).toBe(words);
  });

  it("is the firm's day, also where the clocks change", () => {
    expect(day(at("2026-11-01T05:30:00Z"), zone)).toBe("2026-11-01");
    expect(day(at("2026-11-01T03:59:59Z"), zone)).toBe("2026-10-31");
    const after = at("2026-11-02T04:30:00Z");
    expect(dayName(at("2026-11-01T03:30:00Z"), zone, after), "a day of 25 hours is one day").toBe("Yesterday");
  });
});

describe("a full stamp", () => {
  it("names the zone of then", () => {
    expect(full(at("2026-07-01T15:42:07Z"), zone).replace(/\u202f/g, " ")).toBe("Jul 1, 2026, 11:42:07 AM EDT");
    expect(full(at("2026-11-20T15:42:07Z"), zone).replace(/\u202f/g, " ")).toBe("Nov 20, 2026, 10:42:07 AM EST");
    expect(clock(at("2026-11-20T15:42:07Z"), zone).replace(/\u202f/g, " ")).toBe("10:42 AM");
  });
});

it("knows a zone from what is none", () => {
  expect(isZone("Europe/Berlin")).toBe(true);
  expect(isZone("Mars/Olympus")).toBe(false);
});
