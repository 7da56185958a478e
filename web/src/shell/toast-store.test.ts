// How long toasts stay, what holds them, and what can be undone.
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import { clearToasts, holdToasts, RECENT_MS, showToast, TOAST_MS, toastState, undo } from "./toast-store";

const texts = () => toastState().toasts.map((toast) => toast.text);

beforeEach(() => {
  vi.useFakeTimers();
  vi.setSystemTime(1_000_000);
});
afterEach(() => {
  holdToasts(false);
  clearToasts();
  vi.useRealTimers();
});

it("a toast goes after eight seconds", () => {
  showToast({ text: "Claimed" });
  vi.advanceTimersByTime(TOAST_MS - 1);
  expect(texts()).toEqual(["Claimed"]);
  vi.advanceTimersByTime(1);
  expect(texts()).toEqual([]);
});

it("held time does not count, and what was left goes on", () => {
  showToast({ text: "Claimed" });
  vi.advanceTimersByTime(6_000);
  holdToasts(true);
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(["Claimed"]);
  holdToasts(false);
  vi.advanceTimersByTime(1_999);
  expect(texts()).toEqual(["Claimed"]);
  vi.advanceTimersByTime(1);
  expect(texts()).toEqual([]);
});

it("one that comes while time is held waits too", () => {
  holdToasts(true);
  showToast({ text: "Claimed" });
  vi.advanceTimersByTime(60_000);
  expect(texts()).toEqual(["Claimed"]);
});

it("the same key takes the place of the one before, with its time anew", () => {
  showToast({ text: "1 saved", key: "save" });
  vi.advanceTimersByTime(7_000);
  showToast({ text: "2 saved", key: "save" });
  vi.advanceTimersByTime(7_000);
  expect(texts()).toEqual(["2 saved"]);
});

it("at most three stand at once, the newest ones", () => {
  for (const one of ["a", "b", "c", "d"]) {
    showToast({ text: one });
  }
  expect(texts()).toEqual(["b", "c", "d"]);
});

it("undo takes back the last action that can be, once, after its toast is gone too", async () => {
  const done: string[] = [];
  const note = (what: string) => () => {
    done.push(what);
  };
  showToast({ text: "first", action: { label: "Undo", run: note("first") } });
  showToast({ text: "second", action: { label: "Undo", run: note("second") } });
  showToast({ text: "opened", action: { label: "Open", isUndo: false, run: note("opened") } });
  vi.advanceTimersByTime(TOAST_MS * 2);
  await undo();
  await undo();
  await undo();
  expect(done).toEqual(["second", "first"]);
  expect(texts()).toEqual(["Nothing to undo."]);
});

it("what is older than ten minutes is not undone by a key", async () => {
  let ran = false;
  showToast({
    text: "old",
    action: {
      label: "Undo",
      run: () => {
        ran = true;
      },
    },
  });
  vi.advanceTimersByTime(RECENT_MS + 1);
  await undo();
  expect(ran).toBe(false);
});

it("an undo that fails says so", async () => {
  showToast({ text: "Dismissed", action: { label: "Undo", run: () => Promise.reject(new Error("gone")) } });
  await undo();
  expect(texts()).toEqual(["Could not be undone: Dismissed"]);
});
