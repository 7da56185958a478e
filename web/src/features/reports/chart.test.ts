// The scale and the bars of a chart.
import { expect, test } from "vitest";
import { bars, scale } from "./chart";

test("a scale is of round steps and reaches the largest value", () => {
  expect(scale(0)).toEqual([0, 1]);
  expect(scale(7)).toEqual([0, 2, 4, 6, 8]);
  expect(scale(10_000)).toEqual([0, 2500, 5000, 7500, 10_000]);
});

test("bars stand on each other or side by side", () => {
  const series = [
    { name: "in", values: [3] },
    { name: "out", values: [4] },
  ];
  expect(bars(series, 0, true).map(({ from, to, place, of }) => [from, to, place, of])).toEqual([
    [0, 3, 0, 1],
    [3, 7, 0, 1],
  ]);
  expect(bars(series, 0, false).map(({ from, to, place, of }) => [from, to, place, of])).toEqual([
    [0, 3, 0, 2],
    [0, 4, 1, 2],
  ]);
});
