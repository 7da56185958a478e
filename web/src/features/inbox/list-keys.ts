// Moving through a list by keyboard with one stop for the Tab key: which row is reachable, and putting the focus on a row
// that may not be drawn yet. Refuses to open anything: Enter is the link's own.

import { type RefObject, useCallback, useEffect, useRef, useState } from "react";

export interface ListKeys {
  /** The place of the row that Tab reaches; -1 in an empty list. */
  readonly reachable: number;
  /** Where whoever draws the rows puts what brings one of them in sight. */
  readonly scrollTo: RefObject<(place: number) => void>;
  /** Moves the focus by so many rows, or to an end. */
  move(step: number | "first" | "last"): void;
  onKeyDown(event: React.KeyboardEvent): void;
  onFocus(event: React.FocusEvent): void;
}

interface Options {
  readonly ids: readonly string[];
  readonly selectedId: string | undefined;
  readonly scroller: RefObject<HTMLElement | null>;
}

const STEPS: Readonly<Record<string, number | "first" | "last">> = {
  ArrowDown: 1,
  ArrowUp: -1,
  PageDown: 8,
  PageUp: -8,
  Home: "first",
  End: "last",
};

export function useListKeys({ ids, selectedId, scroller }: Options): ListKeys {
  const [activeId, setActiveId] = useState<string | undefined>(undefined);
  const scrollTo = useRef<(place: number) => void>(() => {});
  const wanted = useRef<string | undefined>(undefined);
  const reachable = placeOf(ids, activeId) ?? placeOf(ids, selectedId) ?? (ids.length > 0 ? 0 : -1);

  const move = useCallback(
    (step: number | "first" | "last") => {
      if (ids.length === 0) return;
      const isInside = scroller.current?.contains(document.activeElement) ?? false;
      const place = target(step, reachable, ids.length, isInside);
      const id = ids[place];
      if (id === undefined) return;
      wanted.current = id;
      setActiveId(id);
      scrollTo.current(place);
      focusRow(scroller.current, id);
    },
    [ids, reachable, scroller],
  );

  // A row far away is drawn a moment after it was asked for.
  useEffect(() => {
    const id = wanted.current;
    if (id !== undefined && focusRow(scroller.current, id)) wanted.current = undefined;
  });

  const onKeyDown = (event: React.KeyboardEvent) => {
    const step = STEPS[event.key];
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    event.preventDefault();
    move(step);
  };
  const onFocus = (event: React.FocusEvent) => {
    const row = event.target.closest("[data-conversation]");
    const id = row?.getAttribute("data-conversation") ?? undefined;
    if (id !== undefined) setActiveId(id);
  };
  return { reachable, scrollTo, move, onKeyDown, onFocus };
}

function placeOf(ids: readonly string[], id: string | undefined): number | undefined {
  if (id === undefined) return undefined;
  const place = ids.indexOf(id);
  return place === -1 ? undefined : place;
}

/** From outside of the list the first step goes to the row that Tab would reach. */
function target(step: number | "first" | "last", from: number, length: number, isInside: boolean): number {
  if (step === "first") return 0;
  if (step === "last") return length - 1;
  return Math.min(length - 1, Math.max(0, isInside ? from + step : from));
}

function focusRow(scroller: HTMLElement | null, id: string): boolean {
  const row = scroller?.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(id)}"]`);
  row?.focus({ preventScroll: true });
  return row !== null && row !== undefined;
}
