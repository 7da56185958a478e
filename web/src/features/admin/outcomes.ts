// The list of outcomes as it is edited: codes for new ones, and their order. Pure. A code never changes with its label, for calls of
// the past name it.
import type { Schemas } from "../../api/client";

export type Outcome = Schemas["Disposition"];

/** A code out of the label's letters that none of the others has. */
export function codeFor(label: string, others: readonly Outcome[]): string {
  const letters = label
    .normalize("NFKD")
    .replace(/\p{M}+/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "_")
    .replace(/^_+|_+$/g, "")
    .slice(0, 50);
  const base = letters === "" ? "outcome" : letters;
  const taken = new Set(others.map(({ code }) => code));
  let code = base;
  for (let nth = 2; taken.has(code); nth += 1) {
    code = `${base}_${nth}`;
  }
  return code;
}

/** The list with one of it a place further up or down. */
export function moved(outcomes: readonly Outcome[], place: number, by: 1 | -1): Outcome[] {
  const list = [...outcomes];
  const [one] = list.splice(place, 1);
  if (one !== undefined) {
    list.splice(Math.max(0, place + by), 0, one);
  }
  return list;
}

/** Whether two settings say the same. */
export function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
