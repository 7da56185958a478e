// Where a text is cut into what was found and what stands between.
import { expect, test } from "vitest";
import { pieces } from "./marked";

const words = (text: string, marks: number[][]) =>
  pieces({ text, marks }).map(({ text: piece, isMark }) => (isMark ? `[${piece}]` : piece));

test("marks are cut out of the text, and nothing is lost", () => {
  expect(
    words("the knee and the knees", [
      [4, 8],
      [17, 22],
    ]),
  ).toEqual(["the ", "[knee]", " and the ", "[knees]"]);
  expect(words("knee", [[0, 4]])).toEqual(["[knee]"]);
  expect(words("nothing", [])).toEqual(["nothing"]);
});

test("places are UTF-16 code units, as the server counts them", () => {
  expect(words("😀 Knee", [[3, 7]])).toEqual(["😀 ", "[Knee]"]);
});
