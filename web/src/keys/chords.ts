// Keys as written in the command table ("Mod+K", "?", "g i", "Shift+F6"): read, matched against key presses, and shown to people. Pure.
// "Mod" is the Command key on a Mac and Ctrl elsewhere. The table: registry.ts.
import { text } from "../text/en";

export type Chord = {
  /** As `KeyboardEvent.key` has it; letters in lower case. */
  key: string;
  mod: boolean;
  alt: boolean;
  /** Only asked for where it is written, for on its own it is how "?" or a capital letter is typed. */
  shift: boolean;
};

/** What of a key press is looked at. */
export type Press = Pick<KeyboardEvent, "key" | "code" | "ctrlKey" | "metaKey" | "altKey" | "shiftKey">;

export const isMac = typeof navigator !== "undefined" && /mac|iphone|ipad/i.test(navigator.userAgent);

/** The chords of a sequence: "g i" are two. */
export function readChords(written: string): readonly Chord[] {
  return written.split(" ").filter(Boolean).map(readChord);
}

function readChord(written: string): Chord {
  const parts = written === "+" ? ["+"] : written.split("+");
  const key = parts.at(-1) ?? "";
  const has = (name: string): boolean => parts.slice(0, -1).includes(name);
  return { key: fold(key), mod: has("Mod"), alt: has("Alt"), shift: has("Shift") };
}

/** Whether a press is that chord. */
export function matches(chord: Chord, press: Press, mac = isMac): boolean {
  const mod = mac ? press.metaKey : press.ctrlKey;
  const otherMod = mac ? press.ctrlKey : press.metaKey;
  if (otherMod || mod !== chord.mod || press.altKey !== chord.alt) {
    return false;
  }
  // With Alt a Mac types another character; its place tells the letter.
  const isByPlace = isLetter(chord.key) && (foreign(press.key) || chord.alt);
  const named = fold(press.key) === chord.key || (isByPlace && letterOf(press.code) === chord.key);
  if (!named) {
    return false;
  }
  // Where Shift only makes the character, as for "?", it is not asked for; for letters and named keys it is.
  return isLetter(chord.key) || chord.key.length > 1 ? press.shiftKey === chord.shift : true;
}

/** Whether a sequence is made of printable characters alone, so that the single-key switch turns it off. */
export function isSingleKey(written: string): boolean {
  return readChords(written).some((chord) => chord.key.length === 1 && !chord.mod && !chord.alt);
}

/** The keys as one reads them: ["Ctrl", "K"], or ["g", "then", "i"]. */
export function keysToShow(written: string, mac = isMac): readonly string[] {
  return readChords(written).flatMap((chord, index) => {
    const shown: string[] = index > 0 ? [text.shell.keys.thenWord] : [];
    if (chord.mod) {
      shown.push(mac ? "⌘" : "Ctrl");
    }
    if (chord.alt) {
      shown.push(mac ? "⌥" : "Alt");
    }
    if (chord.shift) {
      shown.push(mac ? "⇧" : "Shift");
    }
    const lone = !chord.mod && !chord.alt && !chord.shift;
    shown.push(NAMES[chord.key] ?? (chord.key.length === 1 && !lone ? chord.key.toUpperCase() : named(chord.key)));
    return shown;
  });
}

const NAMES: Record<string, string> = {
  arrowdown: "↓",
  arrowup: "↑",
  arrowleft: "←",
  arrowright: "→",
  escape: "Esc",
  enter: "Enter",
  " ": "Space",
};

function named(key: string): string {
  return key.length === 1 ? key : key.charAt(0).toUpperCase() + key.slice(1);
}

function fold(key: string): string {
  return key === "Space" ? " " : key.toLowerCase();
}

function isLetter(key: string): boolean {
  return key.length === 1 && key.toLowerCase() !== key.toUpperCase();
}

/** A character that no Latin keyboard types: the place of the key tells the letter then. */
function foreign(key: string): boolean {
  return key.length === 1 && key > "\u024F";
}

function letterOf(code: string): string | undefined {
  return /^Key([A-Z])$/.exec(code)?.[1]?.toLowerCase();
}
