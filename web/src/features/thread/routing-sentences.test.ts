// "Why is this here?" says what the receipt says, in words that an agent understands.

import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { bannerReason, casesLookedAt, decisionSentence, lastClaim, span, stepSentence } from "./routing-sentences";

type Routing = Schemas["RoutingView"];
type Considered = Schemas["ConsideredView"];

const DECIDED = "2026-11-20T12:00:00.000000Z";
const hoursBefore = (hours: number) => new Date(Date.parse(DECIDED) - hours * 3_600_000).toISOString();

function considered(number: string, hours?: number, held = false): Considered {
  return {
    case_id: `case_${number}`,
    case_number: number,
    contact_id: "con_1",
    has_session: held,
    session_opened_at: hours === undefined ? null : hoursBefore(hours),
  };
}

function routing(rule: Routing["rule"], candidates: Considered[], receipt: object = {}): Routing {
  return {
    rule: rule ?? null,
    candidates,
    decided_at: DECIDED,
    window_seconds: 172_800,
    history: [],
    receipt: receipt as Routing["receipt"],
  };
}

describe("the decision", () => {
  it.each<[Routing, string]>([
    [routing("only_case", [considered("123")]), "Only one case has this number: 123."],
    [
      routing("one_session", [considered("123", 60), considered("456", 3, true)]),
      "This number was last texted from 456 3 hours before (within 48 hours).",
    ],
    [
      routing("no_session", [considered("123", 72), considered("456"), considered("789")]),
      "Offered to 3 cases: nobody texted this number in the 48 hours before.",
    ],
    [
      routing("several_sessions", [considered("123", 1, true), considered("456", 3, true), considered("789")]),
      "Offered to 3 cases: 2 of them texted this number in the 48 hours before.",
    ],
    [routing("unknown_sender", []), "No case has this number, and no contact has it."],
    [routing("several_people", []), "No case has this number, and several contacts have it."],
    [routing("known_contact", []), "No case has this number. One contact has it."],
    [routing("lead", []), "No case has this number. It is the number of one lead."],
  ])("is said in a sentence", (view, sentence) => {
    expect(decisionSentence(view)).toBe(sentence);
  });

  it("is not invented for an old or outbound text", () => {
    expect(decisionSentence(routing(null, []))).toMatch(/no record of a decision/);
  });

  it("names nothing that the server left out", () => {
    expect(decisionSentence(routing("only_case", []))).toBe("Only one case has this number.");
    expect(decisionSentence(routing("one_session", []))).toBe("One of their cases texted this number within 48 hours.");
  });
});

describe("the cases that were looked at", () => {
  it("stand once, with their latest session, in the order of their numbers", () => {
    const seen = casesLookedAt(
      routing("no_session", [considered("1000"), considered("789", 90), considered("789", 50), considered("123")]),
    );
    expect(seen.map((one) => one.number)).toEqual(["123", "789", "1000"]);
    expect(seen[1]?.sessionAge).toBe(50 * 3600);
  });

  it("tell those that the text was offered to from the closed ones", () => {
    const receipt = { route: { to: "broadcast", candidates: [{ case_id: "case_456" }, { case_id: "case_789" }] } };
    const seen = casesLookedAt(
      routing("no_session", [considered("123"), considered("456"), considered("789")], receipt),
    );
    expect(seen.map((one) => [one.number, one.isCandidate])).toEqual([
      ["456", true],
      ["789", true],
      ["123", false],
    ]);
  });

  it("make the reason of the banner", () => {
    const cases = [considered("123"), considered("456", 1, true), considered("789", 2, true)];
    expect(bannerReason("Jane Doe", routing("no_session", cases))).toBe(
      "Jane Doe is a contact on 3 cases and nobody texted this number in the last 48 hours.",
    );
    expect(bannerReason("Jane Doe", routing("several_sessions", cases))).toBe(
      "Jane Doe is a contact on 3 cases and 2 cases texted it in the last 48 hours.",
    );
    expect(bannerReason("Jane Doe", undefined)).toBe("This person is on several cases.");
  });
});

describe("the history", () => {
  const maria = { id: "usr_1", name: "Maria Alvarez" };
  const step = (type: string, from: string | null, to: string | null) => ({
    at: DECIDED,
    type,
    user: maria,
    from_case: from,
    to_case: to,
  });

  it("is told in sentences", () => {
    expect(stepSentence(step("claimed", null, "123"))).toBe("Claimed for 123 by Maria Alvarez");
    expect(stepSentence(step("moved", "123", "456"))).toBe("Moved from 123 to 456 by Maria Alvarez");
    expect(stepSentence(step("moved", null, "456"))).toBe("Moved to 456 by Maria Alvarez");
    expect(stepSentence({ ...step("offered", null, "123"), user: null })).toBe("Offered to 123");
    expect(stepSentence(step("put_aside", null, null))).toBe("put aside");
  });

  it("knows who claimed last, unless it was released", () => {
    const claimed = { ...routing("no_session", []), history: [step("offered", null, "1"), step("claimed", null, "1")] };
    expect(lastClaim(claimed)?.user?.name).toBe("Maria Alvarez");
    expect(lastClaim({ ...claimed, history: [...claimed.history, step("released", "1", null)] })).toBeUndefined();
  });
});

describe("a span", () => {
  it.each([
    [0, "a moment"],
    [1, "1 second"],
    [59, "59 seconds"],
    [60, "1 minute"],
    [3600, "1 hour"],
    [172_800, "48 hours"],
    [72 * 3600, "72 hours"],
    [4 * 86_400, "4 days"],
  ])("of %d seconds is %s", (seconds, words) => {
    expect(span(seconds)).toBe(words);
  });
});
