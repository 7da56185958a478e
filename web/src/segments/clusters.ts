// The clusters in which segments are counted: Unicode 10's, as carriers' calculators count. They are today's clusters cut
// further at a few places; nothing else may use them. The same rule, on the server: core/src/messaging/segments/clusters.rs.

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });

const ZERO_WIDTH_JOINER = "\u200d";
const SKIN_TONE = /^[\u{1f3fb}-\u{1f3ff}]$/u;
const ALPHABETIC = /^\p{Alphabetic}$/u;

/** What Unicode 10 let follow a zero width joiner (Glue_After_Zwj, E_Base_GAZ). */
const JOINED =
  /^[\u{2640}\u{2642}\u{2695}\u{2696}\u{2708}\u{2764}\u{1f308}\u{1f33e}\u{1f373}\u{1f393}\u{1f3a4}\u{1f3a8}\u{1f3eb}\u{1f3ed}\u{1f466}-\u{1f469}\u{1f48b}\u{1f4bb}\u{1f4bc}\u{1f527}\u{1f52c}\u{1f5e8}\u{1f680}\u{1f692}]$/u;

/** What Unicode 10 let a skin tone follow (E_Base, E_Base_GAZ). */
const EMOJI_BASE =
  /^[\u{261d}\u{26f9}\u{270a}-\u{270d}\u{1f385}\u{1f3c2}-\u{1f3c4}\u{1f3c7}\u{1f3ca}-\u{1f3cc}\u{1f442}\u{1f443}\u{1f446}-\u{1f450}\u{1f466}-\u{1f469}\u{1f46e}\u{1f470}-\u{1f478}\u{1f47c}\u{1f481}-\u{1f483}\u{1f485}-\u{1f487}\u{1f4aa}\u{1f574}\u{1f575}\u{1f57a}\u{1f590}\u{1f595}\u{1f596}\u{1f645}-\u{1f647}\u{1f64b}-\u{1f64f}\u{1f6a3}\u{1f6b4}-\u{1f6b6}\u{1f6c0}\u{1f6cc}\u{1f918}-\u{1f91c}\u{1f91e}\u{1f91f}\u{1f926}\u{1f930}-\u{1f939}\u{1f93d}\u{1f93e}\u{1f9d1}-\u{1f9dd}]$/u;

/** The clusters of `text` in order. `\r\n` is two. */
export function* clustersOf(text: string): Generator<string> {
  for (const { segment } of graphemes.segment(text)) {
    if (segment.length === 1) yield segment;
    else yield* cut(segment);
  }
}

/** Cuts one of today's clusters where Unicode 10 had a boundary. */
function* cut(cluster: string): Generator<string> {
  let current = "";
  let previous = "";
  let takesSkinTone = false;
  for (const scalar of cluster) {
    if (previous !== "" && isBoundary(previous, scalar, takesSkinTone)) {
      yield current;
      current = "";
      takesSkinTone = false;
    }
    takesSkinTone = EMOJI_BASE.test(scalar) || (takesSkinTone && isMark(scalar));
    current += scalar;
    previous = scalar;
  }
  if (current !== "") yield current;
}

function isBoundary(previous: string, scalar: string, takesSkinTone: boolean): boolean {
  if (previous === "\r" && scalar === "\n") return true;
  if (previous === ZERO_WIDTH_JOINER) return !JOINED.test(scalar) && !isMark(scalar);
  if (SKIN_TONE.test(scalar)) return !takesSkinTone;
  // An Indic letter after a virama: one cluster since Unicode 15.1 (UAX #29, rule GB9c).
  return ALPHABETIC.test(scalar) && !isMark(scalar) && isMark(previous);
}

const marks = new Map<string, boolean>();

/** Whether the scalar clings to whatever stands before it. */
function isMark(scalar: string): boolean {
  const known = marks.get(scalar);
  if (known !== undefined) return known;
  const clings = !SKIN_TONE.test(scalar) && [...graphemes.segment(`a${scalar}`)].length === 1;
  marks.set(scalar, clings);
  return clings;
}
