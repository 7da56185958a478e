// The views of the inbox with their counts, as links: a view is an address. Which of them a reader has follows from the counts
// that the server gives them: null means not theirs.

import { useMemo } from "react";
import { Link } from "wouter";
import { useAllowed, useCounts } from "../../live/hooks";
import type { CountsView } from "../../live/model";
import { text } from "../../text/en";
import { type InboxState, inboxHref, VIEWS, type View } from "./inbox-url";

/** The views that the reader has; the one they are in is always among them. */
export function useViews(current: View): readonly View[] {
  const counts = useCounts();
  const { sms } = useAllowed();
  return useMemo(() => VIEWS.filter((view) => view === current || isTheirs(view, counts, sms)), [counts, sms, current]);
}

function isTheirs(view: View, counts: CountsView | undefined, sms: number): boolean {
  if (view === "all") return true;
  if (counts === undefined) return view === "attention" ? sms >= 3 : view === "unknown" ? sms >= 2 : true;
  return counts[view] !== null;
}

export function ViewTabs({ state }: { state: InboxState }) {
  const views = useViews(state.view);
  const counts = useCounts();
  return (
    <nav aria-label={text.inbox.views} className="flex flex-wrap gap-1.5">
      {views.map((view) => (
        <ViewLink key={view} view={view} state={state} count={view === "all" ? undefined : counts?.[view]} />
      ))}
    </nav>
  );
}

function ViewLink({ view, state, count }: { view: View; state: InboxState; count: number | null | undefined }) {
  const name = text.inbox.view[view];
  const isWarning = (view === "unclaimed" || view === "attention") && (count ?? 0) > 0;
  return (
    <Link
      href={inboxHref({ ...state, view })}
      aria-current={state.view === view ? "page" : undefined}
      title={text.inbox.viewHint[view]}
      className="group inline-flex h-7 items-center gap-1.5 rounded-md border border-line bg-surface px-2 text-ink text-sm no-underline hover:bg-hover aria-[current]:border-transparent aria-[current]:bg-accent aria-[current]:text-on-accent"
    >
      {name}
      {count ? (
        <span
          className={`font-semibold text-xs tabular-nums group-aria-[current]:text-on-accent ${isWarning ? "text-warn" : "text-muted"}`}
        >
          {text.inbox.count(count)}
        </span>
      ) : null}
    </Link>
  );
}
