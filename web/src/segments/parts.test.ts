// The cutting into parts says what the server will do: the stories of core/tests/all/parts.rs, and its properties.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { splitParts } from "./parts";
import { scalarsIn } from "./segments";

const FAMILY = "👨\u200d👩\u200d👧\u200d👦";

describe("parts", () => {
  it("makes one of 999 characters and two of 1000", () => {
    expect(splitParts("a".repeat(999), 999)).toHaveLength(1);
    expect(splitParts("a".repeat(1000), 999)).toHaveLength(2);
    expect(splitParts("я".repeat(1999), 999)).toHaveLength(3);
  });

  it.each<[string, string, number, string[]]>([
    [
      "ends after a sentence",
      "We sent the form. Please sign it today.",
      30,
      ["We sent the form. ", "Please sign it today."],
    ],
    ["ends after a line", "One two three\nfour five six", 20, ["One two three\n", "four five six"]],
    ["knows other full stops", "今日は。明日は。", 6, ["今日は。", "明日は。"]],
    ["prefers white space to an early sentence", "Hi! alpha beta gamma delta", 19, ["Hi! alpha beta ", "gamma delta"]],
    ["prefers an early sentence end to none", "今。明日明日明日", 7, ["今。", "明日明日明日"]],
    ["takes no sentence end within a cluster", "aaa?\u0e33bb", 6, ["aaa?\u0e33b", "b"]],
    ["keeps a word whole that just fits", "alpha beta gamma", 10, ["alpha beta", " gamma"]],
    ["leaves white space at the end", "alpha beta gamma", 11, ["alpha beta ", "gamma"]],
    ["cuts an endless word", "x".repeat(25), 10, ["x".repeat(10), "x".repeat(10), "x".repeat(5)]],
    ["makes no part of white space", `${"a".repeat(10)}   `, 10, ["a".repeat(9), "a   "]],
    ["keeps a cluster whole", `abc${FAMILY}`, 8, ["abc", FAMILY]],
  ])("%s", (_name, body, limit, parts) => {
    expect(splitParts(body, limit)).toEqual(parts);
  });

  it("counts emoji as the carrier counts them", () => {
    expect(splitParts("😀".repeat(999), 999).map(scalarsIn)).toEqual([800, 199]);
  });

  it("cuts a cluster that no part can hold", () => {
    const parts = splitParts(FAMILY, 3);
    expect(parts.join("")).toBe(FAMILY);
    expect(parts.every((part) => scalarsIn(part) <= 3)).toBe(true);
  });

  it("makes none of a blank text", () => {
    expect(splitParts("", 999)).toEqual([]);
    expect(splitParts(" \n\u00a0", 999)).toEqual([]);
  });

  it("joins to the original, each part fitting, none empty", () => {
    const piece = fc.oneof(
      fc.stringMatching(/^[a-zA-Z]{1,9}[ .,!?]{1,2}$/),
      fc.constantFrom("👨\u200d👩\u200d👧", "🇺🇸", "e\u0301\u0301", "\r\n", "क्षि", "    ", "яяяя"),
      fc.string({ unit: "grapheme", maxLength: 5 }),
    );
    fc.assert(
      fc.property(
        fc.array(piece, { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 1, max: 80 }),
        (pieces, limit) => {
          const body = pieces.join("");
          const parts = splitParts(body, limit);
          if (parts.length > 0) expect(parts.join("")).toBe(body);
          for (const part of parts) {
            expect(part).not.toBe("");
            expect(scalarsIn(part)).toBeLessThanOrEqual(limit);
          }
        },
      ),
    );
  });

  it("cuts 100 kB without white space in no time", () => {
    const started = performance.now();
    expect(splitParts("x".repeat(100_000), 999)).toHaveLength(101);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
