// Everything said in a case, the oldest first, and its export: what was said by whom to whom, in which role, when. Refuses to act on a
// text: the case's inbox does.
import { useState } from "react";
import { useParams } from "wouter";
import { api, unwrap } from "../../api/client";
import { useCaseContacts } from "../../live/hooks";
import { said } from "../../live/requests";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { dayLabel, dayOf } from "../../time/time";
import { Button, EmptyState, ErrorState, ForbiddenState, plain, Select, SkeletonRows } from "../../ui";
import { Day, Slot } from "../audit/filter-bar";
import { useAddress } from "../cases/address";
import { FilterButtons } from "../cases/list-page";
import { usePages } from "../cases/use-pages";
import { BackToCase } from "./back-to-case";
import { ExportButton, Exports } from "./exports";
import { RecordEntry } from "./record-entry";
import { FILTERS, filterOf, type RecordItem } from "./record-query";

const w = text.record;
const PAGE = 50;
const ANY = "any";

export function RecordPage() {
  const { number = "" } = useParams<{ number: string }>();
  return <Shown key={number} number={number} />;
}

function Shown({ number }: { number: string }) {
  usePageTitle(w.title(number));
  const { read, change } = useAddress();
  const filter = filterOf(read);
  const [total, setTotal] = useState(0);
  const pages = usePages<RecordItem>(["record", number, filter], async (cursor, signal) => {
    const page = await unwrap(
      api.GET("/api/cases/{mycase_case_id}/communications", {
        params: { path: { mycase_case_id: number }, query: said({ ...filter, cursor, limit: PAGE }) },
        signal,
      }),
    );
    setTotal(page.total);
    return page;
  });
  const { items, status, error, hasMore } = pages;
  const isNarrowed = FILTERS.some((name) => read(name) !== undefined);
  const nothing = Object.fromEntries(FILTERS.map((name) => [name, undefined]));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex flex-col gap-2.5 border-b border-line bg-surface px-4 py-3">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <div className="flex min-w-0 items-center gap-1">
            <BackToCase number={number} />
            <h1 className="min-w-0 text-xl font-semibold wrap-anywhere">{w.title(number)}</h1>
          </div>
          {status === "ready" ? <ExportButton number={number} filter={filter} isNarrowed={isNarrowed} /> : null}
        </div>
        <Filters number={number} items={items} />
      </header>
      <div className="flex min-h-0 flex-1 flex-col gap-4 overflow-y-auto p-4" data-region="list" tabIndex={-1}>
        {status === "ready" ? <Exports number={number} /> : null}
        {status === "loading" ? <SkeletonRows rows={8} /> : null}
        {status === "error" ? <ErrorState error={error} what={w.what} onRetry={pages.reload} /> : null}
        {status === "forbidden" ? <ForbiddenState hint={w.forbidden} /> : null}
        {status === "ready" && items.length === 0 ? (
          <EmptyState
            title={isNarrowed ? w.emptyFilteredTitle : w.emptyTitle}
            hint={isNarrowed ? w.emptyFilteredHint : w.emptyHint}
            action={isNarrowed ? <Button onClick={() => change(nothing)}>{w.clearFilters}</Button> : undefined}
          />
        ) : null}
        {status === "ready" && items.length > 0 ? <Entries items={items} /> : null}
        {status === "ready" && items.length > 0 ? (
          <div className="flex flex-wrap items-center gap-3">
            <p role="status" className="text-sm text-muted">
              {w.shown(items.length, total)}
            </p>
            {hasMore ? (
              <Button size="sm" busy={pages.isLoadingMore} onClick={pages.loadMore}>
                {w.loadMore}
              </Button>
            ) : null}
          </div>
        ) : null}
      </div>
    </div>
  );
}

const momentOfItem = (item: RecordItem): string => (item.kind === "text" ? item.message.at : item.call.at);
const idOfItem = (item: RecordItem): string => (item.kind === "text" ? item.message.id : item.call.id);

function Entries({ items }: { items: readonly RecordItem[] }) {
  return (
    <ol aria-label={w.listLabel} className="flex max-w-4xl flex-col rounded-md border border-line bg-surface">
      {items.map((item, index) => {
        const before = items[index - 1];
        const at = momentOfItem(item);
        const isNewDay = before === undefined || dayOf(momentOfItem(before)) !== dayOf(at);
        return (
          <li key={idOfItem(item)} className="border-b border-line last:border-b-0">
            {isNewDay ? (
              <p className="border-b border-line bg-bg px-4 py-1.5 text-xs font-medium text-muted">{dayLabel(at)}</p>
            ) : null}
            <RecordEntry item={item} />
          </li>
        );
      })}
    </ol>
  );
}

function Filters({ number, items }: { number: string; items: readonly RecordItem[] }) {
  const { read, change } = useAddress();
  const { contacts } = useCaseContacts(number);
  const roles = [...new Set(contacts.map(({ role }) => role))];
  const agents = new Map(
    items.flatMap((item) => {
      const user = item.kind === "text" ? item.message.sent_by : item.call.user;
      return user ? [[user.id, plain(user.name)] as const] : [];
    }),
  );
  const chosen = read("user_id");
  if (chosen !== undefined && !agents.has(chosen)) {
    agents.set(chosen, chosen);
  }
  const set = (name: string) => (value: string) => change({ [name]: value === ANY ? undefined : value });
  return (
    <search aria-label={text.audit.filters} className="flex flex-wrap items-end gap-2">
      <FilterButtons
        name="channel"
        label={w.channel}
        options={[
          { value: undefined, label: w.channels.all },
          { value: "text", label: w.channels.text },
          { value: "call", label: w.channels.call },
        ]}
      />
      <FilterButtons
        name="direction"
        label={w.direction}
        options={[
          { value: undefined, label: w.directions.all },
          { value: "inbound", label: w.directions.inbound },
          { value: "outbound", label: w.directions.outbound },
        ]}
      />
      <Slot>
        <Select
          label={w.contact}
          value={read("contact_id") ?? ANY}
          onValueChange={set("contact_id")}
          options={[
            { value: ANY, label: w.anybody },
            ...contacts.map(({ contact, role }) => ({ value: contact.id, label: `${plain(contact.name)} - ${role}` })),
          ]}
        />
      </Slot>
      <Slot>
        <Select
          label={w.role}
          value={read("role") ?? ANY}
          onValueChange={set("role")}
          options={[{ value: ANY, label: w.anyRole }, ...roles.map((role) => ({ value: role, label: role }))]}
        />
      </Slot>
      <Slot>
        <Select
          label={w.agent}
          value={chosen ?? ANY}
          onValueChange={set("user_id")}
          options={[{ value: ANY, label: w.anyAgent }, ...[...agents].map(([value, label]) => ({ value, label }))]}
        />
      </Slot>
      <Day name="from" label={w.from} />
      <Day name="until" label={w.until} />
    </search>
  );
}
