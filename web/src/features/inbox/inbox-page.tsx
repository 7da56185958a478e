// The inbox: views and filters, the list, and the conversation that is open, all of it in the address. Beside each other where
// there is room, one at a time where there is not. The list is conversation-list.tsx, the conversation features/thread.

import { Inbox as InboxIcon } from "lucide-react";
import { useCallback, useEffect, useMemo, useRef } from "react";
import { useLocation, useSearch } from "wouter";
import { useCommands } from "../../keys/registry";
import { useAllowed, useCounts } from "../../live/hooks";
import { text } from "../../text/en";
import { Button, EmptyState, ForbiddenState } from "../../ui";
import { ConversationPane, useReadyPane } from "../thread/lazy-pane";
import { ConversationList } from "./conversation-list";
import { FilterBar } from "./filter-bar";
import { HiddenSelection } from "./hidden-selection";
import { filtersOn, type InboxState, inboxHref, listKeyOf, parseInbox } from "./inbox-url";
import { SearchField } from "./search-field";
import { useViews, ViewTabs } from "./view-tabs";

export function InboxPage() {
  const { sms } = useAllowed();
  if (sms < 1) return <ForbiddenState hint={text.inbox.forbidden} className="h-full" />;
  return <Inbox />;
}

function Inbox() {
  const search = useSearch();
  const [, navigate] = useLocation();
  const state = useMemo(() => parseInbox(search), [search]);
  const change = useCallback(
    (next: Partial<InboxState>, how: "push" | "replace" = "push") =>
      navigate(inboxHref({ ...parseInbox(location.search), ...next }), { replace: how === "replace" }),
    [navigate],
  );
  const open = useCallback((id: string) => change({ conv: id }), [change]);
  const close = useCallback(() => change({ conv: undefined }), [change]);
  const hrefOf = useCallback((id: string) => inboxHref({ ...state, conv: id }), [state]);
  const listKey = useMemo(() => listKeyOf(state), [state]);
  useInboxCommands(state, change);
  useReadyPane();
  const isOpen = state.conv !== undefined;
  useFocusInSight(state.conv);
  return (
    <div className="@container/panes flex h-full min-h-0 min-w-0">
      <h1 className="sr-only">{text.inbox.title}</h1>
      <section
        aria-label={text.inbox.title}
        data-region="list"
        tabIndex={-1}
        className={`${isOpen ? "hidden @min-[720px]/panes:flex" : "flex"} min-h-0 w-full min-w-0 flex-col border-line border-r bg-surface @min-[720px]/panes:w-80 @min-[720px]/panes:shrink-0 @min-[1080px]/panes:w-96`}
      >
        <header className="flex flex-col gap-2.5 border-line border-b px-3 pt-3 pb-2.5">
          <p aria-hidden className="m-0 font-semibold text-lg">
            {text.inbox.title}
          </p>
          <div className="flex gap-2">
            <SearchField value={state.q ?? ""} onChange={(q) => change({ q: q || undefined }, "replace")} />
            <FilterBar.Button state={state} onChange={change} />
          </div>
          <ViewTabs state={state} />
          <FilterBar.Chips state={state} onChange={change} />
        </header>
        <HiddenSelection
          listKey={listKey}
          selectedId={state.conv}
          href={state.conv ? hrefOf(state.conv) : undefined}
          onSelect={open}
        />
        <ConversationList
          listKey={listKey}
          selectedId={state.conv}
          onSelect={open}
          hrefOf={hrefOf}
          {...useEmptyWords(state, change)}
        />
      </section>
      <div
        data-region="thread"
        tabIndex={-1}
        className={`${isOpen ? "flex" : "hidden @min-[720px]/panes:flex"} min-h-0 min-w-0 flex-1 flex-col bg-bg`}
      >
        {state.conv === undefined ? (
          <EmptyState
            icon={<InboxIcon size={20} />}
            title={text.inbox.choose}
            hint={text.inbox.chooseHint}
            className="h-full"
          />
        ) : (
          <ConversationPane
            key={state.conv}
            conversationId={state.conv}
            onClose={close}
            onOpen={open}
            showDismissed={state.view === "dismissed" || state.view === "attention"}
          />
        )}
      </div>
    </div>
  );
}

/** Where list and thread take turns the focus goes along, instead of being lost with what is hidden. */
function useFocusInSight(conv: string | undefined): void {
  const before = useRef(conv);
  useEffect(() => {
    const previous = before.current;
    before.current = conv;
    const focus = document.activeElement;
    const isLost = focus === null || focus === document.body || focus.getClientRects().length === 0;
    if (previous === conv || !isLost) return;
    const row = previous && rowOf(previous);
    const region = document.querySelector<HTMLElement>(`[data-region="${conv === undefined ? "list" : "thread"}"]`);
    (conv === undefined && row ? row : region)?.focus({ preventScroll: true });
  }, [conv]);
}

function rowOf(conversationId: string): HTMLElement | null {
  return document.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(conversationId)}"]`);
}

type Change = (next: Partial<InboxState>) => void;

/** What the empty view says, and the way out of it. */
function useEmptyWords(state: InboxState, change: Change) {
  const counts = useCounts();
  const unclaimed = counts?.unclaimed ?? 0;
  if (filtersOn(state) > 0 || state.q !== undefined) {
    const clear = () =>
      change({ q: undefined, case: undefined, contact: undefined, role: undefined, channel: undefined });
    return { emptyText: text.inbox.noMatch, emptyAction: <Button onClick={clear}>{text.inbox.clearFilters}</Button> };
  }
  if (unclaimed > 0 && state.view !== "unclaimed" && state.view !== "all") {
    return {
      emptyText: text.inbox.emptyWithUnclaimed(unclaimed),
      emptyAction: <Button onClick={() => change({ view: "unclaimed" })}>{text.inbox.showUnclaimed}</Button>,
    };
  }
  return { emptyText: text.inbox.emptyView[state.view] };
}

function useInboxCommands(state: InboxState, change: Change): void {
  const views = useViews(state.view);
  useCommands(
    [
      {
        id: "inbox.back",
        label: text.inbox.command.back,
        keys: ["Escape"],
        scope: "inbox",
        when: () => state.conv !== undefined,
        run: () => backToList(state.conv, change),
      },
      ...views.map((view) => ({
        id: `inbox.view.${view}`,
        label: text.inbox.command.view(text.inbox.view[view]),
        keys: [],
        scope: "inbox" as const,
        run: () => change({ view }),
      })),
    ],
    [state, change, views],
  );
}

/** Where list and thread stand beside each other Esc only moves the focus; else it closes the thread. */
function backToList(conv: string | undefined, change: Change): void {
  const row = conv && rowOf(conv);
  const list = document.querySelector<HTMLElement>('[data-region="list"]');
  if (row && row.offsetParent !== null) row.focus();
  else if (list !== null && list.offsetParent !== null) list.focus();
  else change({ conv: undefined });
}
