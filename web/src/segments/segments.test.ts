// Segment counts against the vectors that the server's tests use (core/tests/data), and the rules that no vector states.

import { readFileSync } from "node:fs";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normalizeBody, segmentsOf } from "./segments";

interface Vector {
  readonly name: string;
  readonly body: string;
  readonly smartEncoding: boolean;
  readonly encoding: string;
  readonly numberOfCharacters: number;
  readonly unicodeScalars: number;
  readonly segments: number;
  readonly totalSizeBits: number;
  readonly messageSizeBits: number;
  readonly nonGsm: readonly string[];
  readonly splits: readonly {
    readonly len_utf16: number;
    readonly text?: string;
    readonly head?: string;
    readonly tail?: string;
  }[];
}

function vectors(file: string): readonly Vector[] {
  const path = new URL(`../../../core/tests/data/${file}`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8"));
}

function check(vector: Vector) {
  const counted = segmentsOf(vector.body, vector.smartEncoding ? "smart" : "exact");
  expect({
    encoding: counted.encoding,
    characters: counted.characters,
    scalars: counted.unicodeScalars,
    segments: counted.splits.length,
    totalBits: counted.totalBits,
    messageBits: counted.messageBits,
    forcing: counted.forcingUnicode,
  }).toEqual({
    encoding: vector.encoding,
    characters: vector.numberOfCharacters,
    scalars: vector.unicodeScalars,
    segments: vector.segments,
    totalBits: vector.totalSizeBits,
    messageBits: vector.messageSizeBits,
    forcing: vector.nonGsm,
  });
  vector.splits.forEach((expected, at) => {
    const split = counted.splits[at] ?? "";
    expect(split.length).toBe(expected.len_utf16);
    if (expected.text !== undefined) expect(split).toBe(expected.text);
    expect(split.startsWith(expected.head ?? "")).toBe(true);
    expect(split.endsWith(expected.tail ?? "")).toBe(true);
  });
}

describe("segments", () => {
  for (const file of ["sms_segments.json", "sms_segments_random.json"]) {
    const all = vectors(file);
    it(`has the vectors of ${file}`, () => expect(all.length).toBeGreaterThanOrEqual(20));
    it.each(all.map((vector) => [vector.name, vector] as const))(`${file}: %s`, (_name, vector) => check(vector));
  }

  it("cuts a cluster too long for a segment between its scalars", () => {
    const counted = segmentsOf(`e${"\u0301".repeat(100)}`, "exact");
    expect([counted.encoding, counted.characters, counted.splits.length]).toEqual(["UCS-2", 1, 2]);
    expect(counted.splits.every((split) => split.length <= 67)).toBe(true);
  });

  it("keeps composed accents in GSM-7", () => {
    expect(segmentsOf("cafe\u0301", "exact").encoding).toBe("UCS-2");
    expect(segmentsOf(normalizeBody("cafe\u0301"), "exact").encoding).toBe("GSM-7");
  });

  it("holds the text and no more than 140 octets a segment, whatever is typed", () => {
    const piece = fc.oneof(
      fc.string({ unit: "grapheme", maxLength: 20 }),
      fc.string({ unit: "binary", maxLength: 20 }),
      fc.constantFrom("👨\u200d👩\u200d👧", "🇺🇸", "я\u0301", "क्षि", "\r\n", "€[]", "a".repeat(40)),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), (pieces) => {
        const text = pieces.join("");
        const counted = segmentsOf(text, "exact");
        expect(counted.splits.join("")).toBe(text);
        const header = counted.splits.length > 1 ? 48 : 0;
        for (const split of counted.splits) {
          const bits = counted.encoding === "GSM-7" ? segmentsOf(split, "exact").messageBits : split.length * 16;
          expect(bits + header).toBeLessThanOrEqual(1120);
        }
        expect(counted.encoding === "GSM-7").toBe(counted.forcingUnicode.length === 0);
      }),
    );
  });
});
