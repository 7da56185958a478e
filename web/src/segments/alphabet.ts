// The GSM 7 bit default alphabet with its extension table (3GPP TS 23.038): how many septets a character takes.
// Knows single characters only; which clusters a text has is clusters.ts, what they cost together segments.ts.

const ONE_SEPTET = new Set(
  "\n\r !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ_abcdefghijklmnopqrstuvwxyz" +
    "¡£¤¥§¿ÄÅÆÇÉÑÖØÜßàäåæèéìñòöøùüΓΔΘΛΞΠΣΦΨ\u03a9",
);
const TWO_SEPTETS = new Set("\f[\\]^{|}~€");

/** One septet, or two with the escape; 0 where the alphabet lacks the character, as it lacks every cluster of several. */
export function septets(cluster: string): 0 | 1 | 2 {
  if (ONE_SEPTET.has(cluster)) return 1;
  return TWO_SEPTETS.has(cluster) ? 2 : 0;
}
