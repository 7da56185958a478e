// Words that somebody outside wrote, shown harmlessly: never as markup or links, white space kept, long words broken, and the controls
// that could turn the text around (Unicode bidi embeddings, overrides, isolates) drawn as their code points instead of obeyed.

import { Fragment, type ReactNode } from "react";
import { classNames } from "./class-names";

// Bidi embeddings, overrides and isolates; then control characters but tab, line feed and carriage return.
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for
const UNSAFE = /([\u202A-\u202E\u2066-\u2069\u0000-\u0008\u000B\u000C\u000E-\u001F\u007F-\u009F])/u;

/** The text with each unsafe character as a mark that names it. Everything else is as it was. */
export function harmless(text: string): ReactNode {
  if (!UNSAFE.test(text)) {
    return text;
  }
  return text.split(UNSAFE).map((piece, index) => {
    if (!UNSAFE.test(piece)) {
      return piece;
    }
    return (
      // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text never change their order
      <Fragment key={index}>
        <span className="mx-px rounded-sm border border-line px-0.5 font-mono text-[0.6875em] text-muted">
          {codePoint(piece)}
        </span>
      </Fragment>
    );
  });
}

/** Words that a piece of the interface was given: a text of its own or with somebody's name in it is shown harmlessly. */
export function shown(words: ReactNode): ReactNode {
  return typeof words === "string" ? harmless(words) : words;
}

/** The text for places that take no marks, such as titles: unsafe characters are left out. */
export function plain(text: string): string {
  return text
    .split(UNSAFE)
    .filter((piece) => !UNSAFE.test(piece))
    .join("");
}

function codePoint(character: string): string {
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0")}`;
}

export type UntrustedTextProps = { text: string; className?: string | undefined };

export function UntrustedText({ text, className }: UntrustedTextProps) {
  return (
    <bdi dir="auto" className={classNames("untrusted", className)}>
      {harmless(text)}
    </bdi>
  );
}
