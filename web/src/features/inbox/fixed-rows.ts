// Which rows of a long list are drawn, all of them alike in height: arithmetic on where one has scrolled to, whatever the list's length.
// Rows of many heights: features/thread/message-list.tsx.

import { type RefObject, useCallback, useLayoutEffect, useMemo, useRef, useState } from "react";
import { flushSync } from "react-dom";
import { useAppearance } from "../../ui/appearance";

/** Rows that are drawn above and below what is in sight. */
const BEYOND = 8;
/** How far one may have scrolled and still be at the top, in pixels. */
export const TOP_PX = 4;

type Sight = {
  readonly first: number;
  readonly rows: number;
  readonly height: number;
  readonly isAtTop: boolean;
};

export interface FixedRows {
  /** The places that are drawn, ascending. */
  readonly places: readonly number[];
  /** Of one row, in pixels. */
  readonly height: number;
  /** The last place in sight. */
  readonly last: number;
  readonly isAtTop: boolean;
  /** Scrolls as little as brings the row in sight. */
  readonly show: (place: number) => void;
  readonly toTop: () => void;
}

/** `kept` is a place that stays drawn wherever one scrolls to: the row that has the focus, which would be lost. */
export function useFixedRows(count: number, scroller: RefObject<HTMLElement | null>, kept: number): FixedRows {
  const [sight, setSight] = useState<Sight>(() => ({ first: 0, rows: 0, height: rowHeight(), isAtTop: true }));
  const height = useRef(sight.height);
  const look = useCallback(() => {
    const element = scroller.current;
    if (element === null) return;
    const next: Sight = {
      first: Math.floor(element.scrollTop / height.current),
      rows: Math.ceil(element.clientHeight / height.current) + 1,
      height: height.current,
      isAtTop: element.scrollTop <= TOP_PX,
    };
    setSight((old) => (isSame(old, next) ? old : next));
  }, [scroller]);
  const { density } = useAppearance();
  // biome-ignore lint/correctness/useExhaustiveDependencies: the density sets the height
  useLayoutEffect(() => {
    const element = scroller.current;
    if (element === null) return;
    const measure = () => {
      height.current = rowHeight();
      look();
    };
    // Drawn before the picture that shows where one has scrolled to.
    const follow = () => flushSync(look);
    measure();
    element.addEventListener("scroll", follow, { passive: true });
    const sizes = new ResizeObserver(measure);
    sizes.observe(element);
    return () => {
      element.removeEventListener("scroll", follow);
      sizes.disconnect();
    };
  }, [look, scroller, density]);
  const show = useCallback(
    (place: number) => {
      const element = scroller.current;
      if (element === null) return;
      const [top, bottom] = [place * height.current, (place + 1) * height.current];
      if (top < element.scrollTop) element.scrollTop = top;
      else if (bottom > element.scrollTop + element.clientHeight) element.scrollTop = bottom - element.clientHeight;
    },
    [scroller],
  );
  const toTop = useCallback(() => scroller.current?.scrollTo(0, 0), [scroller]);
  const places = useMemo(() => drawn(sight, count, kept), [sight, count, kept]);
  const last = Math.min(count - 1, sight.first + sight.rows - 1);
  return { places, height: sight.height, last, isAtTop: sight.isAtTop, show, toTop };
}

function isSame(a: Sight, b: Sight): boolean {
  return a.first === b.first && a.rows === b.rows && a.height === b.height && a.isAtTop === b.isAtTop;
}

/** The places to draw. */
export function drawn(sight: { first: number; rows: number }, count: number, kept: number): readonly number[] {
  if (sight.rows === 0) return [];
  const first = Math.max(0, Math.min(sight.first, count - sight.rows) - BEYOND);
  const last = Math.min(count - 1, sight.first + sight.rows - 1 + BEYOND);
  const places = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
  if (kept < 0 || kept >= count || (kept >= first && kept <= last)) return places;
  return kept < first ? [kept, ...places] : [...places, kept];
}

/** The height of a row in pixels: `--row-height` is in rem. */
function rowHeight(): number {
  const root = getComputedStyle(document.documentElement);
  const rem = Number.parseFloat(root.getPropertyValue("--row-height")) || 4.75;
  return rem * (Number.parseFloat(root.fontSize) || 16);
}
