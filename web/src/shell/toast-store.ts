// Passing news and what can be undone: a plain store that anything may write to. A toast stays 8 seconds, longer while time is held; what
// can be undone stays for 10 minutes in the recent actions. Refuses to draw: toast.tsx does.
import { useSyncExternalStore } from "react";
import { text } from "../text/en";

export const TOAST_MS = 8_000;
export const RECENT_MS = 10 * 60_000;
const MOST_TOASTS = 3;
const MOST_RECENT = 20;

export type ToastAction = {
  label: string;
  run: () => unknown;
  /** Whether it takes something back, and so is offered by Ctrl+Z and under recent actions; true where it is not said. */
  isUndo?: boolean | undefined;
};

export type ToastRequest = {
  tone?: "neutral" | "ok" | "bad" | undefined;
  text: string;
  action?: ToastAction | undefined;
  /** A later toast of the same key takes the place of the one before. */
  key?: string | undefined;
};

export type Toast = { id: string; tone: "neutral" | "ok" | "bad"; text: string; action: ToastAction | undefined };
export type RecentAction = { id: string; text: string; at: number };

type State = { toasts: readonly Toast[]; recent: readonly RecentAction[] };
type Clock = { remaining: number; since: number; timer: ReturnType<typeof setTimeout> | undefined };

let state: State = { toasts: [], recent: [] };
let counter = 0;
let isHeld = false;
const undos = new Map<string, () => unknown>();
const clocks = new Map<string, Clock>();
const listeners = new Set<() => void>();

export function showToast(request: ToastRequest): void {
  counter += 1;
  const id = request.key ?? `toast-${counter}`;
  const toast: Toast = { id, tone: request.tone ?? "neutral", text: request.text, action: request.action };
  const others = state.toasts.filter((one) => one.id !== id);
  for (const dropped of others.slice(0, Math.max(0, others.length + 1 - MOST_TOASTS))) {
    stop(dropped.id);
  }
  const toasts = [...others, toast].slice(-MOST_TOASTS);
  stop(id);
  clocks.set(id, { remaining: TOAST_MS, since: 0, timer: undefined });
  become({ toasts, recent: remembered(request, id) });
  if (!isHeld) {
    start(id);
  }
}

function remembered(request: ToastRequest, id: string): readonly RecentAction[] {
  const now = Date.now();
  const kept = state.recent.filter((one) => now - one.at <= RECENT_MS);
  if (!request.action || request.action.isUndo === false) {
    return kept;
  }
  const recentId = `${id}@${counter}`;
  undos.set(recentId, request.action.run);
  return [{ id: recentId, text: request.text, at: now }, ...kept].slice(0, MOST_RECENT);
}

export function dismissToast(id: string): void {
  stop(id);
  clocks.delete(id);
  become({ ...state, toasts: state.toasts.filter((toast) => toast.id !== id) });
}

/** Does what a toast offers, and takes it away. */
export async function runToastAction(toast: Toast): Promise<void> {
  const { action } = toast;
  if (!action) {
    return;
  }
  dismissToast(toast.id);
  if (action.isUndo === false) {
    await action.run();
    return;
  }
  const entry = state.recent.find((one) => undos.get(one.id) === action.run);
  if (entry) {
    await undo(entry.id);
  }
}

/** Takes back a recent action, or the last one. What cannot be undone is said in a toast. */
export async function undo(id?: string): Promise<void> {
  const now = Date.now();
  const entry =
    id === undefined
      ? state.recent.find((one) => now - one.at <= RECENT_MS)
      : state.recent.find((one) => one.id === id);
  const run = entry === undefined ? undefined : undos.get(entry.id);
  if (!entry || !run) {
    showToast({ text: text.shell.nothingToUndo, key: "undo" });
    return;
  }
  undos.delete(entry.id);
  const open = state.toasts.find((toast) => toast.action?.run === run);
  become({ ...state, recent: state.recent.filter((one) => one.id !== entry.id) });
  if (open) {
    dismissToast(open.id);
  }
  try {
    await run();
    showToast({ text: text.shell.undone(entry.text), key: "undo" });
  } catch {
    showToast({ tone: "bad", text: text.shell.undoFailed(entry.text), key: "undo" });
  }
}

/** Holds the time of all toasts while one points at them, works in them, or looks elsewhere; lets it go on with what was left. */
export function holdToasts(hold: boolean): void {
  if (hold === isHeld) {
    return;
  }
  isHeld = hold;
  for (const [id, clock] of clocks) {
    if (hold) {
      clearTimeout(clock.timer);
      clock.remaining = Math.max(0, clock.remaining - (Date.now() - clock.since));
    } else {
      start(id);
    }
  }
}

/** Forgets everything, as when somebody signs out. */
export function clearToasts(): void {
  for (const id of clocks.keys()) {
    stop(id);
  }
  clocks.clear();
  undos.clear();
  become({ toasts: [], recent: [] });
}

export function useToastList(): readonly Toast[] {
  return useSyncExternalStore(subscribe, () => state.toasts);
}

export function useRecentActions(): readonly RecentAction[] {
  return useSyncExternalStore(subscribe, () => state.recent);
}

export function toastState(): State {
  return state;
}

function start(id: string): void {
  const clock = clocks.get(id);
  if (clock) {
    clock.since = Date.now();
    clock.timer = setTimeout(() => dismissToast(id), clock.remaining);
  }
}

function stop(id: string): void {
  clearTimeout(clocks.get(id)?.timer);
  clocks.delete(id);
}

function become(next: State): void {
  state = next;
  for (const listener of listeners) {
    listener();
  }
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
