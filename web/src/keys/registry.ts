// The one table of what can be done by keyboard: it feeds the listener here, the palette, the shortcut sheet and tooltips. Commands are
// in it while their screen is mounted. Refuses keys in fields (but those that say so), and single keys where they are switched off.
// How keys are written: chords.ts.
import { type DependencyList, useEffect, useSyncExternalStore } from "react";
import { type Chord, isSingleKey, keysToShow, matches, type Press, readChords } from "./chords";

export type Scope =
  | "global"
  | "inbox"
  | "thread"
  | "composer"
  | "case"
  | "cases"
  | "contacts"
  | "tasks"
  | "admin"
  | "phone"
  | "search"
  | "reports";

export type Command = {
  id: string;
  label: string;
  /** Each a chord or a sequence: ["Mod+K"], ["g i"], ["j", "ArrowDown"]; none for what only the palette offers. */
  keys: readonly string[];
  scope: Scope;
  /** Whether it can be done now; otherwise its keys do nothing and the palette leaves it out. */
  when?: (() => boolean) | undefined;
  run: () => void;
  /** Also while typing in a field: only for keys with Ctrl, Alt or Cmd, and Escape. */
  inFields?: boolean | undefined;
  /** Also while a dialog is open. */
  inDialogs?: boolean | undefined;
  /** Again and again while the key is held down. */
  repeats?: boolean | undefined;
  /** Not offered in the palette, as "next row". */
  isHidden?: boolean | undefined;
};

/** How long a sequence waits for its next key. */
export const SEQUENCE_MS = 1200;
const SINGLE_KEYS = "casewire.single_keys";

let commands: readonly Command[] = [];
let singleKeys = readSwitch();
let pending: { presses: readonly Press[]; at: number } = { presses: [], at: 0 };
const listeners = new Set<() => void>();

/** Puts commands into the table; what comes back takes them out again. Later ones go before earlier ones of the same keys. */
export function register(added: readonly Command[]): () => void {
  commands = [...commands, ...added];
  tell();
  return () => {
    commands = commands.filter((command) => !added.includes(command));
    tell();
  };
}

/** Registers commands while the component is mounted, anew when a dependency changes. */
export function useCommands(added: readonly Command[], deps: DependencyList): void {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the caller says what the commands depend on, as with useEffect
  useEffect(() => register(added), deps);
}

export function useRegisteredCommands(): readonly Command[] {
  return useSyncExternalStore(subscribe, () => commands);
}

export function registeredCommands(): readonly Command[] {
  return commands;
}

/** The keys of a command as one reads them, for tooltips and menus; none where it is not there or switched off. */
export function shortcutOf(id: string): readonly string[] | undefined {
  const written = commands.findLast((command) => command.id === id)?.keys.find(isOn);
  return written === undefined ? undefined : keysToShow(written);
}

/** As {@link shortcutOf}, and renders anew when it changes. */
export function useShortcut(id: string): readonly string[] | undefined {
  useSyncExternalStore(
    subscribe,
    () => `${singleKeys} ${commands.findLast((command) => command.id === id)?.keys.join(",")}`,
  );
  return shortcutOf(id);
}

export function useSingleKeys(): boolean {
  return useSyncExternalStore(subscribe, () => singleKeys);
}

/** Whether keys do something as the switch stands. */
export function isOn(keys: string): boolean {
  return singleKeys || !isSingleKey(keys);
}

export function setSingleKeys(on: boolean): void {
  singleKeys = on;
  try {
    localStorage.setItem(SINGLE_KEYS, on ? "on" : "off");
  } catch {
    // Storage can be refused; the choice then lasts as long as the page.
  }
  tell();
}

/** Listens on the document; one time, by the shell. */
export function listen(): () => void {
  document.addEventListener("keydown", onKeyDown);
  return () => document.removeEventListener("keydown", onKeyDown);
}

function onKeyDown(event: KeyboardEvent): void {
  if (event.defaultPrevented || event.isComposing || event.getModifierState("AltGraph") || isModifier(event.key)) {
    return;
  }
  const command = commandFor(event, placeOf(event.target), Date.now());
  if (command) {
    event.preventDefault();
    command.run();
  }
}

/** Where a key was pressed. */
export type Place = { isField: boolean; isInDialog: boolean; isPressable: boolean };

/** The command of a press after those before it; pure but for the pending sequence. */
export function commandFor(press: Press & { repeat: boolean }, place: Place, now: number): Command | undefined {
  const before = now - pending.at <= SEQUENCE_MS ? pending.presses : [];
  for (const presses of before.length > 0 ? [[...before, press], [press]] : [[press]]) {
    const found = commands.findLast((command) =>
      command.keys.some((keys) => isIt(command, keys, presses, place, press.repeat)),
    );
    if (found) {
      pending = { presses: [], at: 0 };
      return found;
    }
    if (
      !press.repeat &&
      commands.some((command) => command.keys.some((keys) => begins(command, keys, presses, place)))
    ) {
      pending = { presses, at: now };
      return undefined;
    }
  }
  pending = { presses: [], at: 0 };
  return undefined;
}

function isIt(command: Command, keys: string, presses: readonly Press[], place: Place, repeat: boolean): boolean {
  const chords = readChords(keys);
  return (
    chords.length === presses.length &&
    (!repeat || command.repeats === true) &&
    follows(chords, presses) &&
    isAllowed(command, keys, chords, place) &&
    (command.when?.() ?? true)
  );
}

function begins(command: Command, keys: string, presses: readonly Press[], place: Place): boolean {
  const chords = readChords(keys);
  return (
    chords.length > presses.length &&
    follows(chords, presses) &&
    isAllowed(command, keys, chords, place) &&
    (command.when?.() ?? true)
  );
}

function follows(chords: readonly Chord[], presses: readonly Press[]): boolean {
  return presses.every((press, index) => {
    const chord = chords[index];
    return chord !== undefined && matches(chord, press);
  });
}

function isAllowed(command: Command, keys: string, chords: readonly Chord[], place: Place): boolean {
  const single = isSingleKey(keys);
  if (single && (!singleKeys || place.isField)) {
    return false;
  }
  if (place.isField && !command.inFields) {
    return false;
  }
  if (place.isInDialog && !command.inDialogs) {
    return false;
  }
  // Enter and Space belong to the button or link that has the focus.
  const first = chords[0];
  const presses = first !== undefined && !first.mod && !first.alt && (first.key === "enter" || first.key === " ");
  return !(place.isPressable && presses);
}

function placeOf(target: EventTarget | null): Place {
  if (!(target instanceof Element)) {
    return { isField: false, isInDialog: modalIsOpen(), isPressable: false };
  }
  const field = target.closest(
    "input, textarea, select, [contenteditable=''], [contenteditable='true'], [role='textbox'], [role='combobox']",
  );
  const isField =
    field !== null && !(field instanceof HTMLInputElement && NO_TYPING.has(field.type)) && field.tagName !== "BUTTON";
  const popup = target.closest("[role='dialog'], [role='alertdialog'], [role='menu'], [role='listbox']");
  const pressable = target.closest(
    "button, a[href], summary, [role='button'], [role='switch'], [role='checkbox'], [role='radio'], [role='tab']",
  );
  return { isField, isInDialog: popup !== null || modalIsOpen(), isPressable: pressable !== null };
}

const NO_TYPING = new Set(["checkbox", "radio", "button", "submit", "reset", "range", "color", "file", "image"]);

/** A modal dialog holds the focus, unless it went nowhere (the body). */
function modalIsOpen(): boolean {
  const focus = document.activeElement;
  const isNowhere = focus === null || focus === document.body;
  return isNowhere && document.querySelector("[role='dialog'][data-open], [role='alertdialog'][data-open]") !== null;
}

function isModifier(key: string): boolean {
  return key === "Shift" || key === "Control" || key === "Alt" || key === "Meta" || key === "CapsLock";
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function tell(): void {
  for (const listener of listeners) {
    listener();
  }
}

function readSwitch(): boolean {
  try {
    return localStorage.getItem(SINGLE_KEYS) !== "off";
  } catch {
    return true;
  }
}
