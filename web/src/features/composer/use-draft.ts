// Drafts as React state: the one of a composer, and the words of another place's for the list. Kept by draft.ts.

import { useCallback, useRef, useState, useSyncExternalStore } from "react";
import { useMe } from "../../live/hooks";
import { type Draft, onDraftsChanged, readDraft, writeDraft } from "./draft";

/** The draft of a conversation as it is kept; undefined where there is none. */
export function useDraftOf(conversationId: string): string | undefined {
  const { user_id: userId } = useMe();
  const body = useSyncExternalStore(onDraftsChanged, () => readDraft(userId, conversationId).body);
  return body.trim() === "" ? undefined : body;
}

/** The draft of a place, and how to change it. It is kept with each change. */
export function useDraft(place: string): [Draft, (change: (draft: Draft) => Draft) => void] {
  const { user_id: userId } = useMe();
  const [state, setState] = useState(() => ({ place, draft: readDraft(userId, place) }));
  const latest = useRef(state);
  let current = state;
  if (state.place !== place) {
    current = { place, draft: readDraft(userId, place) };
    setState(current);
  }
  latest.current = current;
  const change = useCallback(
    (next: (draft: Draft) => Draft) => {
      const draft = next(latest.current.draft);
      latest.current = { place: latest.current.place, draft };
      setState(latest.current);
      writeDraft(userId, latest.current.place, draft);
    },
    [userId],
  );
  return [current.draft, change];
}
