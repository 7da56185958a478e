// @vitest-environment happy-dom
// What is typed before the palette is there is kept, in order, and acts nowhere else.
import { expect, it } from "vitest";
import { holdKeys, takeKeys } from "./early-keys";

function press(key: string, more: KeyboardEventInit = {}): boolean {
  return document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more }));
}

it("keeps letters and takes them back, until they are taken", () => {
  holdKeys();
  let reached = 0;
  document.body.addEventListener("keydown", () => {
    reached += 1;
  });
  for (const key of ["j", "a", "m", "Backspace", "n", "e"]) {
    expect(press(key)).toBe(false);
  }
  expect(reached).toBe(0);
  expect(press("k", { ctrlKey: true })).toBe(true);
  expect(press("Escape")).toBe(true);
  expect(takeKeys()).toEqual({ typed: "jane", isEntered: false });
  expect(press("j")).toBe(true);
  expect(takeKeys()).toEqual({ typed: "", isEntered: false });
});

it("keeps the Enter that ends what was typed, and nothing after it", () => {
  holdKeys();
  for (const key of ["Enter", "j", "o", "Enter", "x", "Backspace"]) {
    expect(press(key)).toBe(false);
  }
  expect(takeKeys()).toEqual({ typed: "jo", isEntered: true });
  holdKeys();
  expect(takeKeys()).toEqual({ typed: "", isEntered: false });
});
