// What is said of calls, how they are measured and drawn.
import { describe, expect, it } from "vitest";
import { seatOf } from "../../live/calls";
import type { CallView, ConversationView } from "../../live/model";
import { isMissed, kindWord, secondsSince, secondsUntil, stateSentence, whoOf } from "./call-words";
import { calleeOf } from "./callee";
import { litSteps } from "./level-meter";
import { qualityOf } from "./measures";

const person = { name: "Jane Smith", display_name: "Jane Smith - Witness", role: "Witness", number: "(212) 555-0124" };
const call = {
  id: "call_1",
  direction: "outbound",
  status: "queued",
  matter_id: "123",
  person,
  user: { id: "me", name: "Avery" },
} as CallView;

describe("a call in words", () => {
  it("names the person, their role and the case while it rings", () => {
    expect(stateSentence(call, "calling")).toBe("Calling Jane Smith - Witness, Case 123");
  });

  it("names a caller without a name by their number", () => {
    const stranger = { ...call, person: { ...person, name: "", display_name: "", role: null } } as CallView;
    expect(whoOf(stranger)).toBe("(212) 555-0124");
  });

  it("a call that nobody took is missed, and one that went to the machine is a voicemail", () => {
    const inbound = { ...call, direction: "inbound" } as CallView;
    expect(isMissed({ ...inbound, status: "no-answer" })).toBe(true);
    expect(isMissed({ ...call, status: "no-answer" })).toBe(false);
    expect(kindWord({ ...inbound, status: "voicemail" })).toBe("Voicemail");
  });

  it("counts whole seconds, and never below nothing", () => {
    const at = "2026-12-01T10:00:00.000000Z";
    expect(secondsSince(at, Date.parse(at) + 61_900)).toBe(61);
    expect(secondsSince(at, Date.parse(at) - 5_000)).toBe(0);
    expect(secondsUntil(at, Date.parse(at) - 1_200)).toBe(2);
    expect(secondsUntil(undefined, 0)).toBe(0);
  });
});

describe("one's seat in a call", () => {
  it("follows from who is on it and how it stands", () => {
    const inbound = { ...call, direction: "inbound" } as CallView;
    expect(seatOf(call, "me")).toBe("calling");
    expect(seatOf({ ...inbound, status: "ringing" }, "me")).toBe("ringing");
    expect(seatOf({ ...call, status: "in-progress" }, "me")).toBe("talking");
    expect(seatOf({ ...call, status: "in-progress" }, "you")).toBeUndefined();
    expect(seatOf({ ...call, status: "in-progress", transfer_to: { id: "you", name: "" } }, "you")).toBe("offered");
    expect(seatOf({ ...call, status: "completed", wrap_up_until: "2026-12-01T10:00:00Z" }, "me")).toBe("wrapping_up");
    expect(seatOf({ ...call, status: "completed" }, "me")).toBeUndefined();
    expect(seatOf({ ...inbound, status: "recording" }, "me")).toBeUndefined();
  });
});

describe("whom a conversation calls", () => {
  const conversation = { person: { ...person, contact_id: "con_1", case_contact_id: "cc_1" } } as ConversationView;
  it("the person in that case, as a lead, or by themselves; nobody where nobody knows who it is", () => {
    const target = (more: Partial<ConversationView>) => calleeOf({ ...conversation, ...more })?.target;
    expect(target({ mycase_case_id: "123" })).toEqual({ case_id: "123", case_contact_id: "cc_1" });
    expect(target({ lead_id: "lead_1" })).toEqual({ lead_id: "lead_1" });
    expect(target({})).toEqual({ contact_id: "con_1" });
    expect(target({ person: { ...conversation.person, contact_id: null } })).toBeUndefined();
    const client = { ...conversation.person, case_contact_id: null };
    expect(target({ mycase_case_id: "123", person: client })).toEqual({ case_id: "123", contact_id: "con_1" });
  });
});

describe("the quality of a connection", () => {
  const sample = { received: 100, lost: 0, jitterMs: 5, roundTripMs: 20 };
  it("is unknown at first, good where all came, and worse with loss, jitter or delay", () => {
    const later = { ...sample, received: 150 };
    expect(qualityOf(undefined, sample)).toBeUndefined();
    expect(qualityOf(sample, { ...sample, received: 104 })).toBeUndefined();
    expect(qualityOf(sample, later)).toBe("good");
    expect(qualityOf(sample, { ...later, lost: 2 })).toBe("fair");
    expect(qualityOf(sample, { ...later, lost: 10 })).toBe("poor");
    expect(qualityOf(sample, { ...later, jitterMs: 40 })).toBe("fair");
    expect(qualityOf(sample, { ...later, roundTripMs: 600 })).toBe("poor");
  });
});

describe("the level meter", () => {
  it("shows nothing in silence, all at full loudness, and more the louder it is", () => {
    expect([0, Number.NaN, 0.001].map(litSteps)).toEqual([0, 0, 0]);
    expect(litSteps(1)).toBe(12);
    expect(litSteps(0.1)).toBeGreaterThan(litSteps(0.03));
  });
});
