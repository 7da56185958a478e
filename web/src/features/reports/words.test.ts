// Numbers and labels as they are read.
import { expect, test } from "vitest";
import { labelWords, spanWords, valueWords } from "./words";

test("a span has two units at most", () => {
  expect([0, 12, 80, 3600, 3720, 190_000].map(spanWords)).toEqual([
    "0 sec",
    "12 sec",
    "1 min 20 sec",
    "1 hr",
    "1 hr 2 min",
    "2 days 4 hr",
  ]);
});

test("a number is written as what it is", () => {
  expect(valueWords("count", 12_345)).toBe("12,345");
  expect(valueWords("basis_points", 9_512)).toBe("95.1%");
  expect(valueWords("date", 20_480)).toBe("Jan 27, 2026");
  expect(valueWords("seconds", null)).toBe("–");
});

test("days, months and words of the server are told apart from names", () => {
  expect(labelWords("2026-01-27")).toBe("Jan 27, 2026");
  expect(labelWords("2026-01-27", true)).toBe("Jan 27");
  expect(labelWords("2026-01")).toBe("Jan 2026");
  expect(labelWords("failed 30003")).toBe("Failed (30003)");
  expect(labelWords("")).toBe("No role");
  expect(labelWords("Expert Witness")).toBe("Expert Witness");
});
