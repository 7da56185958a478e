// What events of calls do to the state, one by one.
import { beforeEach, describe, expect, it } from "vitest";
import { noChanges } from "./changes";
import type { CallView, ConversationView, LiveEvent } from "./model";
import { reduce } from "./reduce";
import { callsOf, closeThread, emptyState, type State } from "./state";

const ME = { id: "usr_me", name: "Avery Quinn" };
const OTHER = { id: "usr_other", name: "Tom Brooks" };
const person = { contact_id: "con_1", name: "Jane Smith", display_name: "Jane Smith - Witness", role: "Witness" };
const call = {
  id: "call_1",
  at: "2026-12-01T10:00:00.000000Z",
  conversation_id: "conv_1",
  direction: "outbound",
  person,
  status: "in-progress",
  user: OTHER,
  version: 5,
} as CallView;

let state: State;
beforeEach(() => {
  state = emptyState(ME.id);
});
const changed = (more: Partial<CallView> = {}) => {
  const event: LiveEvent = { type: "call_changed", cause: "changed", call: { ...call, ...more } };
  return reduce(state, event, noChanges());
};

describe("a call that changed", () => {
  it("is kept, and whoever shows it or its conversation hears of it", () => {
    const changes = changed();
    expect(state.calls.get("call_1")).toEqual(call);
    expect([...changes.calls]).toEqual(["call_1"]);
    expect([...changes.texts]).toEqual(["conv_1"]);
  });

  it("is not put back by an older state of it", () => {
    changed({ version: 6, is_muted: true });
    const changes = changed({ version: 5, is_muted: false });
    expect(state.calls.get("call_1")?.is_muted).toBe(true);
    expect(changes.calls.size).toBe(0);
  });

  it("that is over is kept only while its thread is open, or its agent has something to note", () => {
    changed();
    changed({ version: 6, status: "completed", ended_at: call.at });
    expect(state.calls.size).toBe(0);
    state.threads.add("conv_1");
    changed({ version: 7, status: "completed", ended_at: call.at });
    expect([...callsOf(state, "conv_1")]).toHaveLength(1);
    closeThread(state, "conv_1");
    expect(state.calls.size).toBe(0);
    changed({ version: 8, status: "completed", user: ME, wrap_up_until: call.at });
    closeThread(state, "conv_1");
    expect(state.calls.size).toBe(1);
  });

  it("of the reader makes its conversation theirs", () => {
    changed({ user: ME });
    expect(state.mine.has("conv_1")).toBe(true);
  });

  it("that is filed elsewhere tells the conversation that it left as well", () => {
    changed();
    expect([...changed({ version: 6, conversation_id: "conv_2" }).texts].sort()).toEqual(["conv_1", "conv_2"]);
    expect([...callsOf(state, "conv_1")]).toHaveLength(0);
  });
});

describe("a call that left a conversation", () => {
  it("is gone for whoever may not read it where it went", () => {
    changed();
    const changes = reduce(state, { type: "call_withdrawn", call_id: "call_1", conversation_id: "conv_1" });
    expect(state.calls.size).toBe(0);
    expect([...changes.calls, ...changes.texts]).toEqual(["call_1", "conv_1"]);
  });

  it("stays where it was told to stand before", () => {
    changed({ conversation_id: "conv_2" });
    reduce(state, { type: "call_withdrawn", call_id: "call_1", conversation_id: "conv_1" });
    expect(state.calls.size).toBe(1);
  });
});

describe("a conversation that a call came to or left", () => {
  const conversation = { id: "conv_1", kind: "case", last_at: call.at, person } as ConversationView;
  it("is put, or forgotten where nothing is left in it", () => {
    const changes = reduce(state, { type: "conversation_changed", conversation, is_empty: false });
    expect(state.conversations.get("conv_1")).toEqual(conversation);
    expect(changes.counts).toBe(true);
    reduce(state, { type: "conversation_changed", conversation, is_empty: true });
    expect(state.conversations.size).toBe(0);
  });
});

describe("who supervises a call", () => {
  const supervisors = [{ user: OTHER, mode: "listen" as const, since: call.at }];
  it("is kept apart from the call, whose events do not say it, until the call is over", () => {
    changed();
    reduce(state, { type: "call_supervision_changed", call_id: "call_1", supervisors });
    changed({ version: 6 });
    expect(state.supervisors.get("call_1")).toEqual(supervisors);
    changed({ version: 7, status: "completed", ended_at: call.at });
    expect(state.supervisors.size).toBe(0);
  });

  it("is nobody once the last one left", () => {
    reduce(state, { type: "call_supervision_changed", call_id: "call_1", supervisors });
    reduce(state, { type: "call_supervision_changed", call_id: "call_1", supervisors: [] });
    expect(state.supervisors.size).toBe(0);
  });
});

describe("names on calls", () => {
  it("follow a contact and a colleague at once; the role stays that of then", () => {
    changed({ transfer_to: ME });
    const supervisors = [{ user: OTHER, mode: "barge" as const, since: call.at }];
    reduce(state, { type: "call_supervision_changed", call_id: "call_1", supervisors });
    reduce(state, { type: "user_changed", user: { id: OTHER.id, name: "Tom B." } });
    const contact = { id: "con_1", name: "Jane Miller", phones: [] } as never;
    const changes = reduce(state, { type: "contact_changed", contact });
    expect(state.calls.get("call_1")).toMatchObject({
      user: { name: "Tom B." },
      transfer_to: ME,
      person: { display_name: "Jane Miller - Witness" },
    });
    expect(state.supervisors.get("call_1")?.[0]?.user.name).toBe("Tom B.");
    expect(changes.texts.has("conv_1")).toBe(true);
  });
});

describe("the reader's phone", () => {
  it("is the one that was elected last, or none", () => {
    expect(reduce(state, { type: "softphone_elected", user_id: ME.id, softphone_id: "a" }).softphone).toBe(true);
    expect(state.softphone).toBe("a");
    reduce(state, { type: "softphone_elected", user_id: ME.id, softphone_id: null });
    expect(state.softphone).toBeUndefined();
  });
});
