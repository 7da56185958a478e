// The composer of a conversation: answers an unclaimed text without claiming it, warns when the thread changed under one's hands.
// The form itself: composer-form.tsx; a first text to somebody: new-text.tsx.

import { Info } from "lucide-react";
import { type RefObject, useEffect } from "react";
import { useMe } from "../../live/hooks";
import type { ConversationView, ItemsState, MessageView } from "../../live/model";
import { queryClient } from "../../live/requests";
import { text } from "../../text/en";
import { newSince, textsIn } from "../thread/entries";
import { ComposerForm } from "./composer-form";

interface Props {
  readonly conversation: ConversationView;
  readonly items: ItemsState;
  /** The unclaimed text that would be answered. */
  readonly unclaimed: MessageView | undefined;
  readonly field: RefObject<HTMLTextAreaElement | null>;
  readonly onReview: () => void;
  readonly onLeave: () => void;
  readonly onSent: (message: MessageView) => void;
}

export function Composer({ conversation, items, unclaimed, field, onReview, onLeave, onSent }: Props) {
  const { user_id: userId } = useMe();
  const texts = textsIn(items.items);
  const newest = texts.at(-1);
  const newestInbound = texts.findLast((message) => message.direction === "inbound");
  useOptOutNews(newestInbound);
  const answers = unclaimed ?? (conversation.kind === "unknown" ? newestInbound : undefined);
  return (
    <ComposerForm
      place={conversation.id}
      choicesKey={{ conversation_id: conversation.id }}
      who={conversation.person.name}
      contactId={conversation.person.contact_id}
      personRole={conversation.person.role}
      answers={answers}
      newest={newest?.id ?? (items.status === "ready" ? undefined : "unknown")}
      newSince={(seen) => newSince(items.items, seen, userId)}
      onReview={onReview}
      onLeave={onLeave}
      onSent={onSent}
      field={field}
      note={unclaimed === undefined ? undefined : <ClarifyingNote />}
    />
  );
}

function ClarifyingNote() {
  return (
    <p className="m-0 flex items-center gap-1.5 text-muted text-sm">
      <Info aria-hidden className="size-3.5 shrink-0" />
      {text.composer.clarifying}
    </p>
  );
}

/** STOP and START change what can be chosen. */
function useOptOutNews(newest: MessageView | undefined): void {
  const id = newest?.id;
  const keyword = newest?.keyword;
  useEffect(() => {
    if (id !== undefined && (keyword === "stop" || keyword === "start")) {
      queryClient.invalidateQueries({ queryKey: ["choices"] });
    }
  }, [id, keyword]);
}
