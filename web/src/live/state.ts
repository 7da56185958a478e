// The normalised state that events and answers are put into: one map per noun, whatever screen shows it. Entities are never
// changed, only replaced; the maps are. Refuses I/O and time. How events change it: reduce.ts.
import { isKeptAlways, newer } from "./calls";
import type {
  CallView,
  CaseContactView,
  CaseView,
  ContactDetails,
  ContactView,
  ConversationView,
  MessageView,
  PersonView,
  SupervisorView,
} from "./model";

/** What is known of the texts in a conversation, of which only some are kept. */
export type Knowledge = {
  /** Whether every open text in it is kept. */
  open: boolean;
  /** Whether anything else stands in it, where that is known. */
  other: boolean | undefined;
};

export type State = {
  /** Who reads. */
  readonly reader: string;
  conversations: Map<string, ConversationView>;
  /** By conversation, then by text: an unclaimed text stands in several conversations. */
  texts: Map<string, Map<string, MessageView>>;
  knowledge: Map<string, Knowledge>;
  /** Conversations of which all texts are kept; of the others only open ones. */
  threads: Set<string>;
  /** Conversations with a text that the reader wrote or claimed, as far as events told. */
  mine: Set<string>;
  /** Every number that a contact was ever known to have. */
  numbers: Map<string, Set<string>>;
  cases: Map<string, CaseView>;
  caseContacts: Map<string, readonly CaseContactView[]>;
  contacts: Map<string, ContactDetails>;
  /** Calls that are under way or the reader's to finish, and those of open threads. */
  calls: Map<string, CallView>;
  /** Who supervises a call, as far as the reader may know. */
  supervisors: Map<string, readonly SupervisorView[]>;
  /** The softphone of the reader that was elected last, where that was told. */
  softphone: string | undefined;
};

export function emptyState(reader: string): State {
  return {
    reader,
    conversations: new Map(),
    texts: new Map(),
    knowledge: new Map(),
    threads: new Set(),
    mine: new Set(),
    numbers: new Map(),
    cases: new Map(),
    caseContacts: new Map(),
    contacts: new Map(),
    calls: new Map(),
    supervisors: new Map(),
    softphone: undefined,
  };
}

/** Whether a text waits for somebody: only such a text can be dismissed. */
export function isOpen(message: MessageView): boolean {
  return message.standing === "unclaimed" || message.standing === "unknown";
}

export function isMine(message: MessageView, reader: string): boolean {
  return message.sent_by?.id === reader || message.claim?.by.id === reader;
}

/** The part of an id that orders it, without the prefix that names its kind. */
function bare(id: string): string {
  return id.slice(id.indexOf("_") + 1);
}

/** Orders conversations and items as the server does; greater is later. */
export function orderKey(at: string, id: string): string {
  return `${at} ${bare(id)}`;
}

export function conversationKey(conversation: ConversationView): string {
  return orderKey(conversation.last_at, conversation.id);
}

export function textsOf(state: State, conversation: string): ReadonlyMap<string, MessageView> {
  return state.texts.get(conversation) ?? nothing;
}

const nothing: ReadonlyMap<string, MessageView> = new Map();

/** Keeps a text, where it is of use: in an open thread, or while it waits for somebody. */
export function putText(state: State, message: MessageView): void {
  const id = message.conversation_id;
  const kept = state.texts.get(id);
  if (!isOpen(message)) {
    know(state, id, { other: true });
  }
  if (isOpen(message) || state.threads.has(id)) {
    if (kept === undefined) {
      state.texts.set(id, new Map([[message.id, message]]));
    } else {
      kept.set(message.id, message);
    }
  } else {
    kept?.delete(message.id);
  }
}

/** Keeps a call, where it is of use; an older state of it than the kept one is not. Says whether anything changed. */
export function putCall(state: State, told: CallView): boolean {
  const known = state.calls.get(told.id);
  const call = newer(known, told);
  if (call === known) {
    return false;
  }
  const conversation = call.conversation_id;
  if (isKeptAlways(call, state.reader) || (conversation && state.threads.has(conversation))) {
    state.calls.set(call.id, call);
  } else {
    state.calls.delete(call.id);
    state.supervisors.delete(call.id);
  }
  return true;
}

export function* callsOf(state: State, conversation: string): Generator<CallView, void> {
  for (const call of state.calls.values()) {
    if (call.conversation_id === conversation) {
      yield call;
    }
  }
}

/** Notes what became known of a conversation's texts. */
export function know(state: State, conversation: string, facts: Partial<Knowledge>): void {
  const before = state.knowledge.get(conversation) ?? { open: false, other: undefined };
  state.knowledge.set(conversation, { ...before, ...facts });
}

/** Drops all that is known of a conversation. */
export function forget(state: State, conversation: string): void {
  state.conversations.delete(conversation);
  state.texts.delete(conversation);
  state.knowledge.delete(conversation);
  state.mine.delete(conversation);
}

/** Keeps only the open texts of a conversation that no screen shows any more. */
export function closeThread(state: State, conversation: string): void {
  state.threads.delete(conversation);
  const kept = state.texts.get(conversation);
  for (const [id, message] of kept ?? []) {
    if (!isOpen(message)) {
      kept?.delete(id);
    }
  }
  if (kept?.size === 0) {
    state.texts.delete(conversation);
  }
  for (const call of callsOf(state, conversation)) {
    if (!isKeptAlways(call, state.reader)) {
      state.calls.delete(call.id);
    }
  }
}

/** Notes a contact's numbers; gives what was known of them before. */
export function learnNumbers(state: State, contact: ContactView): ReadonlySet<string> | undefined {
  const before = state.numbers.get(contact.id);
  state.numbers.set(contact.id, new Set([...(before ?? []), ...contact.phones.map((phone) => phone.number)]));
  return before;
}

/** "Jane Smith - Witness", or the name alone. */
export function named(person: PersonView, name: string, role: string | null | undefined): PersonView {
  const shown = role === null || role === undefined ? name : `${name} - ${role}`;
  return { ...person, name, role: role ?? null, display_name: shown };
}
