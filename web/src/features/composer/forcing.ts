// Which characters force a text into Unicode, what they are called, and what a plain likeness of them would save. Pure; the
// chip that offers the replacement is segment-meter.tsx.

import { likenessOf } from "../../segments/likeness";
import { type Segmentation, segmentsOf } from "../../segments/segments";
import { text } from "../../text/en";

export type ReplacementKind = keyof typeof text.composer.replace;

export interface Forcing {
  /** How often such characters stand in the text. */
  readonly count: number;
  /** Each of them once, by how it looks and what it is called; the first few. */
  readonly characters: readonly { readonly cluster: string; readonly name: string | undefined }[];
  /** How many further ones there are. */
  readonly more: number;
  /** What to offer, where replacing brings the text back to GSM-7. */
  readonly replacement: { readonly kind: ReplacementKind; readonly text: string; readonly saves: number } | undefined;
}

const SHOWN = 4;
const INVISIBLE = /^[\p{Cf}\p{Cc}\p{Zs}\p{Zl}\p{Zp}]+$/u;

const KINDS: readonly (readonly [ReplacementKind, RegExp])[] = [
  ["quotes", /^[\u2018-\u201f\u00ab\u00bb\u00b4`]$/u],
  ["dashes", /^[\u2010-\u2015]$/u],
  ["spaces", /^[\u00a0\u2000-\u200a\u202f\u205f\u3000\t]$/u],
  ["ellipsis", /^\u2026$/u],
  ["invisible", /^[\u200b-\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]$/u],
];

/** What forces `counted` into Unicode; none where nothing does. */
export function forcingOf(counted: Segmentation): Forcing | undefined {
  if (counted.forcingUnicode.length === 0) return undefined;
  const distinct = [...new Set(counted.forcingUnicode)];
  return {
    count: counted.forcingUnicode.length,
    characters: distinct.slice(0, SHOWN).map((cluster) => ({ cluster, name: nameOf(cluster) })),
    more: Math.max(0, distinct.length - SHOWN),
    replacement: replacementOf(counted, distinct),
  };
}

/** What a character is called where its look does not tell; invisible ones by their code point at least. */
export function nameOf(cluster: string): string | undefined {
  const names: Readonly<Record<string, string>> = text.composer.character;
  const name = names[cluster];
  if (name !== undefined || !INVISIBLE.test(cluster)) return name;
  return text.composer.codePoint((cluster.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0"));
}

function replacementOf(counted: Segmentation, forcing: readonly string[]): Forcing["replacement"] {
  const replaced = replaceForcing(counted.text, new Set(forcing));
  const after = segmentsOf(replaced, "exact");
  if (after.encoding !== "GSM-7") return undefined;
  const kinds = new Set(forcing.map(kindOf));
  const [only] = kinds;
  return {
    kind: kinds.size === 1 && only !== undefined ? only : "mixed",
    text: replaced,
    saves: counted.splits.length - after.splits.length,
  };
}

function kindOf(cluster: string): ReplacementKind {
  return KINDS.find(([, pattern]) => pattern.test(cluster))?.[0] ?? "mixed";
}

/** Replaces the characters that force Unicode and no others: a tab or a guillemet that is in the way of nothing stays. */
function replaceForcing(whole: string, forcing: ReadonlySet<string>): string {
  let replaced = "";
  for (const scalar of whole) replaced += forcing.has(scalar) ? plainOf(scalar) : scalar;
  return replaced;
}

/** One space for a wide one: the table's likeness has the width of the character, a reader wants one. */
function plainOf(scalar: string): string {
  if (/^\p{Zs}$/u.test(scalar) || scalar === "\t") return " ";
  if (/^[\u200e\u200f\u202a-\u202e\u2066-\u2069]$/u.test(scalar)) return "";
  return likenessOf(scalar) ?? scalar;
}
