// Untrusted words on one line that may be clipped, as in rows and headers: isolated, harmless, white space collapsed. Where the
// words may wrap it is UntrustedText.

import { harmless } from "../../ui";

/** Far more than any line shows; the rest is not worth laying out. */
const MOST = 300;

export function ClippedText({ text }: { text: string }) {
  return <bdi dir="auto">{harmless(text.slice(0, MOST))}</bdi>;
}
