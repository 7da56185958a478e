// Windows are said in the unit that people know them by, and read back.
import fc from "fast-check";
import { expect, it } from "vitest";
import { LONGEST_WINDOW, secondsOf, spanOf } from "./window-span";

it("says 48 hours, 7 days, 90 minutes, 45 seconds", () => {
  expect([172_800, 604_800, 5_400, 45].map(spanOf)).toEqual([
    { amount: 48, unit: "hours" },
    { amount: 7, unit: "days" },
    { amount: 90, unit: "minutes" },
    { amount: 45, unit: "seconds" },
  ]);
});

it("refuses what is no window", () => {
  expect(["", " ", "0", "-1", "1.5", "abc", "31"].map((amount) => secondsOf(amount, "days"))).toEqual(
    Array(7).fill(undefined),
  );
  expect(secondsOf("30", "days")).toBe(LONGEST_WINDOW);
});

it("reads back every window that it says", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: LONGEST_WINDOW }), (seconds) => {
      const { amount, unit } = spanOf(seconds);
      expect(secondsOf(String(amount), unit)).toBe(seconds);
    }),
  );
});
