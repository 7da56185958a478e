// The list of cases that the reader may know of: search, open and closed, a table or cards, and a new case where rights allow. What a
// case holds: case-view.tsx.
import { FolderPlus } from "lucide-react";
import { useLocation } from "wouter";
import { api, type Schemas, unwrap } from "../../api/client";
import { useAllowed } from "../../live/hooks";
import { said } from "../../live/requests";
import { text } from "../../text/en";
import { Badge, type Column, harmless, plain } from "../../ui";
import { useAddress } from "./address";
import { mayManageCases } from "./case-acts";
import { CaseDialog } from "./case-dialog";
import { ClearFilters, FilterButtons, ListPage, RowLink } from "./list-page";
import { NewButton } from "./new-button";
import { caseHref } from "./place";
import { usePages } from "./use-pages";

type CaseData = Schemas["CaseView"];
const w = text.cases;
const PAGE = 50;

export function CasesPage() {
  const { read } = useAddress();
  const q = read("q");
  const status = (["open", "closed"] as const).find((word) => word === read("status"));
  const pages = usePages<CaseData>(["cases", "list", q, status], (cursor, signal) =>
    unwrap(api.GET("/api/cases", { params: { query: said({ q, status, cursor, limit: PAGE }) }, signal })),
  );
  const isNarrowed = q !== undefined || status !== undefined;
  const statusWord = status === "closed" ? w.statusClosed.toLowerCase() : w.statusOpen.toLowerCase();
  const emptyTitle =
    q !== undefined ? w.emptySearchTitle(q) : status !== undefined ? w.emptyStatusTitle(statusWord) : w.emptyTitle;
  return (
    <ListPage
      words={{
        title: w.title,
        search: w.search,
        searchHint: w.searchHint,
        label: w.listLabel,
        what: w.listWhat,
        forbidden: w.forbidden,
        loadMore: w.loadMore,
        shown: w.shown,
        commandNext: w.commandNext,
        commandPrevious: w.commandPrevious,
        commandSearch: w.commandSearch,
      }}
      scope="cases"
      pages={pages}
      filter={
        <FilterButtons
          name="status"
          label={w.statusFilter}
          options={[
            { value: undefined, label: w.statusAny },
            { value: "open", label: w.statusOpen },
            { value: "closed", label: w.statusClosed },
          ]}
        />
      }
      actions={<NewCase />}
      columns={COLUMNS}
      rowKey={(found) => found.id}
      card={(found) => <CaseCard found={found} />}
      empty={{
        title: emptyTitle,
        hint: isNarrowed ? w.emptySearchHint : w.emptyHint,
        action: isNarrowed ? <ClearFilters label={w.clearFilters} also={["status"]} /> : undefined,
      }}
    />
  );
}

function NewCase() {
  const [, go] = useLocation();
  return (
    <NewButton
      id="cases.new"
      scope="cases"
      label={w.create}
      command={w.commandNew}
      icon={<FolderPlus aria-hidden="true" size={16} />}
      may={mayManageCases(useAllowed())}
    >
      {(close) => (
        <CaseDialog onClose={close} onDone={(opened, number) => (opened ? go(caseHref(number)) : undefined)} />
      )}
    </NewButton>
  );
}

const COLUMNS: readonly Column<CaseData>[] = [
  {
    id: "number",
    header: w.columns.number,
    cell: (found) => (
      <RowLink href={caseHref(found.mycase_case_id)} className="whitespace-nowrap">
        {found.mycase_case_id}
      </RowLink>
    ),
  },
  {
    id: "name",
    header: w.columns.name,
    className: "w-2/5",
    cell: (found) => <bdi className="wrap-anywhere">{harmless(found.name)}</bdi>,
  },
  { id: "status", header: w.columns.status, cell: (found) => <StatusBadge status={found.status} /> },
  { id: "client", header: w.columns.client, cell: (found) => <ClientName found={found} /> },
  { id: "team", header: w.columns.team, cell: (found) => found.team_name ?? <Missing>{w.noTeam}</Missing> },
  { id: "assigned", header: w.columns.assigned, cell: (found) => <Assigned found={found} /> },
];

function CaseCard({ found }: { found: CaseData }) {
  return (
    <>
      <div className="flex items-start justify-between gap-2">
        <RowLink href={caseHref(found.mycase_case_id)} className="min-w-0 wrap-anywhere">
          <span className="mr-1.5 font-normal text-muted">{found.mycase_case_id}</span>
          <bdi>{harmless(found.name)}</bdi>
        </RowLink>
        <StatusBadge status={found.status} />
      </div>
      <p className="mt-0.5 text-sm text-muted">
        <ClientName found={found} /> · {found.team_name ?? w.noTeam}
      </p>
      <p className="text-sm text-muted">
        <Assigned found={found} />
      </p>
    </>
  );
}

function StatusBadge({ status }: { status: CaseData["status"] }) {
  return <Badge tone={status === "open" ? "ok" : "neutral"}>{status === "open" ? w.statusOpen : w.statusClosed}</Badge>;
}

function ClientName({ found }: { found: CaseData }) {
  return found.client_name ? (
    <bdi className="wrap-anywhere">{plain(found.client_name)}</bdi>
  ) : (
    <Missing>{w.noClient}</Missing>
  );
}

function Assigned({ found }: { found: CaseData }) {
  const names = found.assigned.map(({ name }) => plain(name)).join(", ");
  return names ? <bdi className="wrap-anywhere">{harmless(names)}</bdi> : <Missing>{w.nobodyAssigned}</Missing>;
}

function Missing({ children }: { children: string }) {
  return <span className="text-muted">{children}</span>;
}
