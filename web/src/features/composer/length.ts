// What a text that is being written will cost and how it will go out: characters, segments, parts, what forces Unicode, and
// whether it is too long at all. Pure. The server decides again; this only says it beforehand.

import { isBlank, splitParts } from "../../segments/parts";
import { normalizeBody, scalarsIn, segmentsOf } from "../../segments/segments";
import { type Forcing, forcingOf } from "./forcing";

/** How many parts a text may have; the server refuses more. */
export const MOST_PARTS = 20;

export interface Length {
  readonly isBlank: boolean;
  /** Unicode scalar values, as the part limit counts them. */
  readonly characters: number;
  readonly segments: number;
  readonly encoding: "GSM-7" | "UCS-2";
  readonly parts: number;
  readonly isTooLong: boolean;
  readonly forcing: Forcing | undefined;
}

export function lengthOf(body: string, partLimit: number): Length {
  const text = normalizeBody(body);
  const characters = scalarsIn(text);
  if (characters > 2 * MOST_PARTS * partLimit) return farTooLong(characters, partLimit);
  const parts = splitParts(text, partLimit);
  const counted = (parts.length === 0 ? [text] : parts).map((part) => segmentsOf(part, "exact"));
  const isUnicode = counted.some((part) => part.encoding === "UCS-2");
  return {
    isBlank: isBlank(text),
    characters,
    segments: counted.reduce((sum, part) => sum + part.splits.length, 0),
    encoding: isUnicode ? "UCS-2" : "GSM-7",
    parts: parts.length,
    isTooLong: parts.length > MOST_PARTS,
    forcing: isUnicode ? forcingOf(segmentsOf(text, "exact")) : undefined,
  };
}

/** Not worth counting to the end at every key: it cannot be sent. */
function farTooLong(characters: number, partLimit: number): Length {
  const parts = Math.ceil(characters / partLimit);
  return { isBlank: false, characters, segments: parts, encoding: "GSM-7", parts, isTooLong: true, forcing: undefined };
}
