// @vitest-environment happy-dom
// The command table and the listener: sequences, fields, dialogs, the single-key switch, and how keys are shown.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { isSingleKey, keysToShow, matches, readChords } from "./chords";
import { type Command, commandFor, listen, register, SEQUENCE_MS, setSingleKeys, shortcutOf } from "./registry";

const press = (key: string, more: Partial<KeyboardEventInit> = {}) => ({
  key,
  code: more.code ?? "",
  ctrlKey: more.ctrlKey ?? false,
  metaKey: more.metaKey ?? false,
  altKey: more.altKey ?? false,
  shiftKey: more.shiftKey ?? false,
  repeat: more.repeat ?? false,
});
const nowhere = { isField: false, isInDialog: false, isPressable: false };
const command = (id: string, keys: string[], more: Partial<Command> = {}): Command => ({
  id,
  label: id,
  keys,
  scope: "global",
  run: () => undefined,
  ...more,
});

let leave: (() => void)[] = [];
const add = (...added: Command[]) => leave.push(register(added));

beforeEach(() => setSingleKeys(true));
afterEach(() => {
  for (const out of leave) {
    out();
  }
  leave = [];
  // Whatever sequence was begun ends here.
  commandFor(press("Escape"), nowhere, Number.MAX_SAFE_INTEGER);
});

describe("keys", () => {
  it("a sequence runs when its keys follow within the time", () => {
    add(command("inbox", ["g i"]), command("cases", ["g c"]));
    expect(commandFor(press("g"), nowhere, 1000)).toBeUndefined();
    expect(commandFor(press("c"), nowhere, 1000 + SEQUENCE_MS)?.id).toBe("cases");
  });

  it("a sequence that waits too long does not run", () => {
    add(command("inbox", ["g i"]));
    commandFor(press("g"), nowhere, 1000);
    expect(commandFor(press("i"), nowhere, 1001 + SEQUENCE_MS)).toBeUndefined();
  });

  it("a key that does not go on with the sequence stands for itself", () => {
    add(command("inbox", ["g i"]), command("reply", ["r"]));
    commandFor(press("g"), nowhere, 1000);
    expect(commandFor(press("r"), nowhere, 1001)?.id).toBe("reply");
  });

  it("the command registered last has the key, as long as it can be done", () => {
    let possible = true;
    add(command("list", ["j"]));
    add(command("thread", ["j"], { when: () => possible }));
    expect(commandFor(press("j"), nowhere, 1)?.id).toBe("thread");
    possible = false;
    expect(commandFor(press("j"), nowhere, 2)?.id).toBe("list");
  });

  it("no single key acts in a field, even where a command says it may", () => {
    add(
      command("dismiss", ["d"], { inFields: true }),
      command("palette", ["Mod+k"], { inFields: true }),
      command("undo", ["Mod+z"]),
    );
    const field = { ...nowhere, isField: true };
    expect(commandFor(press("d"), field, 1)).toBeUndefined();
    expect(commandFor(press("z", { ctrlKey: true }), field, 2)).toBeUndefined();
    expect(commandFor(press("k", { ctrlKey: true }), field, 3)?.id).toBe("palette");
  });

  it("the switch turns off single keys and sequences, and leaves chords and function keys", () => {
    add(command("sheet", ["?"]), command("inbox", ["g i"]), command("palette", ["Mod+k"]), command("region", ["F6"]));
    setSingleKeys(false);
    expect(commandFor(press("?", { shiftKey: true }), nowhere, 1)).toBeUndefined();
    commandFor(press("g"), nowhere, 2);
    expect(commandFor(press("i"), nowhere, 3)).toBeUndefined();
    expect(commandFor(press("k", { ctrlKey: true }), nowhere, 4)?.id).toBe("palette");
    expect(commandFor(press("F6"), nowhere, 5)?.id).toBe("region");
    expect(shortcutOf("sheet")).toBeUndefined();
    expect(shortcutOf("palette")).toEqual(["Ctrl", "K"]);
  });

  it("a dialog keeps keys from what lies behind it", () => {
    add(command("claim", ["c"]), command("palette", ["Mod+k"], { inDialogs: true }));
    const dialog = { ...nowhere, isInDialog: true };
    expect(commandFor(press("c"), dialog, 1)).toBeUndefined();
    expect(commandFor(press("k", { ctrlKey: true }), dialog, 2)?.id).toBe("palette");
  });

  it("Enter stays with the button that has the focus", () => {
    add(command("open", ["Enter", "o"]));
    expect(commandFor(press("Enter"), { ...nowhere, isPressable: true }, 1)).toBeUndefined();
    expect(commandFor(press("o"), { ...nowhere, isPressable: true }, 2)?.id).toBe("open");
  });

  it("a held key repeats only what may repeat", () => {
    add(command("next", ["j"], { repeats: true }), command("claim", ["c"]));
    expect(commandFor(press("j", { repeat: true }), nowhere, 1)?.id).toBe("next");
    expect(commandFor(press("c", { repeat: true }), nowhere, 2)).toBeUndefined();
  });

  it("what leaves the table has no keys any more", () => {
    const out = register([command("claim", ["c"])]);
    out();
    expect(commandFor(press("c"), nowhere, 1)).toBeUndefined();
  });
});

describe("the listener", () => {
  it("runs a command for a press on the page and not for one in a field", () => {
    const stop = listen();
    const ran: string[] = [];
    add(command("dismiss", ["d"], { run: () => ran.push("dismiss") }));
    document.body.innerHTML = "<button>b</button><input><textarea></textarea><div contenteditable='true'></div>";
    for (const element of document.body.children) {
      element.dispatchEvent(new KeyboardEvent("keydown", { key: "d", bubbles: true, cancelable: true }));
    }
    expect(ran).toEqual(["dismiss"]);
    stop();
  });
});

describe("chords", () => {
  const one = (written: string) => {
    const chord = readChords(written)[0];
    if (!chord) {
      throw new Error("no chord");
    }
    return chord;
  };

  it("Mod is Cmd on a Mac and Ctrl elsewhere", () => {
    expect(matches(one("Mod+K"), press("k", { metaKey: true }), true)).toBe(true);
    expect(matches(one("Mod+K"), press("k", { ctrlKey: true }), true)).toBe(false);
    expect(matches(one("Mod+K"), press("k", { ctrlKey: true }), false)).toBe(true);
  });

  it("Shift counts for letters, and not for characters that need it", () => {
    expect(matches(one("j"), press("J", { shiftKey: true }), false)).toBe(false);
    expect(matches(one("Shift+J"), press("J", { shiftKey: true }), false)).toBe(true);
    expect(matches(one("?"), press("?", { shiftKey: true }), false)).toBe(true);
    expect(matches(one("F6"), press("F6", { shiftKey: true }), false)).toBe(false);
  });

  it("on a keyboard without Latin letters the place of the key tells", () => {
    expect(matches(one("j"), press("о", { code: "KeyJ" }), false)).toBe(true);
    expect(matches(one("j"), press("q", { code: "KeyJ" }), false)).toBe(false);
  });

  it("with Alt the place of the key tells, for a Mac types another character", () => {
    const typed = press("Å", { altKey: true, shiftKey: true, code: "KeyA" });
    expect(matches(one("Alt+Shift+A"), typed, true)).toBe(true);
    expect(matches(one("Alt+Shift+X"), typed, true)).toBe(false);
    expect(matches(one("a"), press("Å", { shiftKey: true, code: "KeyA" }), true)).toBe(false);
  });

  it("keys are shown as one presses them", () => {
    expect(keysToShow("g i")).toEqual(["g", "then", "i"]);
    expect(keysToShow("Mod+Enter", false)).toEqual(["Ctrl", "Enter"]);
    expect(keysToShow("Mod+Shift+K", true)).toEqual(["⌘", "⇧", "K"]);
    expect(keysToShow("Alt+Shift+A", false)).toEqual(["Alt", "Shift", "A"]);
    expect(keysToShow("ArrowDown")).toEqual(["↓"]);
  });

  it("Enter, Escape and function keys are no single characters", () => {
    expect(["?", "g i", "Shift+J", "/"].map(isSingleKey)).toEqual([true, true, true, true]);
    expect(["F6", "Escape", "Enter", "Mod+K", "Alt+Shift+A"].map(isSingleKey)).toEqual([
      false,
      false,
      false,
      false,
      false,
    ]);
  });
});
