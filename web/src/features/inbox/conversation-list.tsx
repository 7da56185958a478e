// The list of conversations of a view, a case or a person: virtual, moved through by keyboard, still while one reads it. Rows
// are links and say everything in words. Which conversations: live/; what a row says: conversation-row.tsx.

import { ArrowUp } from "lucide-react";
import { memo, type ReactNode, useEffect, useMemo, useRef } from "react";
import { useCommands } from "../../keys/registry";
import { useConversation, useList } from "../../live/hooks";
import type { ConversationView, ListKey, ListState } from "../../live/model";
import { text } from "../../text/en";
import { Button, EmptyState, ErrorState, ForbiddenState, SkeletonRows, Spinner } from "../../ui";
import { useDraftOf } from "../composer/use-draft";
import { ConversationRow } from "./conversation-row";
import { type FixedRows, TOP_PX, useFixedRows } from "./fixed-rows";
import { useListKeys } from "./list-keys";
import { type ListOrder, useListOrder } from "./list-order";

export interface ConversationListProps {
  readonly listKey: ListKey;
  readonly selectedId: string | undefined;
  readonly onSelect: (id: string) => void;
  /** What an empty list says. */
  readonly emptyText: string;
  /** What one can do about it. */
  readonly emptyAction?: ReactNode;
  /** In a case's own list the case goes without saying. */
  readonly caseNumber?: string | undefined;
  /** The address of a conversation; by default the page's own with `conv`. */
  readonly hrefOf?: ((id: string) => string) | undefined;
  readonly label?: string | undefined;
}

/** How near to the end the next page is asked for, in rows. */
const AHEAD = 20;

export function ConversationList(props: ConversationListProps) {
  const list = useList(props.listKey);
  const { emptyText, emptyAction } = props;
  if (list.status === "forbidden") return <ForbiddenState hint={text.inbox.forbidden} />;
  if (list.status === "error" && list.ids.length === 0) {
    return <ErrorState error={list.error} what={text.inbox.failed} onRetry={list.reload} />;
  }
  return (
    <Rows {...props} list={list} empty={<EmptyState title={emptyText} action={emptyAction} className="h-full" />} />
  );
}

function Rows(props: ConversationListProps & { readonly list: ListState; readonly empty: ReactNode }) {
  const { list, selectedId, onSelect, listKey } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const isReady = list.status === "ready";
  const order = useListOrder(list, JSON.stringify(listKey), selectedId);
  const keys = useListKeys({ ids: order.ids, selectedId, scroller });
  const rows = useFixedRows(order.ids.length, scroller, keys.reachable);
  keys.scrollTo.current = rows.show;
  useListCommands(keys.move);
  useMorePages(rows.last, order.ids.length, list);
  useNewestInSight(order, rows);

  const hrefOf = props.hrefOf ?? conversationHref;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <Announcements order={order} view={listKey.view} />
      {order.waiting > 0 && <NewRowsPill count={order.waiting} onShow={() => showNewest(order, rows)} />}
      <div
        ref={scroller}
        className="min-h-0 flex-1 overflow-y-auto overscroll-contain [overflow-anchor:none]"
        onScroll={(event) => (event.currentTarget.scrollTop > TOP_PX ? order.hold() : order.release())}
      >
        {order.ids.length === 0 && (isReady ? props.empty : list.status === "loading" && <SkeletonRows rows={8} />)}
        <ul
          // biome-ignore lint/a11y/noRedundantRoles: a list without bullets is none to some screen readers
          role="list"
          aria-label={props.label ?? text.inbox.list}
          aria-busy={list.status === "loading" || undefined}
          onKeyDown={keys.onKeyDown}
          onFocus={keys.onFocus}
          className="relative m-0 w-full list-none p-0"
          style={{ height: order.ids.length * rows.height }}
        >
          {rows.places.map((place) => {
            const id = order.ids[place];
            if (id === undefined) return null;
            return (
              <li
                key={id}
                aria-setsize={list.hasMore ? -1 : order.ids.length}
                aria-posinset={place + 1}
                className="absolute top-0 left-0 h-(--row-height) w-full"
                style={{ transform: `translateY(${place * rows.height}px)` }}
              >
                <LiveRow
                  id={id}
                  href={hrefOf(id)}
                  isSelected={id === selectedId}
                  isReachable={place === keys.reachable}
                  isLeaving={order.leaving.has(id)}
                  view={listKey.view}
                  inCase={props.caseNumber !== undefined}
                  onOpen={onSelect}
                />
              </li>
            );
          })}
        </ul>
        {list.isLoadingMore && (
          <div className="flex justify-center py-3">
            <Spinner label={text.inbox.loadingMore} />
          </div>
        )}
      </div>
    </div>
  );
}

interface LiveRowProps {
  readonly id: string;
  readonly href: string;
  readonly isSelected: boolean;
  readonly isReachable: boolean;
  readonly isLeaving: boolean;
  readonly view: ListKey["view"];
  readonly inCase: boolean;
  readonly onOpen: (id: string) => void;
}

/** A row that has left the store is drawn as it was last known. */
const LiveRow = memo(function LiveRow({ id, isLeaving, view, ...row }: LiveRowProps) {
  const { conversation } = useConversation(id);
  const known = useRef<ConversationView | undefined>(undefined);
  if (conversation !== undefined) known.current = conversation;
  const draft = useDraftOf(id);
  if (known.current === undefined) return <span className="block h-full border-line border-b" />;
  const word = view === "unclaimed" ? text.inbox.noLongerUnclaimed : text.inbox.noLongerHere;
  return <ConversationRow {...row} conversation={known.current} draft={draft} leaving={isLeaving ? word : undefined} />;
});

function conversationHref(id: string): string {
  const params = new URLSearchParams(location.search);
  params.set("conv", id);
  return `${location.pathname}?${params}`;
}

function useMorePages(last: number, length: number, list: ListState): void {
  const { hasMore, isLoadingMore, loadMore } = list;
  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= length - AHEAD) loadMore();
  }, [last, length, hasMore, isLoadingMore, loadMore]);
}

/** At the top nothing is held; what comes in stands there at once. */
function useNewestInSight(order: ListOrder, { isAtTop }: FixedRows): void {
  const { waiting, release } = order;
  useEffect(() => {
    if (isAtTop && waiting > 0) release();
  }, [isAtTop, waiting, release]);
}

function showNewest(order: ListOrder, rows: FixedRows): void {
  order.release();
  rows.toTop();
}

function NewRowsPill({ count, onShow }: { count: number; onShow: () => void }) {
  return (
    <div className="pointer-events-none absolute inset-x-0 top-2 z-10 flex justify-center">
      <Button
        variant="primary"
        size="sm"
        className="pointer-events-auto rounded-full shadow-popup"
        icon={<ArrowUp aria-hidden size={14} />}
        aria-label={text.inbox.showNewRows(count)}
        onClick={onShow}
      >
        {text.inbox.newRows(count)}
      </Button>
    </div>
  );
}

/** Says politely who left the list by somebody else's act. */
function Announcements({ order, view }: { order: ListOrder; view: ListKey["view"] }) {
  const ids = useMemo(() => [...order.leaving], [order.leaving]);
  return (
    <div role="status" className="sr-only">
      {ids.map((id) => (
        <Departed key={id} id={id} view={view} />
      ))}
    </div>
  );
}

function Departed({ id, view }: { id: string; view: ListKey["view"] }) {
  const { conversation } = useConversation(id);
  if (conversation === undefined) return null;
  const who = conversation.person.display_name;
  return <span>{view === "unclaimed" ? text.inbox.departed(who) : text.inbox.departedView(who)}</span>;
}

function useListCommands(move: (step: number | "first" | "last") => void): void {
  const words = text.inbox.command;
  useCommands(
    [
      {
        id: "list.next",
        label: words.next,
        keys: ["j"],
        scope: "inbox",
        repeats: true,
        isHidden: true,
        run: () => move(1),
      },
      {
        id: "list.open",
        label: words.open,
        keys: ["o"],
        scope: "inbox",
        isHidden: true,
        when: () => document.activeElement?.matches("[data-conversation]") ?? false,
        run: () => document.activeElement instanceof HTMLElement && document.activeElement.click(),
      },
      {
        id: "list.previous",
        label: words.previous,
        keys: ["k"],
        scope: "inbox",
        repeats: true,
        isHidden: true,
        run: () => move(-1),
      },
    ],
    [move],
  );
}
