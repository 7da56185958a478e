// The entries of the audit, the newest first, narrowed by what the address says; page by page. Used by the audit's own screen and by the
// activity of a case. Refuses to hold what its reader may not see: the server leaves it out.
import { Download, Info } from "lucide-react";
import { type ReactNode, useState } from "react";
import { api, unwrap } from "../../api/client";
import { said } from "../../live/requests";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import {
  Badge,
  Button,
  buttonClass,
  type Column,
  DataTable,
  EmptyState,
  ErrorState,
  ForbiddenState,
  IconButton,
  plain,
  SkeletonRows,
  type Tone,
} from "../../ui";
import { useAddress } from "../cases/address";
import { caseHref, LINK, ScreenLink } from "../cases/place";
import { usePages } from "../cases/use-pages";
import { type AuditEntry, exportHref, FILTERS, queryOf } from "./audit-query";
import { EntryDialog } from "./entry-dialog";
import { AuditFilters } from "./filter-bar";
import { actWords, grouped, outcomeWords } from "./words";

const w = text.audit;
const PAGE = 50;

export type AuditListProps = {
  /** Of one case alone. */
  caseNumber?: string | undefined;
  /** The heading and what stands beside it. */
  heading: ReactNode;
};

export function AuditList({ caseNumber, heading }: AuditListProps) {
  const { read, change } = useAddress();
  const [open, setOpen] = useState<AuditEntry>();
  const query = queryOf(read, caseNumber);
  const pages = usePages<AuditEntry>(["audit", "list", query], (cursor, signal) =>
    unwrap(api.GET("/api/audit", { params: { query: said({ ...query, cursor, limit: PAGE }) }, signal })),
  );
  const { items, status, error, hasMore, isStale } = pages;
  const nothing = Object.fromEntries(FILTERS.map((name) => [name, undefined]));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex flex-col gap-2.5 border-b border-line bg-surface px-4 py-3">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          {heading}
          <a href={exportHref(query)} download title={w.exportHint} className={buttonClass("secondary")}>
            <Download aria-hidden="true" size={16} /> {w.export}
          </a>
        </div>
        <AuditFilters loaded={items} ofOneCase={caseNumber !== undefined} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-3 overflow-y-auto p-4" data-region="list" tabIndex={-1}>
        {status === "loading" ? <SkeletonRows rows={10} /> : null}
        {status === "error" ? <ErrorState error={error} what={w.what} onRetry={pages.reload} /> : null}
        {status === "forbidden" ? <ForbiddenState hint={w.forbidden} /> : null}
        {status === "ready" && items.length === 0 ? (
          <EmptyState
            title={w.emptyTitle}
            hint={w.emptyHint}
            action={<Button onClick={() => change(nothing)}>{w.clearFilters}</Button>}
          />
        ) : null}
        {status === "ready" && items.length > 0 ? (
          <div aria-busy={isStale || undefined} className={isStale ? "opacity-60" : undefined}>
            <DataTable
              caption={w.listLabel}
              columns={columns(setOpen, caseNumber !== undefined)}
              rows={items}
              rowKey={(entry) => String(entry.seq)}
            />
            <div className="mt-3 flex flex-wrap items-center gap-3">
              <p role="status" className="text-sm text-muted">
                {w.shown(items.length, hasMore)}
              </p>
              {hasMore ? (
                <Button size="sm" busy={pages.isLoadingMore} onClick={pages.loadMore}>
                  {w.loadMore}
                </Button>
              ) : null}
            </div>
          </div>
        ) : null}
      </div>
      {open ? (
        <EntryDialog
          entry={open}
          onClose={() => setOpen(undefined)}
          onOnly={change}
          ofOneCase={caseNumber !== undefined}
        />
      ) : null}
    </div>
  );
}

const TONES: Record<AuditEntry["kind"], Tone> = { act: "ours", read: "neutral", refusal: "warn" };

function columns(onOpen: (entry: AuditEntry) => void, ofOneCase: boolean): readonly Column<AuditEntry>[] {
  const all: Column<AuditEntry>[] = [
    {
      id: "at",
      header: w.columns.at,
      className: "whitespace-nowrap @max-[720px]/table:whitespace-normal",
      cell: (entry) => <Time at={entry.at} style="full" className="tabular-nums" />,
    },
    {
      id: "who",
      header: w.columns.who,
      cell: (entry) =>
        entry.user ? (
          <bdi className="wrap-anywhere">{plain(entry.user.name)}</bdi>
        ) : (
          <i className="text-muted">{w.system}</i>
        ),
    },
    { id: "what", header: w.columns.what, className: "w-2/5", cell: (entry) => <What entry={entry} /> },
    {
      id: "case",
      header: w.columns.case,
      wideOnly: true,
      cell: (entry) =>
        entry.mycase_case_id ? (
          <ScreenLink href={caseHref(entry.mycase_case_id)} className={`${LINK} whitespace-nowrap`}>
            {entry.mycase_case_id}
          </ScreenLink>
        ) : null,
    },
    {
      id: "details",
      header: w.columns.details,
      hideHeader: true,
      align: "end",
      cell: (entry) => (
        <IconButton
          label={w.details(grouped(entry.seq))}
          icon={<Info aria-hidden="true" size={16} />}
          onClick={() => onOpen(entry)}
        />
      ),
    },
  ];
  return ofOneCase ? all.filter(({ id }) => id !== "case") : all;
}

function What({ entry }: { entry: AuditEntry }) {
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-0.5">
      <Badge tone={TONES[entry.kind]}>{w.oneOf[entry.kind]}</Badge>
      <span>{actWords(entry)}</span>
      {entry.contact_name ? <bdi className="text-muted">{plain(entry.contact_name)}</bdi> : null}
      {entry.kind === "refusal" ? <code className="font-mono text-xs break-all text-muted">{entry.act}</code> : null}
      {entry.outcome === "done" ? null : <Badge tone="warn">{outcomeWords(entry.outcome)}</Badge>}
    </div>
  );
}
