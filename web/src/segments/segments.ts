// How many SMS segments a text takes: GSM-7 or UCS-2, where it is cut, what makes it dear. Numbers only: the carrier does the
// cutting. The same rule, on the server: core/src/messaging/segments.rs; our own cutting into several texts is parts.ts.

import { septets } from "./alphabet";
import { clustersOf } from "./clusters";
import { plain } from "./likeness";

/** Bits of a segment's payload: 140 octets (3GPP TS 23.040). */
const SEGMENT_BITS = 1120;
/** Bits of the user data header that each segment of a longer text begins with: 6 octets. */
const HEADER_BITS = 48;

/** Whether the carrier may put plain characters for typographic ones. */
export type Substitution = "exact" | "smart";

/** What a text costs. An empty text is one empty segment. */
export interface Segmentation {
  /** The text that goes out: the one given, after substitution. */
  readonly text: string;
  readonly encoding: "GSM-7" | "UCS-2";
  /** In GSM-7 the septets, an escaped character (`€`, `[`) being two; in UCS-2 the grapheme clusters. */
  readonly characters: number;
  /** The Unicode scalar values of the text, after substitution. */
  readonly unicodeScalars: number;
  /** The bits of the text alone. */
  readonly messageBits: number;
  /** The bits with the headers of all segments. */
  readonly totalBits: number;
  /** The text of each segment, in order; at least one. */
  readonly splits: readonly string[];
  /** The clusters that GSM-7 does not have, in order, as often as they stand in the text. */
  readonly forcingUnicode: readonly string[];
}

interface Atom {
  readonly text: string;
  readonly bits: number;
}

/** Counts the segments of `body`. */
export function segmentsOf(body: string, substitution: Substitution): Segmentation {
  const text = substitution === "smart" ? plain(body) : body;
  const clusters = [...clustersOf(text)];
  const forcingUnicode = clusters.filter((cluster) => septets(cluster) === 0);
  const encoding = forcingUnicode.length === 0 ? "GSM-7" : "UCS-2";
  const atoms = clusters.flatMap(encoding === "GSM-7" ? gsmAtom : unicodeAtoms);
  const messageBits = atoms.reduce((sum, atom) => sum + atom.bits, 0);
  const splits = fill(atoms, messageBits);
  return {
    text,
    encoding,
    characters: encoding === "GSM-7" ? messageBits / 7 : clusters.length,
    unicodeScalars: scalarsIn(text),
    messageBits,
    totalBits: messageBits + (splits.length > 1 ? splits.length * HEADER_BITS : 0),
    splits,
    forcingUnicode,
  };
}

/** The body as it is kept and sent: NFC, in which `é` is one character of GSM-7 and not two of UCS-2. */
export function normalizeBody(text: string): string {
  return text.normalize("NFC");
}

/** The Unicode scalar values of a text. */
export function scalarsIn(text: string): number {
  let count = 0;
  for (const _scalar of text) count += 1;
  return count;
}

function gsmAtom(cluster: string): Atom {
  return { text: cluster, bits: septets(cluster) * 7 };
}

/** A cluster is never cut, but for the one that no segment could hold with its header: that one between its scalars. */
function unicodeAtoms(cluster: string): Atom[] {
  const whole = { text: cluster, bits: cluster.length * 16 };
  if (whole.bits <= SEGMENT_BITS - HEADER_BITS) return [whole];
  return [...cluster].map((scalar) => ({ text: scalar, bits: scalar.length * 16 }));
}

/** Fills segment after segment; with headers as soon as there is more than one. */
function fill(atoms: readonly Atom[], messageBits: number): string[] {
  const room = messageBits <= SEGMENT_BITS ? SEGMENT_BITS : SEGMENT_BITS - HEADER_BITS;
  const splits: string[] = [];
  let current = "";
  let used = 0;
  for (const atom of atoms) {
    if (used + atom.bits > room) {
      splits.push(current);
      current = "";
      used = 0;
    }
    current += atom.text;
    used += atom.bits;
  }
  splits.push(current);
  return splits;
}
