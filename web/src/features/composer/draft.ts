// Drafts: one per user and conversation, in sessionStorage, so that they outlive a reload and an ended sign-in; gone with a
// sign-out (session/). Refuses localStorage: a draft may hold what a client said.

const PREFIX = "casewire.draft.";

/** What is being written, and the newest text that stood above it when it was begun. */
export interface Draft {
  readonly body: string;
  readonly seen?: string | undefined;
}

const listeners = new Set<() => void>();

function keyOf(userId: string, place: string): string {
  return `${PREFIX}${userId}.${place}`;
}

/** The draft of a user at a place: the id of a conversation, or of whom a first text goes to. */
export function readDraft(userId: string, place: string): Draft {
  const stored = sessionStorage.getItem(keyOf(userId, place));
  if (stored === null) return { body: "" };
  try {
    const parsed: unknown = JSON.parse(stored);
    const body = memberText(parsed, "body");
    return { body: body ?? "", seen: memberText(parsed, "seen") };
  } catch {
    return { body: "" };
  }
}

function memberText(value: unknown, name: string): string | undefined {
  const member: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof member === "string" ? member : undefined;
}

/** Keeps a draft; an empty one is forgotten. Where the storage is full, the text in the field is all there is. */
export function writeDraft(userId: string, place: string, draft: Draft): void {
  const key = keyOf(userId, place);
  try {
    if (draft.body === "") sessionStorage.removeItem(key);
    else sessionStorage.setItem(key, JSON.stringify(draft));
  } catch {
    sessionStorage.removeItem(key);
  }
  for (const listener of listeners) listener();
}

/** Calls back whenever a draft changes in this tab. */
export function onDraftsChanged(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}
