// Which rows a list draws, as React state over row-order.ts: held while scrolled down or pointed at by the keyboard below the
// top, and rows that left by somebody else's act for four seconds more. Refuses to know what a row looks like.

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { ListState } from "../../live/model";
import { holdOrder, withLeaving } from "./row-order";

/** How long a row stays after somebody else took it. */
export const LEAVING_MS = 4_000;
/** An act of one's own on a conversation counts as the reason for its leaving for this long. */
const OWN_ACT_MS = 10_000;

const ownActs = new Map<string, number>();

/** Says that the reader has just acted on a conversation: its row may leave at once, without being told of. */
export function noteOwnAct(conversationId: string): void {
  ownActs.set(conversationId, Date.now());
}

function isOwnAct(conversationId: string): boolean {
  const at = ownActs.get(conversationId);
  return at !== undefined && Date.now() - at < OWN_ACT_MS;
}

export interface ListOrder {
  readonly ids: readonly string[];
  readonly waiting: number;
  readonly leaving: ReadonlySet<string>;
  /** Takes over the live order: the reader asked for it, or is at the top. */
  release(): void;
  /** Keeps the order as it is drawn now. */
  hold(): void;
}

/** `name` names the list: with another one nothing is held and nobody leaves. */
export function useListOrder(list: ListState, name: string, selectedId: string | undefined): ListOrder {
  const [held, setHeld] = useState<readonly string[] | undefined>(undefined);
  const live = list.ids;
  const { leaving, before } = useLeaving(list, name, selectedId);
  const order = useMemo(() => (held === undefined ? { ids: live, waiting: 0 } : holdOrder(held, live)), [held, live]);
  const ids = useMemo(() => withLeaving(order.ids, before, leaving), [order.ids, before, leaving]);
  const shown = useRef(ids);
  shown.current = ids;
  useResetOn(name, () => setHeld(undefined));
  const release = useCallback(() => setHeld(undefined), []);
  const hold = useCallback(() => setHeld((current) => current ?? shown.current), []);
  return { ids, waiting: order.waiting, leaving, release, hold };
}

function useResetOn(name: string, reset: () => void): void {
  const [known, setKnown] = useState(name);
  if (known !== name) {
    setKnown(name);
    reset();
  }
}

interface Leaving {
  /** Of which list. */
  readonly name: string;
  /** How many had left when it was last looked at. */
  readonly seen: number;
  readonly leaving: ReadonlySet<string>;
  /** The order in which the leaving rows still stood. */
  readonly before: readonly string[];
}

const NOBODY: ReadonlySet<string> = new Set();

/** Costs what left or came back, however long the list is, and renders once more only then. */
function useLeaving(list: ListState, name: string, selectedId: string | undefined): Leaving {
  const [state, setState] = useState<Leaving>({ name, seen: list.leftCount, leaving: NOBODY, before: [] });
  const drawn = useRef(list.ids);
  let current = state;
  if (state.name !== name) {
    current = { name, seen: list.leftCount, leaving: NOBODY, before: [] };
  } else if (list.leftCount !== state.seen || [...state.leaving].some(list.has)) {
    current = next(state, list, drawn.current, selectedId);
  }
  if (current !== state) setState(current);
  useEffect(() => {
    drawn.current = list.ids;
  }, [list.ids]);
  const { leaving } = current;
  useEffect(() => {
    if (leaving.size === 0) return;
    const timer = setTimeout(() => setState((now) => ({ ...now, leaving: NOBODY })), LEAVING_MS);
    return () => clearTimeout(timer);
  }, [leaving]);
  return current;
}

function next(state: Leaving, list: ListState, drawn: readonly string[], selectedId: string | undefined): Leaving {
  // The open one stands above the list as soon as the list does not have it.
  const left = list
    .leftBetween(state.seen, list.leftCount)
    .filter((id) => !list.has(id) && id !== selectedId && !isOwnAct(id));
  const stillLeaving = [...state.leaving].filter((id) => !list.has(id));
  const seen = list.leftCount;
  if (left.length === 0 && stillLeaving.length === state.leaving.size) return { ...state, seen };
  const before = state.leaving.size === 0 ? drawn : withLeaving(drawn, state.before, state.leaving);
  return { ...state, seen, leaving: new Set([...stillLeaving, ...left]), before };
}
