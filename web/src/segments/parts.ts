// Cutting a long text into parts, each of which is one text for the carrier; the parts joined are the original. A preview of
// what the server will do: core/src/messaging/parts.rs decides, this says it while one types.

import { scalarsIn } from "./segments";

/** UTF-16 units that the carrier takes in one text, counted the strictest way: an emoji is two. */
const MOST_UTF16_UNITS = 1600;

/** A part may end after white space, or before some where it is full. */
const BLANK = /^\p{White_Space}*$/u;
const ENDS_WITH_SPACE = /\p{White_Space}$/u;
const STARTS_WITH_SPACE = /^\p{White_Space}/u;

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const sentences = new Intl.Segmenter("en", { granularity: "sentence" });

/** Whether a body says nothing: carriers refuse it. */
export function isBlank(body: string): boolean {
  return BLANK.test(body);
}

/** Cuts `body` into parts of at most `limit` Unicode scalar values. None where it is blank. */
export function splitParts(body: string, limit: number): string[] {
  if (limit < 1 || isBlank(body)) return [];
  const parts: string[] = [];
  let rest = body;
  while (rest !== "") {
    const end = partEnd(rest, limit);
    parts.push(rest.slice(0, end));
    rest = rest.slice(end);
  }
  return parts;
}

/** The UTF-16 unit at which the first part of `rest` ends. */
function partEnd(rest: string, limit: number): number {
  if (rest.length <= limit && rest.length <= MOST_UTF16_UNITS) return rest.length;
  // No more than this can matter: the cluster that no longer fits begins within it.
  const near = rest.slice(0, 2 * MOST_UTF16_UNITS);
  const ends: number[] = [];
  let scalars = 0;
  for (const { segment, index } of graphemes.segment(near)) {
    const end = index + segment.length;
    scalars += scalarsIn(segment);
    if (scalars > limit || end > MOST_UTF16_UNITS) {
      return bestCut(rest, rest.slice(0, end), ends) ?? cutCluster(rest, limit);
    }
    ends.push(end);
  }
  return rest.length;
}

/** The best of the cluster boundaries `ends`. `seen` reaches one cluster beyond the last of them. */
function bestCut(rest: string, seen: string, ends: readonly number[]): number | undefined {
  const last = ends.at(-1);
  if (last === undefined) return undefined;
  const boundaries = new Set(ends);
  const firstInk = rest.search(/\P{White_Space}/u);
  const lastInk = lastInkOf(rest);
  const isUseful = (cut: number) => firstInk < cut && cut <= lastInk;
  const sentence = [...sentences.segment(seen)]
    .map(({ index }) => index)
    .filter((start) => boundaries.has(start) && isUseful(start))
    .at(-1);
  // The server measures the half in bytes of UTF-8.
  if (sentence !== undefined && bytesIn(rest.slice(0, sentence)) >= Math.floor(bytesIn(rest.slice(0, last)) / 2)) {
    return sentence;
  }
  return (
    ends.findLast((end) => isUseful(end) && isAtSpace(rest, end, last)) ?? sentence ?? ends.findLast(isUseful) ?? last
  );
}

/** A boundary right after white space, or right before some where the part is full. */
function isAtSpace(rest: string, cut: number, last: number): boolean {
  const after = ENDS_WITH_SPACE.test(rest.slice(Math.max(0, cut - 1), cut));
  const before = STARTS_WITH_SPACE.test(rest.slice(cut, cut + 1));
  return after ? !before || cut === last : before && cut === last;
}

/** Where the last character begins that is not white space. */
function lastInkOf(text: string): number {
  let at = text.length - 1;
  while (at > 0 && BLANK.test(text.charAt(at))) at -= 1;
  return at;
}

function bytesIn(text: string): number {
  let bytes = 0;
  for (const scalar of text) {
    const value = scalar.codePointAt(0) ?? 0;
    bytes += value < 0x80 ? 1 : value < 0x800 ? 2 : value < 0x10000 ? 3 : 4;
  }
  return bytes;
}

/** Where a cluster that fits into no part is cut: as many scalars as fit, but one at least. */
function cutCluster(rest: string, limit: number): number {
  let scalars = 0;
  let end = 0;
  for (const scalar of rest) {
    scalars += 1;
    if (end > 0 && (scalars > limit || end + scalar.length > MOST_UTF16_UNITS)) break;
    end += scalar.length;
  }
  return end;
}
