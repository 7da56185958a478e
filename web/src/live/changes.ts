// What an event, or an answer, changed and what it leaves to be looked up. The reducer fills it, the store acts on it.

export type Changes = {
  /** Conversations whose row changed, came or went. */
  conversations: Set<string>;
  /** Conversations whose texts changed. */
  texts: Set<string>;
  /** Conversations in which a text may have left a view, or come to one, by more than its row says. */
  unsure: Set<string>;
  /** Conversations to be read anew: no event could say it to everybody. */
  reread: Set<string>;
  /** Conversations that have new system lines. */
  steps: Set<string>;
  /** Cases, by number. */
  cases: Set<string>;
  /** Cases whose contacts are to be read anew, by number. */
  caseContacts: Set<string>;
  /** Contacts that changed. */
  contacts: Set<string>;
  /** Contacts to be read anew. */
  rereadContacts: Set<string>;
  /** Calls that changed, came or went, or whose supervisors did. */
  calls: Set<string>;
  /** Whether another softphone of the reader was elected. */
  softphone: boolean;
  /** Whether counts may be others. */
  counts: boolean;
  /** Whether everything is to be read anew. */
  everything: boolean;
  /** Whether somebody's name changed: the reader's own may be it. */
  users: boolean;
  settings: boolean;
  /** Whether tasks changed, came or went. */
  tasks: boolean;
  /** Whether documents changed, or what was sent and received. */
  documents: boolean;
};

export function noChanges(): Changes {
  return {
    conversations: new Set(),
    texts: new Set(),
    unsure: new Set(),
    reread: new Set(),
    steps: new Set(),
    cases: new Set(),
    caseContacts: new Set(),
    contacts: new Set(),
    rereadContacts: new Set(),
    calls: new Set(),
    softphone: false,
    counts: false,
    everything: false,
    users: false,
    settings: false,
    tasks: false,
    documents: false,
  };
}
