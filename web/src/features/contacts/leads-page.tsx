// The list of leads: people before there is a case. Search, status, a new lead where rights allow. A lead: lead-page.tsx.
import { UserPlus } from "lucide-react";
import { useLocation } from "wouter";
import { api, unwrap } from "../../api/client";
import { useAllowed } from "../../live/hooks";
import { said } from "../../live/requests";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Avatar, Badge, type Column, harmless, plain } from "../../ui";
import { useAddress } from "../cases/address";
import { ClearFilters, FilterButtons, ListPage, RowLink } from "../cases/list-page";
import { NewButton } from "../cases/new-button";
import { leadHref } from "../cases/place";
import { usePages } from "../cases/use-pages";
import { leadStatusWord } from "./contact-cases";
import { primaryPhone } from "./contact-picker";
import type { LeadView } from "./lead-acts";
import { LeadDialog } from "./lead-dialog";
import { PhoneLine } from "./phone-line";

const w = text.contacts;
const PAGE = 50;
const STATUSES = ["open", "converted", "closed"] as const;

export function LeadsPage() {
  const { read } = useAddress();
  const q = read("q");
  const status = STATUSES.find((word) => word === read("status"));
  const pages = usePages<LeadView>(["leads", "list", q, status], (cursor, signal) =>
    unwrap(api.GET("/api/leads", { params: { query: said({ q, status, cursor, limit: PAGE }) }, signal })),
  );
  const isNarrowed = q !== undefined || status !== undefined;
  return (
    <ListPage
      words={{
        title: w.leads,
        search: w.leadsSearch,
        searchHint: w.leadsSearchHint,
        label: w.leadsLabel,
        what: w.leadsWhat,
        forbidden: w.leadsForbidden,
        loadMore: w.leadsLoadMore,
        shown: w.leadsShown,
        commandNext: w.commandNext,
        commandPrevious: w.commandPrevious,
        commandSearch: w.commandSearch,
      }}
      scope="contacts"
      pages={pages}
      filter={
        <FilterButtons
          name="status"
          label={w.leadsStatus}
          options={[
            { value: undefined, label: w.leadStatusAny },
            ...STATUSES.map((word) => ({ value: word, label: w.leadStatuses[word] })),
          ]}
        />
      }
      actions={<NewLead />}
      columns={COLUMNS}
      rowKey={(lead) => lead.id}
      card={(lead) => <LeadCard lead={lead} />}
      empty={{
        title: q === undefined ? w.leadsEmptyTitle : w.leadsEmptySearchTitle(q),
        hint: w.leadsEmptyHint,
        action: isNarrowed ? <ClearFilters label={text.cases.clearFilters} also={["status"]} /> : undefined,
      }}
    />
  );
}

function NewLead() {
  const [, go] = useLocation();
  const allowed = useAllowed();
  return (
    <NewButton
      id="leads.new"
      scope="contacts"
      label={w.leadCreate}
      command={w.commandNewLead}
      icon={<UserPlus aria-hidden="true" size={16} />}
      may={allowed.case_contacts >= 2 && allowed.sms >= 1}
    >
      {(close) => <LeadDialog onClose={close} onCreated={({ id }) => go(leadHref(id))} />}
    </NewButton>
  );
}

const COLUMNS: readonly Column<LeadView>[] = [
  {
    id: "name",
    header: w.leadsColumns.name,
    className: "w-1/3",
    cell: (lead) => (
      <span className="flex items-center gap-2.5">
        <Avatar name={lead.contact.name} size="sm" />
        <RowLink href={leadHref(lead.id)} className="min-w-0 wrap-anywhere">
          <bdi>{harmless(lead.contact.name)}</bdi>
        </RowLink>
      </span>
    ),
  },
  { id: "status", header: w.leadsColumns.status, cell: (lead) => <StatusBadge lead={lead} /> },
  { id: "assigned", header: w.leadsColumns.assigned, cell: (lead) => <Assigned lead={lead} /> },
  { id: "numbers", header: w.leadsColumns.numbers, cell: (lead) => <PrimaryNumber lead={lead} /> },
  {
    id: "since",
    header: w.leadsColumns.since,
    className: "whitespace-nowrap text-muted",
    cell: (lead) => <Time at={lead.created_at} style="short" />,
  },
];

function LeadCard({ lead }: { lead: LeadView }) {
  return (
    <div className="flex gap-3">
      <Avatar name={lead.contact.name} />
      <div className="min-w-0 flex-1">
        <div className="flex items-start justify-between gap-2">
          <RowLink href={leadHref(lead.id)} className="min-w-0 wrap-anywhere">
            <bdi>{harmless(lead.contact.name)}</bdi>
          </RowLink>
          <StatusBadge lead={lead} />
        </div>
        <PrimaryNumber lead={lead} />
        <p className="text-sm text-muted">
          <Assigned lead={lead} />
        </p>
      </div>
    </div>
  );
}

export function StatusBadge({ lead }: { lead: LeadView }) {
  return <Badge tone={lead.status === "open" ? "ok" : "neutral"}>{leadStatusWord(lead.status)}</Badge>;
}

function Assigned({ lead }: { lead: LeadView }) {
  return lead.assigned_user ? (
    <bdi className="wrap-anywhere">{plain(lead.assigned_user.name)}</bdi>
  ) : (
    <span className="text-muted">{w.leadNobody}</span>
  );
}

function PrimaryNumber({ lead }: { lead: LeadView }) {
  const phone = primaryPhone(lead.contact);
  return phone === undefined ? (
    <span className="text-muted">{w.noNumber}</span>
  ) : (
    <PhoneLine phone={phone} isOneOfMany={lead.contact.phones.length > 1} />
  );
}
