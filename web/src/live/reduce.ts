// The reducer: applies one event to the state and says what changed and what is to be looked up. Looks at nothing else: no
// clock, no network. The rules are those of docs/api.md, the recorded events in server/tests/data/events/ hold it to them.
// What lists follow from the state: membership.ts.
import { type Changes, noChanges } from "./changes";
import type { CaseContactView, CaseView, ContactView, LiveEvent, MessageView } from "./model";
import {
  callChanged,
  callWithdrawn,
  contactOnCalls,
  conversationChanged,
  supervisionChanged,
  userOnCalls,
} from "./reduce-calls";
import { forget, isMine, isOpen, know, learnNumbers, named, putText, type State, textsOf } from "./state";

type Placed = Extract<LiveEvent, { type: "message_placed" }>;
type Withdrawn = Extract<LiveEvent, { type: "message_withdrawn" }>;
type Removed = Extract<LiveEvent, { type: "case_contact_removed" }>;

/** Whether an event is applied for the first time, or once more over an answer that may be older than it. */
export type Turn = "first" | "again";

export function reduce(state: State, event: LiveEvent, changes: Changes = noChanges(), turn: Turn = "first"): Changes {
  switch (event.type) {
    case "message_placed":
      placed(state, event, changes);
      break;
    case "message_withdrawn":
      withdrawn(state, event, changes);
      break;
    case "message_dismissed":
      hidden(state, event.conversation_id, event.message_id, true, changes);
      break;
    case "message_undismissed":
      hidden(state, event.conversation_id, event.message_id, false, changes);
      break;
    case "contact_changed":
      contactChanged(state, event.contact, turn, changes);
      break;
    case "case_contact_added":
    case "case_contact_changed":
      linked(state, event.case_contact, changes);
      break;
    case "case_contact_removed":
      unlinked(state, event, changes);
      break;
    case "case_changed":
      caseChanged(state, event.case, changes);
      break;
    case "user_changed":
      userChanged(state, event.user, changes);
      break;
    case "access_changed":
      changes.everything ||= event.user_id === null || event.user_id === undefined || event.user_id === state.reader;
      break;
    case "contact_role_changed":
    case "contact_role_removed":
      changes.everything = true;
      break;
    case "task_changed":
    case "task_withdrawn":
    case "task_reminded":
      changes.tasks = true;
      break;
    case "document_changed":
      changes.documents = true;
      break;
    case "settings_changed":
      changes.settings = true;
      break;
    case "call_changed":
      callChanged(state, event, changes);
      break;
    case "call_withdrawn":
      callWithdrawn(state, event, changes);
      break;
    case "conversation_changed":
      conversationChanged(state, event, changes);
      break;
    case "call_supervision_changed":
      supervisionChanged(state, event, changes);
      break;
    case "softphone_elected":
      state.softphone = event.softphone_id ?? undefined;
      changes.softphone = true;
      break;
  }
  return changes;
}

/** Whether the reader had hidden the text: events do not say it. Unknown where the text was not kept and may be an old one. */
function keptDismissal(state: State, { cause, message }: Placed): boolean | null {
  if (!isOpen(message)) {
    return false;
  }
  const old = textsOf(state, message.conversation_id).get(message.id);
  const known = old === undefined ? undefined : isOpen(old) && old.dismissed;
  if (typeof known === "boolean") {
    return known;
  }
  // Whoever had dismissed a text that is released is told so after it; new texts are dismissed by nobody yet.
  const isOld = cause === "attention_changed" && state.knowledge.get(message.conversation_id)?.open !== true;
  return isOld ? null : false;
}

function placed(state: State, event: Placed, changes: Changes): void {
  const { cause, conversation } = event;
  const before = state.conversations.get(conversation.id);
  const message: MessageView = { ...event.message, dismissed: keptDismissal(state, event) };
  const old = textsOf(state, conversation.id).get(message.id);
  state.conversations.set(conversation.id, conversation);
  if (isOpen(message) && (old === undefined || !isOpen(old)) && cause === "released") {
    know(state, conversation.id, { other: undefined });
  }
  putText(state, message);
  changes.conversations.add(conversation.id);
  changes.texts.add(conversation.id);
  if (isMine(message, state.reader)) {
    state.mine.add(conversation.id);
  } else if (cause === "released") {
    state.mine.delete(conversation.id);
  }
  if (cause === "claimed" || cause === "released" || cause === "moved") {
    changes.unsure.add(conversation.id);
    changes.steps.add(conversation.id);
  }
  changes.documents ||= message.media.length > 0;
  changes.counts ||=
    cause !== "delivery_advanced" ||
    before?.attention_count !== conversation.attention_count ||
    before.unclaimed_count !== conversation.unclaimed_count;
}

function withdrawn(state: State, event: Withdrawn, changes: Changes): void {
  const { id } = event.conversation;
  state.texts.get(id)?.delete(event.message_id);
  if (event.is_empty) {
    forget(state, id);
  } else {
    state.conversations.set(id, event.conversation);
    if (state.knowledge.has(id)) {
      know(state, id, { other: undefined });
    }
    state.mine.delete(id);
  }
  changes.conversations.add(id);
  changes.texts.add(id);
  changes.unsure.add(id);
  changes.steps.add(id);
  changes.counts = true;
}

function hidden(state: State, conversation: string, message: string, dismissed: boolean, changes: Changes): void {
  const kept = state.texts.get(conversation);
  const text = kept?.get(message);
  if (kept !== undefined && text !== undefined) {
    kept.set(message, { ...text, dismissed });
    changes.texts.add(conversation);
  }
  if (!state.conversations.has(conversation)) {
    // Done in another tab: it may belong to a list now.
    changes.reread.add(conversation);
  }
  changes.conversations.add(conversation);
  changes.unsure.add(conversation);
  changes.counts = true;
}

/**
 * Names follow at once. A name that is found by a number is looked up where the contact has that number, or had it; of a
 * contact who was not known before, it is not known which numbers they had.
 */
function contactChanged(state: State, contact: ContactView, turn: Turn, changes: Changes): void {
  const primary = contact.phones.find((phone) => phone.is_primary)?.number ?? "";
  const before = turn === "first" ? learnNumbers(state, contact) : undefined;
  const now = new Set(contact.phones.map((phone) => phone.number));
  const isConcerned = (number: string): boolean => now.has(number) || (before?.has(number) ?? true);
  for (const [id, conversation] of state.conversations) {
    const { person } = conversation;
    if (person.contact_id === contact.id) {
      const renamed = { ...named(person, contact.name, person.role), number: primary };
      state.conversations.set(id, { ...conversation, person: renamed });
      changes.conversations.add(id);
    } else if (isByNumber(person.contact_id) && isConcerned(person.number)) {
      changes.reread.add(id);
    }
  }
  for (const [id, kept] of state.texts) {
    for (const message of kept.values()) {
      const { person } = message;
      if (person.contact_id === contact.id) {
        kept.set(message.id, { ...message, person: named(person, contact.name, person.role) });
        changes.texts.add(id);
      } else if (state.threads.has(id) && isByNumber(person.contact_id) && isConcerned(person.number)) {
        changes.reread.add(id);
      }
    }
  }
  contactOnCalls(state, contact, changes);
  const details = state.contacts.get(contact.id);
  if (details !== undefined) {
    state.contacts.set(contact.id, { ...details, contact });
    changes.contacts.add(contact.id);
  }
  for (const [number, links] of state.caseContacts) {
    if (links.some((link) => link.contact.id === contact.id)) {
      state.caseContacts.set(
        number,
        links.map((link) => (link.contact.id === contact.id ? { ...link, contact } : link)),
      );
      changes.cases.add(number);
    }
  }
}

const isByNumber = (contact: string | null | undefined): boolean => contact === null || contact === undefined;

/** The conversation has the role of now, and so has what is still offered in it; everything else keeps the role of then. */
function linked(state: State, link: CaseContactView, changes: Changes): void {
  for (const [id, conversation] of state.conversations) {
    const { person } = conversation;
    if (conversation.mycase_case_id === link.mycase_case_id && person.contact_id === link.contact.id) {
      const now = { ...named(person, person.name, link.role), case_contact_id: link.id ?? null };
      state.conversations.set(id, { ...conversation, person: now });
      changes.conversations.add(id);
      changes.steps.add(id);
    }
  }
  for (const [id, kept] of state.texts) {
    for (const message of kept.values()) {
      const isOffered = message.standing === "unclaimed" && message.case_number === link.mycase_case_id;
      if (isOffered && link.id && message.person.case_contact_id === link.id) {
        kept.set(message.id, { ...message, person: named(message.person, message.person.name, link.role) });
        changes.texts.add(id);
      }
    }
  }
  const links = state.caseContacts.get(link.mycase_case_id);
  if (links !== undefined) {
    const others = links.filter((one) => one.id !== link.id);
    const isNew = others.length === links.length;
    state.caseContacts.set(
      link.mycase_case_id,
      isNew ? [...links, link] : links.map((one) => (one.id === link.id ? link : one)),
    );
    changes.cases.add(link.mycase_case_id);
    changes.caseContacts.add(link.mycase_case_id);
  }
  rereadContact(state, link.contact.id, changes);
}

function unlinked(state: State, event: Removed, changes: Changes): void {
  for (const [id, conversation] of state.conversations) {
    const { person } = conversation;
    if (conversation.mycase_case_id === event.mycase_case_id && person.contact_id === event.contact_id) {
      state.conversations.set(id, { ...conversation, person: { ...person, case_contact_id: null } });
      changes.conversations.add(id);
      changes.steps.add(id);
    }
  }
  const links = state.caseContacts.get(event.mycase_case_id);
  if (links !== undefined) {
    state.caseContacts.set(
      event.mycase_case_id,
      links.filter((link) => link.id !== event.case_contact_id),
    );
    changes.cases.add(event.mycase_case_id);
    changes.caseContacts.add(event.mycase_case_id);
  }
  rereadContact(state, event.contact_id, changes);
}

function rereadContact(state: State, contact: string, changes: Changes): void {
  if (state.contacts.has(contact)) {
    changes.rereadContacts.add(contact);
  }
}

/** Whose role as the client began or ended is to be looked up. */
function caseChanged(state: State, changed: CaseView, changes: Changes): void {
  for (const [id, conversation] of state.conversations) {
    if (conversation.case_id !== changed.id) {
      continue;
    }
    state.conversations.set(id, { ...conversation, case_name: changed.name });
    changes.conversations.add(id);
    const { contact_id, role } = conversation.person;
    const isClient = !isByNumber(contact_id) && contact_id === changed.client_contact_id;
    if (isClient !== (role === "Client")) {
      changes.reread.add(id);
    }
  }
  const number = changed.mycase_case_id;
  if (state.cases.has(number)) {
    state.cases.set(number, changed);
  }
  changes.cases.add(number);
  changes.caseContacts.add(number);
  changes.counts = true;
  for (const [id, details] of state.contacts) {
    const isConcerned = details.cases.some((one) => one.case_id === changed.id) || id === changed.client_contact_id;
    if (isConcerned) {
      changes.rereadContacts.add(id);
    }
  }
}

/** Somebody has another name now: where they wrote, claimed or are assigned. */
function userChanged(state: State, user: { id: string; name: string }, changes: Changes): void {
  for (const [id, kept] of state.texts) {
    for (const message of kept.values()) {
      const wrote = message.sent_by?.id === user.id;
      const claimed = message.claim?.by.id === user.id;
      if (wrote || claimed) {
        kept.set(message.id, {
          ...message,
          sent_by: wrote ? user : (message.sent_by ?? null),
          claim: claimed && message.claim ? { ...message.claim, by: user } : (message.claim ?? null),
        });
        changes.texts.add(id);
      }
    }
  }
  userOnCalls(state, user, changes);
  for (const id of state.threads) {
    changes.steps.add(id);
  }
  for (const [number, known] of state.cases) {
    if (known.assigned.some((one) => one.id === user.id)) {
      const assigned = known.assigned.map((one) => (one.id === user.id ? user : one));
      state.cases.set(number, { ...known, assigned });
      changes.cases.add(number);
    }
  }
  changes.users = true;
}
