// In which order rows are drawn, so that nothing moves under the reader's eyes: while scrolled down, what is shown keeps its
// place and what is new waits above; a row that leaves by somebody else's act stays for a moment. Pure.

export interface Order {
  readonly ids: readonly string[];
  /** How many rows wait above. */
  readonly waiting: number;
}

/**
 * The rows to draw while the list is held. `held` is what was drawn when the reader scrolled away, `live` what the list is
 * now: rows that left go, rows loaded below come, the others keep their place.
 */
export function holdOrder(held: readonly string[], live: readonly string[]): Order {
  const places = new Map(live.map((id, at) => [id, at]));
  const kept = held.filter((id) => places.has(id));
  const shown = new Set(kept);
  const first = kept[0];
  if (first === undefined) return { ids: live, waiting: 0 };
  // Whoever stands deepest of those that were not touched since marks where the waiting rows end.
  const lastPlace = Math.max(...kept.map((id) => places.get(id) ?? 0));
  const below = live.slice(lastPlace + 1).filter((id) => !shown.has(id));
  const waiting = live.slice(0, lastPlace + 1).filter((id) => !shown.has(id)).length + movedUp(kept, places);
  return { ids: [...kept, ...below], waiting };
}

/** How many of the kept rows stand before the first of them now: they had something new. */
function movedUp(kept: readonly string[], places: ReadonlyMap<string, number>): number {
  const first = places.get(kept[0] ?? "") ?? 0;
  return kept.filter((id) => (places.get(id) ?? 0) < first).length;
}

/** Puts rows that are leaving back where they were: after the row that stood before them. */
export function withLeaving(
  ids: readonly string[],
  before: readonly string[],
  leaving: ReadonlySet<string>,
): readonly string[] {
  if (leaving.size === 0) return ids;
  const present = new Set(ids);
  const shown = [...ids];
  for (const [at, id] of before.entries()) {
    if (!leaving.has(id) || present.has(id)) continue;
    const neighbour = nearestAbove(before, at, present);
    shown.splice(neighbour === undefined ? 0 : shown.indexOf(neighbour) + 1, 0, id);
    present.add(id);
  }
  return shown;
}

function nearestAbove(before: readonly string[], at: number, present: ReadonlySet<string>): string | undefined {
  for (let above = at - 1; above >= 0; above -= 1) {
    const id = before[above];
    if (id !== undefined && present.has(id)) return id;
  }
  return undefined;
}
