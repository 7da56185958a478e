// The list of conversations of a view, a case or a person: virtual, moved through by keyboard, still while one reads it. Rows
// are links and say everything in words. Which conversations: live/; what a row says: conversation-row.tsx.

import { useVirtualizer, type Virtualizer } from "@tanstack/react-virtual";
import { ArrowUp } from "lucide-react";
import { memo, type ReactNode, useCallback, useEffect, useMemo, useRef } from "react";
import { useCommands } from "../../keys/registry";
import { useConversation, useList } from "../../live/hooks";
import type { ConversationView, ListKey, ListState } from "../../live/model";
import { text } from "../../text/en";
import { Button, EmptyState, ErrorState, ForbiddenState, SkeletonRows, Spinner } from "../../ui";
import { useAppearance } from "../../ui/appearance";
import { useDraftOf } from "../composer/use-draft";
import { ConversationRow } from "./conversation-row";
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
/** How far one may have scrolled and still be at the top, in pixels. */
const TOP_PX = 4;

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
  const reachablePlace = useRef(-1);
  const virtualizer = useRows(order.ids.length, scroller, reachablePlace);
  const scrollTo = useCallback((place: number) => virtualizer.scrollToIndex(place, { align: "auto" }), [virtualizer]);
  const keys = useListKeys({ ids: order.ids, selectedId, scroller, scrollTo });
  reachablePlace.current = keys.reachable;
  useListCommands(keys.move);
  useMorePages(virtualizer, order.ids.length, list);
  useNewestInSight(order, virtualizer);

  const items = virtualizer.getVirtualItems();
  const hrefOf = props.hrefOf ?? conversationHref;
  return (
    <div className="relative flex min-h-0 flex-1 flex-col">
      <Announcements order={order} view={listKey.view} />
      {order.waiting > 0 && <NewRowsPill count={order.waiting} onShow={() => showNewest(order, virtualizer)} />}
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
          style={{ height: virtualizer.getTotalSize() }}
        >
          {items.map((item) => {
            const id = order.ids[item.index];
            if (id === undefined) return null;
            return (
              <li
                key={id}
                aria-setsize={list.hasMore ? -1 : order.ids.length}
                aria-posinset={item.index + 1}
                className="absolute top-0 left-0 h-(--row-height) w-full"
                style={{ transform: `translateY(${item.start}px)` }}
              >
                <LiveRow
                  id={id}
                  href={hrefOf(id)}
                  isSelected={id === selectedId}
                  isReachable={item.index === keys.reachable}
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

/** Rows are alike in height and known by their place: what they show may change without a place being worked out anew. */
function useRows(
  count: number,
  scroller: React.RefObject<HTMLDivElement | null>,
  reachable: React.RefObject<number>,
): Virtualizer<HTMLDivElement, Element> {
  // Drawn anew when the density changes.
  useAppearance();
  const height = rowHeight();
  const virtualizer = useVirtualizer<HTMLDivElement, Element>({
    count,
    getScrollElement: () => scroller.current,
    estimateSize: () => height,
    overscan: 8,
    // The row that has the focus stays in the page, or the focus would be lost.
    rangeExtractor: ({ startIndex, endIndex, overscan }) => {
      const first = Math.max(0, startIndex - overscan);
      const last = Math.min(count - 1, endIndex + overscan);
      const places = Array.from({ length: Math.max(0, last - first + 1) }, (_, at) => first + at);
      const kept = reachable.current;
      if (kept < 0 || kept >= count || (kept >= first && kept <= last)) return places;
      return kept < first ? [kept, ...places] : [...places, kept];
    },
  });
  // biome-ignore lint/correctness/useExhaustiveDependencies: the rows are measured anew when their height changes
  useEffect(() => virtualizer.measure(), [height, virtualizer]);
  return virtualizer;
}

/** The height of a row in pixels: `--row-height` is in rem. */
function rowHeight(): number {
  const root = getComputedStyle(document.documentElement);
  const rem = Number.parseFloat(root.getPropertyValue("--row-height")) || 4.75;
  return rem * (Number.parseFloat(root.fontSize) || 16);
}

function conversationHref(id: string): string {
  const params = new URLSearchParams(location.search);
  params.set("conv", id);
  return `${location.pathname}?${params}`;
}

function useMorePages(virtualizer: Virtualizer<HTMLDivElement, Element>, length: number, list: ListState): void {
  const last = virtualizer.range?.endIndex ?? 0;
  const { hasMore, isLoadingMore, loadMore } = list;
  useEffect(() => {
    if (hasMore && !isLoadingMore && last >= length - AHEAD) loadMore();
  }, [last, length, hasMore, isLoadingMore, loadMore]);
}

/** At the top nothing is held; what comes in stands there at once. */
function useNewestInSight(order: ListOrder, virtualizer: Virtualizer<HTMLDivElement, Element>): void {
  const isAtTop = (virtualizer.scrollOffset ?? 0) <= TOP_PX;
  const { waiting, release } = order;
  useEffect(() => {
    if (isAtTop && waiting > 0) release();
  }, [isAtTop, waiting, release]);
}

function showNewest(order: ListOrder, virtualizer: Virtualizer<HTMLDivElement, Element>): void {
  order.release();
  virtualizer.scrollToOffset(0);
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
