// The events that the server's tests recorded, for this folder's tests: one file an act, with what a manager had, was told,
// read anew and had then.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { ConversationView, LiveEvent, MessageView } from "./model";
import { emptyState, know, putText, type State } from "./state";

export type Kept = { conversations: ConversationView[]; texts: MessageView[] };
export type Fixture = { act: string; before: Kept; events: LiveEvent[]; reread: string[]; after: Kept };

const folder = join(import.meta.dirname, "../../../server/tests/data/events");

export function fixtures(): Fixture[] {
  return readdirSync(folder)
    .filter((name) => name.endsWith(".json"))
    .map((name) => JSON.parse(readFileSync(join(folder, name), "utf8")) as Fixture);
}

/** The state of a client that has every conversation open and read to its end. */
export function stateOf(kept: Kept): State {
  const state = emptyState("usr_reader");
  for (const conversation of kept.conversations) {
    state.conversations.set(conversation.id, conversation);
    state.threads.add(conversation.id);
  }
  for (const message of kept.texts) {
    putText(state, message);
  }
  for (const { id } of kept.conversations) {
    const texts = [...(state.texts.get(id)?.values() ?? [])];
    know(state, id, {
      open: true,
      other: texts.some(({ standing }) => standing !== "unclaimed" && standing !== "unknown"),
    });
  }
  return state;
}

export function contents(state: State): Kept {
  const byId = (a: { id: string }, b: { id: string }): number => (a.id < b.id ? -1 : 1);
  const texts = [...state.texts.values()].flatMap((kept) => [...kept.values()]);
  return {
    conversations: [...state.conversations.values()].sort(byId),
    texts: texts.sort((a, b) => (a.conversation_id + a.id < b.conversation_id + b.id ? -1 : 1)),
  };
}
