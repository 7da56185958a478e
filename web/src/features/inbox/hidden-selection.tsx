// The open conversation where the view does not have it: its row above the list, with a note, so that a filter, a claim or a
// dismissal never takes away what one is reading.

import { useConversation, useList } from "../../live/hooks";
import type { ListKey } from "../../live/model";
import { text } from "../../text/en";
import { useDraftOf } from "../composer/use-draft";
import { ConversationRow } from "./conversation-row";

interface Props {
  readonly listKey: ListKey;
  readonly selectedId: string | undefined;
  readonly href: string | undefined;
  readonly onSelect: (id: string) => void;
}

export function HiddenSelection(props: Props) {
  if (props.selectedId === undefined) return null;
  return <MaybeHidden {...props} selectedId={props.selectedId} />;
}

function MaybeHidden({ listKey, selectedId, href, onSelect }: Props & { selectedId: string }) {
  const list = useList(listKey);
  const { conversation } = useConversation(selectedId);
  const last = useConversation(list.ids.at(-1));
  const draft = useDraftOf(selectedId);
  if (conversation === undefined || list.status !== "ready" || list.ids.includes(selectedId)) return null;
  const isFurtherDown = list.hasMore && conversation.last_at < (last.conversation?.last_at ?? "");
  if (isFurtherDown) return null;
  return (
    <div className="border-line border-b bg-bg">
      <p className="px-3 pt-2 text-muted text-xs">{text.inbox.hidden}</p>
      <div className="h-(--row-height)">
        <ConversationRow
          conversation={conversation}
          href={href ?? ""}
          isSelected
          isReachable
          inCase={false}
          draft={draft}
          onOpen={onSelect}
        />
      </div>
    </div>
  );
}
