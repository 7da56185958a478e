// Which conversations a list has, from what is kept: yes, no, or unknown where too little is kept to tell. Pure. The rules
// are those of docs/api.md; what is done about the unknown: list.ts.
import type { ConversationView, ListKey } from "./model";
import { isOpen, type State, textsOf } from "./state";

/** Whether the server alone can tell what is in such a list. */
export function isSearched(key: ListKey): boolean {
  return Boolean(key.q) || Boolean(key.role) || Boolean(key.channel);
}

function isInScope(key: ListKey, conversation: ConversationView): boolean {
  return (
    (key.case_id === undefined || conversation.mycase_case_id === key.case_id) &&
    (key.contact_id === undefined || conversation.person.contact_id === key.contact_id) &&
    (key.lead_id === undefined || conversation.lead_id === key.lead_id)
  );
}

/** What the kept texts of a conversation say. */
function openTexts(state: State, conversation: ConversationView) {
  let [shown, hidden, unsure, unclaimed] = [false, false, false, 0];
  for (const message of textsOf(state, conversation.id).values()) {
    if (isOpen(message)) {
      unclaimed += message.standing === "unclaimed" ? 1 : 0;
      shown ||= message.dismissed === false;
      hidden ||= message.dismissed === true;
      unsure ||= typeof message.dismissed !== "boolean";
    }
  }
  const isWhole =
    state.knowledge.get(conversation.id)?.open === true ||
    (conversation.kind !== "unknown" && unclaimed >= conversation.unclaimed_count);
  return { shown, hidden, isWhole: isWhole && !unsure };
}

/** Whether anything in the conversation is not dismissed. */
function isSomethingLeft(state: State, conversation: ConversationView): boolean | undefined {
  if (conversation.unclaimed_count === 0 && conversation.kind !== "unknown") {
    return true;
  }
  const open = openTexts(state, conversation);
  const other = state.knowledge.get(conversation.id)?.other;
  if (open.shown || other === true) {
    return true;
  }
  return open.isWhole && other === false ? false : undefined;
}

/** Whether the list has the conversation; undefined where it is to be looked up, or to stay as it was. */
export function belongs(key: ListKey, conversation: ConversationView, state: State): boolean | undefined {
  if (!isInScope(key, conversation)) {
    return false;
  }
  if (isSearched(key)) {
    return undefined;
  }
  const isOffered = conversation.unclaimed_count > 0;
  const isUnknown = conversation.kind === "unknown";
  switch (key.view ?? "all") {
    case "all":
      return key.lead_id !== undefined ? true : isSomethingLeft(state, conversation);
    case "unknown":
      return isUnknown ? isSomethingLeft(state, conversation) : false;
    case "unclaimed": {
      const open = openTexts(state, conversation);
      return isOffered && (open.shown || (open.isWhole ? false : undefined));
    }
    case "dismissed": {
      const open = openTexts(state, conversation);
      return (isOffered || isUnknown) && (open.hidden || (open.isWhole ? false : undefined));
    }
    case "attention":
      return conversation.attention_count > 0;
    case "mine":
      return state.mine.has(conversation.id) ? true : undefined;
  }
}

/** How the unknown is found out: from the conversation's texts, or by reading the list. */
export function remedy(key: ListKey): "texts" | "list" {
  return isSearched(key) || key.view === "attention" || key.view === "mine" ? "list" : "texts";
}
