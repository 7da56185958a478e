// Lines of a thread: a separator for each day, runs of one writer, and what came since a draft was begun.

import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { entriesOf, newSince, type ThreadItem, unclaimedIn } from "./entries";

type Message = Schemas["MessageView"];

function text(id: string, at: string, more: Partial<Message> = {}): ThreadItem {
  const message: Message = {
    id,
    conversation_id: "conv_1",
    at,
    body: id,
    direction: "inbound",
    is_clarifying: false,
    media: [],
    parts: [],
    person: { display_name: "Jane Doe - Witness", name: "Jane Doe", number: "(212) 555-0123" },
    standing: "routed",
    ...more,
  };
  return { kind: "text", message };
}

const dayOf = (at: string) => at.slice(0, 10);
const maria = { id: "usr_maria", name: "Maria Alvarez" };

describe("the lines of a thread", () => {
  it("has a separator before the first line of each day", () => {
    const items = [
      text("a", "2026-11-19T23:59:00Z"),
      text("b", "2026-11-20T00:01:00Z"),
      text("c", "2026-11-20T00:02:00Z"),
    ];
    expect(entriesOf(items, dayOf).map((entry) => entry.key)).toEqual([
      "day:2026-11-19",
      "a",
      "day:2026-11-20",
      "b",
      "c",
    ]);
  });

  it("runs on within five minutes of one writer, and not over a line of the history", () => {
    const step: ThreadItem = {
      kind: "step",
      step: {
        id: "s",
        at: "2026-11-20T10:03:00Z",
        type: "claimed",
        user: maria,
        message_id: null,
        from_case: null,
        to_case: "1",
        role: null,
      },
    };
    const items = [
      text("a", "2026-11-20T10:00:00Z"),
      text("b", "2026-11-20T10:02:00Z"),
      step,
      text("c", "2026-11-20T10:04:00Z"),
      text("d", "2026-11-20T10:05:00Z", { direction: "outbound", sent_by: maria }),
      text("e", "2026-11-20T10:11:00Z", { direction: "outbound", sent_by: maria }),
    ];
    const runs = entriesOf(items, dayOf).flatMap((entry) =>
      entry.kind === "text" ? [[entry.key, entry.continues, entry.isContinued]] : [],
    );
    expect(runs).toEqual([
      ["a", false, true],
      ["b", true, false],
      ["c", false, false],
      ["d", false, false],
      ["e", false, false],
    ]);
  });

  it("knows what is unclaimed and not hidden", () => {
    const items = [
      text("a", "2026-11-20T10:00:00Z", { standing: "unclaimed" }),
      text("b", "2026-11-20T10:01:00Z", { standing: "unclaimed", dismissed: true }),
      text("c", "2026-11-20T10:02:00Z"),
      text("d", "2026-11-20T10:03:00Z", { standing: "unclaimed", dismissed: true, attention: "dismissed_by_all" }),
    ];
    expect(unclaimedIn(items).map((message) => message.id)).toEqual(["a", "d"]);
  });
});

describe("what came since a draft was begun", () => {
  const items = [
    text("a", "2026-11-20T10:00:00Z"),
    text("b", "2026-11-20T10:01:00Z"),
    text("c", "2026-11-20T10:02:00Z", { direction: "outbound", sent_by: maria }),
    text("d", "2026-11-20T10:03:00Z", { direction: "outbound", sent_by: { id: "usr_tom", name: "Tom" } }),
  ];

  it("counts what others wrote, not one's own", () => {
    expect(newSince(items, "a", "usr_maria")).toBe(2);
    expect(newSince(items, "d", "usr_maria")).toBe(0);
  });

  it("counts everything where nothing stood there, and nothing where it is not known what stood there", () => {
    expect(newSince(items, undefined, "usr_maria")).toBe(3);
    expect(newSince(items, "unknown", "usr_maria")).toBe(0);
  });
});
