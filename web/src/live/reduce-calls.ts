// The part of the reducer that is about calls, and about conversations as calls come to stand in them and leave them.
import type { Changes } from "./changes";
import type { ContactView, LiveEvent } from "./model";
import { forget, know, named, putCall, type State } from "./state";

type CallChanged = Extract<LiveEvent, { type: "call_changed" }>;
type CallWithdrawn = Extract<LiveEvent, { type: "call_withdrawn" }>;
type ConversationChanged = Extract<LiveEvent, { type: "conversation_changed" }>;
type SupervisionChanged = Extract<LiveEvent, { type: "call_supervision_changed" }>;

export function callChanged(state: State, { call }: CallChanged, changes: Changes): void {
  const before = state.calls.get(call.id);
  if (putCall(state, call)) {
    changes.calls.add(call.id);
    for (const id of [before?.conversation_id, call.conversation_id]) {
      if (id) {
        changes.texts.add(id);
      }
    }
  }
  if (call.ended_at) {
    state.supervisors.delete(call.id);
  }
  const id = call.conversation_id;
  if (id && call.user?.id === state.reader) {
    state.mine.add(id);
    changes.conversations.add(id);
  }
}

/** It was filed elsewhere: whoever may read it there is told so next. */
export function callWithdrawn(state: State, event: CallWithdrawn, changes: Changes): void {
  const { call_id: id, conversation_id: conversation } = event;
  if (state.calls.get(id)?.conversation_id === conversation) {
    state.calls.delete(id);
    state.supervisors.delete(id);
    changes.calls.add(id);
  }
  if (state.knowledge.has(conversation)) {
    know(state, conversation, { other: undefined });
  }
  state.mine.delete(conversation);
  changes.texts.add(conversation);
  changes.conversations.add(conversation);
  changes.unsure.add(conversation);
  changes.counts = true;
}

export function conversationChanged(state: State, event: ConversationChanged, changes: Changes): void {
  const { conversation, is_empty: isEmpty } = event;
  changes.conversations.add(conversation.id);
  if (isEmpty) {
    forget(state, conversation.id);
    changes.texts.add(conversation.id);
    changes.counts = true;
    return;
  }
  changes.counts ||= !state.conversations.has(conversation.id);
  state.conversations.set(conversation.id, conversation);
  know(state, conversation.id, { other: true });
}

export function supervisionChanged(state: State, event: SupervisionChanged, changes: Changes): void {
  if (event.supervisors.length === 0) {
    state.supervisors.delete(event.call_id);
  } else {
    state.supervisors.set(event.call_id, event.supervisors);
  }
  changes.calls.add(event.call_id);
}

/** Names follow at once, the role stays that of then. */
export function contactOnCalls(state: State, contact: ContactView, changes: Changes): void {
  for (const [id, call] of state.calls) {
    if (call.person.contact_id === contact.id) {
      state.calls.set(id, { ...call, person: named(call.person, contact.name, call.person.role) });
      changes.calls.add(id);
      if (call.conversation_id) {
        changes.texts.add(call.conversation_id);
      }
    }
  }
}

export function userOnCalls(state: State, user: { id: string; name: string }, changes: Changes): void {
  for (const [id, call] of state.calls) {
    if (call.user?.id === user.id || call.transfer_to?.id === user.id) {
      state.calls.set(id, {
        ...call,
        user: call.user?.id === user.id ? user : (call.user ?? null),
        transfer_to: call.transfer_to?.id === user.id ? user : (call.transfer_to ?? null),
      });
      changes.calls.add(id);
      if (call.conversation_id) {
        changes.texts.add(call.conversation_id);
      }
    }
  }
  for (const [id, supervisors] of state.supervisors) {
    if (supervisors.some((one) => one.user.id === user.id)) {
      state.supervisors.set(
        id,
        supervisors.map((one) => (one.user.id === user.id ? { ...one, user } : one)),
      );
      changes.calls.add(id);
    }
  }
}
