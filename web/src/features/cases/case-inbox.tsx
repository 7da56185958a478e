// The inbox of one case: its views with counts, the chip of the contact that it is narrowed to, and the list itself. Refuses to be
// about another case: the scope is not in the reader's hands.
import { X } from "lucide-react";
import { type ReactNode, useMemo } from "react";
import { useCounts } from "../../live/hooks";
import type { ListKey, ViewName } from "../../live/model";
import { text } from "../../text/en";
import { classNames } from "../../ui";
import { ConversationList } from "../inbox/conversation-list";

const w = text.cases;

export const CASE_VIEWS = ["all", "unclaimed", "mine", "attention", "dismissed"] as const satisfies readonly ViewName[];
export type CaseViewName = (typeof CASE_VIEWS)[number];
const WORDS: Record<CaseViewName, string> = {
  all: w.filterAll,
  unclaimed: w.filterUnclaimed,
  mine: w.filterMine,
  attention: w.filterAttention,
  dismissed: w.filterDismissed,
};

export type CaseInboxProps = {
  caseNumber: string;
  view: CaseViewName;
  onView: (view: CaseViewName) => void;
  /** The contact that the inbox is narrowed to. */
  only: { id: string; name: string } | undefined;
  onEverybody: () => void;
  selectedId: string | undefined;
  onSelect: (id: string) => void;
  canText: boolean;
  /** What one can do about an empty list. */
  emptyAction?: ReactNode;
};

export function CaseInbox({
  caseNumber,
  view,
  onView,
  only,
  onEverybody,
  selectedId,
  onSelect,
  canText,
  emptyAction,
}: CaseInboxProps) {
  const contactId = only?.id;
  const listKey = useMemo(() => {
    const key: ListKey = { case_id: caseNumber };
    if (view !== "all") {
      key.view = view;
    }
    if (contactId !== undefined) {
      key.contact_id = contactId;
    }
    return key;
  }, [caseNumber, view, contactId]);
  const everybody = canText ? w.conversationEmpty : w.conversationEmptyReadOnly;
  return (
    <>
      <h2 className="sr-only">{w.inboxHeading}</h2>
      <div className="flex flex-col gap-2 border-b border-line px-3 py-2">
        <Views caseNumber={caseNumber} view={view} onView={onView} />
        {only === undefined ? null : (
          <div>
            <button
              type="button"
              aria-label={w.onlyContactRemove(only.name)}
              onClick={onEverybody}
              className="forced-border inline-flex min-h-7 max-w-full items-center gap-1.5 rounded-full border border-accent/40 bg-accent-soft px-2.5 text-sm"
            >
              <bdi className="truncate">{w.onlyContact(only.name)}</bdi>
              <X aria-hidden="true" size={14} className="shrink-0" />
            </button>
          </div>
        )}
      </div>
      <ConversationList
        listKey={listKey}
        selectedId={selectedId}
        emptyAction={view === "all" ? emptyAction : undefined}
        onSelect={onSelect}
        caseNumber={caseNumber}
        label={w.inboxHeading}
        emptyText={view !== "all" ? text.inbox.emptyView[view] : only ? w.conversationEmptyFor(only.name) : everybody}
      />
    </>
  );
}

function Views({ caseNumber, view, onView }: Pick<CaseInboxProps, "caseNumber" | "view" | "onView">) {
  const counts = useCounts({ case_id: caseNumber });
  const countOf = (name: CaseViewName) => (name === "all" ? undefined : (counts?.[name] ?? undefined));
  const offered = CASE_VIEWS.filter((name) => name !== "attention" || name === view || (counts?.attention ?? 0) > 0);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these are views of a list
    <div role="group" aria-label={w.filterLabel} className="flex flex-wrap gap-1">
      {offered.map((name) => {
        const count = countOf(name);
        return (
          <button
            key={name}
            type="button"
            aria-pressed={name === view}
            onClick={() => onView(name)}
            className={classNames(
              "forced-border inline-flex h-7 items-center gap-1.5 rounded-md border px-2 text-sm",
              name === view ? "border-transparent bg-accent text-on-accent" : "border-line bg-surface hover:bg-hover",
            )}
          >
            {WORDS[name]}
            {count ? <span className="text-xs tabular-nums opacity-85">{count >= 1000 ? "1000+" : count}</span> : null}
          </button>
        );
      })}
    </div>
  );
}
