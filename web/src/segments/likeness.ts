// The plain likenesses that carriers' smart encoding puts for typographic characters: data, and the look-up in it. When
// they apply is segments.ts. The same table, on the server: core/src/messaging/segments/smart.rs.

/** A likeness, and the characters it stands for: code points and spans of them, in hexadecimal. */
const LIKENESSES: readonly (readonly [likeness: string, scalars: string])[] = [
  [" ", "2001 2028-2029"],
  ["  ", "80 8d 90 9b 9f-a0 2000 2002-200a 202f 205f 3000"],
  ["       ", "9"],
  ["!", "1c3 fe15 fe57 ff01"],
  ["!!", "203c"],
  ['"', "ab bb 2ba 2ee 201c-201f 275d-275e 301d-301e ff02"],
  ["#", "fe5f ff03"],
  ["$", "fe69 ff04"],
  ["%", "fe6a ff05"],
  ["&", "fe60 ff06"],
  ["'", "60 b4 2b9 2bb-2bd 2c8 2ca-2cb 313-314 2018-2019 201b 275b-275c fe10-fe11 ff07"],
  ["(", "2768 276a 27ee 2985 fe59 ff08"],
  [")", "2769 276b 27ef 2986 fe5a ff09"],
  ["*", "204e 2217 229b 2722-2725 2731-2733 273a-273d 2743 2749-274b 29c6 fe61 ff0a"],
  ["+", "2d6 fe62 ff0b"],
  [",", "326 201a 3001 fe50-fe51 ff0c ff64"],
  ["-", "2010 2013-2015 2022 2043 23bc-23bd fe63 ff0d"],
  [".", "3002 fe52 ff0e ff61"],
  ["...", "2026"],
  ["/", "f7 337-338 2044 2215 29f8 ff0f"],
  ["1/2", "bd"],
  ["1/4", "bc"],
  ["3/4", "be"],
  [":", "2d0 2f8 2982 a789 fe13 ff1a"],
  [";", "204f fe14 fe54 ff1b"],
  ["<", "2039 fe64 ff1c"],
  ["=", "347 a78a fe66 ff1d"],
  [">", "203a fe65 ff1e"],
  ["?", "fe16 fe56 ff1f"],
  ["@", "fe6b ff20"],
  ["A", "1d00"],
  ["B", "299"],
  ["C", "1d04"],
  ["D", "1d05"],
  ["E", "1d07"],
  ["F", "a730"],
  ["G", "262"],
  ["H", "29c"],
  ["I", "26a"],
  ["J", "1d0a"],
  ["K", "1d0b"],
  ["L", "29f"],
  ["M", "1d0d"],
  ["N", "274"],
  ["O", "1d0f"],
  ["P", "1d18"],
  ["R", "280"],
  ["S", "a731"],
  ["T", "1d1b"],
  ["U", "1d1c"],
  ["V", "1d20"],
  ["W", "1d21"],
  ["Y", "28f"],
  ["Z", "1d22"],
  ["[", "ff3b"],
  ["\\", "20e5 29f5 29f9 fe68 ff3c"],
  ["]", "ff3d"],
  ["^", "2c6 302 1dcd ff3e"],
  ["_", "332 2017 ff3f"],
  ["{", "2774 fe5b ff5b"],
  ["|", "20d2-20d3 2223 239c 239f 23b8-23b9 23d0 ff5c"],
  ["}", "2775 fe5c ff5d"],
  ["~", "2dc 2f7 303 330 334 223c ff5e"],
  ["", "0 3-4 10-14 17 19 200b-200c 2060 feff"],
];

const likenesses = new Map<string, string>();
for (const [likeness, scalars] of LIKENESSES) {
  for (const span of scalars.split(" ")) {
    const [first, last] = span.split("-").map((word) => Number.parseInt(word, 16));
    if (first === undefined) continue;
    for (let at = first; at <= (last ?? first); at += 1) likenesses.set(String.fromCodePoint(at), likeness);
  }
}
// Digits and capital letters of East Asian width lie in Unicode as in ASCII, 0xFEE0 above.
for (const ascii of "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ") {
  likenesses.set(String.fromCodePoint((ascii.codePointAt(0) ?? 0) + 0xfee0), ascii);
}

/** What may stand for the character, nothing (`""`) in some cases; undefined if it stays. */
export function likenessOf(scalar: string): string | undefined {
  return likenesses.get(scalar);
}

/** `text` with every character that has a plain likeness replaced by it. */
export function plain(text: string): string {
  let plainText = "";
  for (const scalar of text) plainText += likenesses.get(scalar) ?? scalar;
  return plainText;
}
