// What is typed between Ctrl+K and the moment in which the palette's field has the focus: kept here and given to it, so that who types at
// once loses no letter and no Enter, and no letter acts as a shortcut. Refuses keys with Ctrl, Alt or Meta.

let held: string | undefined;
/** Whether Enter ended what is held; nothing is added to it after that. */
let isEntered = false;

export type EarlyKeys = { typed: string; isEntered: boolean };

function keep(event: KeyboardEvent): void {
  if (held === undefined || event.ctrlKey || event.altKey || event.metaKey || event.isComposing) {
    return;
  }
  if (event.key === "Enter") {
    isEntered ||= held.trim() !== "";
  } else if (event.key.length === 1) {
    held += isEntered ? "" : event.key;
  } else if (event.key === "Backspace") {
    held = isEntered ? held : held.slice(0, -1);
  } else {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
}

/** From now on what is typed is kept. */
export function holdKeys(): void {
  if (held === undefined) {
    held = "";
    isEntered = false;
    window.addEventListener("keydown", keep, true);
  }
}

/** What was typed; from now on nothing is kept. */
export function takeKeys(): EarlyKeys {
  const taken = { typed: held ?? "", isEntered };
  held = undefined;
  isEntered = false;
  window.removeEventListener("keydown", keep, true);
  return taken;
}
