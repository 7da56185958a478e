// The inbox's address, and the order of its rows: nothing moves under the reader's eyes, nothing is lost or doubled.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { filtersOn, type InboxState, inboxHref, listKeyOf, parseInbox, VIEWS } from "./inbox-url";
import { holdOrder, withLeaving } from "./row-order";

describe("the address of the inbox", () => {
  it("is short where everything is as usual", () => {
    expect(inboxHref({ view: "all" })).toBe("/inbox");
    expect(inboxHref({ view: "unclaimed", conv: "conv_1" })).toBe("/inbox?view=unclaimed&conv=conv_1");
  });

  it("brings back every state", () => {
    const word = fc.option(fc.string({ minLength: 1 }), { nil: undefined });
    const state: fc.Arbitrary<InboxState> = fc.record({
      view: fc.constantFrom(...VIEWS),
      conv: word,
      q: word,
      case: word,
      contact: word,
      role: word,
      channel: fc.constantFrom("text" as const, "call" as const, undefined),
    });
    fc.assert(
      fc.property(state, (one) => {
        expect(parseInbox(inboxHref(one).split("?")[1] ?? "")).toEqual(one);
      }),
    );
  });

  it("forgives what it does not know", () => {
    expect(parseInbox("view=nonsense&channel=fax&q=")).toEqual({ view: "all" });
  });

  it("names the list without what is open in it", () => {
    const state = parseInbox("view=mine&conv=c&q=jane&case=12&role=client&channel=text");
    expect(listKeyOf(state)).toEqual({ view: "mine", q: "jane", case_id: "12", role: "client", channel: "text" });
    expect(filtersOn(state)).toBe(3);
  });
});

describe("the order of rows", () => {
  it("is held: what is new waits above, what left goes, what was loaded comes below", () => {
    expect(holdOrder(["a", "b", "c"], ["x", "a", "b", "c"])).toEqual({ ids: ["a", "b", "c"], waiting: 1 });
    expect(holdOrder(["a", "b", "c"], ["c", "a", "b"])).toEqual({ ids: ["a", "b", "c"], waiting: 1 });
    expect(holdOrder(["a", "b", "c"], ["x", "c", "a", "b", "d"])).toEqual({ ids: ["a", "b", "c", "d"], waiting: 2 });
    expect(holdOrder(["a", "b", "c"], ["a", "c"])).toEqual({ ids: ["a", "c"], waiting: 0 });
  });

  it("never moves a row that stays, and never shows one twice", () => {
    const ids = fc.uniqueArray(fc.constantFrom(..."abcdefghijklmnop"), { maxLength: 16 });
    fc.assert(
      fc.property(ids, ids, (held, live) => {
        const { ids: shown } = holdOrder(held, live);
        expect(new Set(shown).size).toBe(shown.length);
        expect(shown.every((id) => live.includes(id))).toBe(true);
        const kept = held.filter((id) => live.includes(id));
        if (kept.length > 0) expect(shown.slice(0, kept.length)).toEqual(kept);
      }),
    );
  });

  it("puts a row that leaves back where it was", () => {
    expect(withLeaving(["a", "c"], ["a", "b", "c"], new Set(["b"]))).toEqual(["a", "b", "c"]);
    expect(withLeaving(["b"], ["a", "b"], new Set(["a"]))).toEqual(["a", "b"]);
    expect(withLeaving([], ["a", "b"], new Set(["a", "b"]))).toEqual(["a", "b"]);
    expect(withLeaving(["x", "a", "c"], ["a", "b", "c"], new Set(["b"]))).toEqual(["x", "a", "b", "c"]);
  });
});
