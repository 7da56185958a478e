// A stretch of a text with what was searched for marked in it. The server says where, in UTF-16 code units; nothing here is markup, and
// controls that could turn the text around are drawn instead of obeyed.
import { Fragment } from "react";
import { harmless } from "./untrusted";

export type MarkedProps = { snippet: { text: string; marks: readonly (readonly number[])[] } };

type Piece = { at: number; text: string; isMark: boolean };

/** The text in pieces, those marked and those between. */
export function pieces({ text, marks }: MarkedProps["snippet"]): readonly Piece[] {
  const all: Piece[] = [];
  let at = 0;
  for (const [from = 0, to = 0] of marks) {
    if (from > at) {
      all.push({ at, text: text.slice(at, from), isMark: false });
    }
    all.push({ at: from, text: text.slice(from, to), isMark: true });
    at = to;
  }
  if (at < text.length) {
    all.push({ at, text: text.slice(at), isMark: false });
  }
  return all;
}

export function Marked({ snippet }: MarkedProps) {
  return (
    <bdi dir="auto" className="wrap-anywhere">
      {pieces(snippet).map((piece) =>
        piece.isMark ? (
          <mark key={piece.at} className="rounded-sm bg-warn-soft px-px font-medium text-ink">
            {harmless(piece.text)}
          </mark>
        ) : (
          <Fragment key={piece.at}>{harmless(piece.text)}</Fragment>
        ),
      )}
    </bdi>
  );
}
