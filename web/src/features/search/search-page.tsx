// The search: one field, and what it finds of people, cases, texts and calls, with what was searched for marked. All of what one chose is
// in the address. Of one kind alone the pages follow each other. Refuses to search before there is anything to search for.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Search as SearchIcon } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { ApiError, api, type Schemas, unwrap } from "../../api/client";
import { useCommands } from "../../keys/registry";
import { useAllowed } from "../../live/hooks";
import { said } from "../../live/requests";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { Button, EmptyState, ErrorState, Input, SkeletonRows } from "../../ui";
import { useAddress } from "../cases/address";
import { FilterButtons } from "../cases/list-page";
import { usePages } from "../cases/use-pages";
import { type FoundCall, FoundCalls, FoundCases, type FoundMessage, FoundMessages, FoundPeople } from "./found";

const w = text.search;
const REST_MS = 200;
const EACH = 6;
const PAGE = 30;
const KINDS = ["people", "cases", "messages", "calls"] as const;
type Kind = (typeof KINDS)[number];

export function SearchPage() {
  usePageTitle(w.title);
  const { read, change } = useAddress();
  const levels = useAllowed();
  const q = read("q") ?? "";
  const within = read("case");
  const kind = KINDS.find((one) => one === read("kind"));
  const offered = KINDS.filter((one) => mayFind(one, levels) && (within === undefined || isOfCase(one)));
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="border-b border-line bg-surface px-4 py-3">
        <h1 className="text-xl font-semibold">{w.title}</h1>
        <div className="mt-2.5 flex flex-wrap items-center gap-2">
          <Field q={q} />
          <FilterButtons
            name="kind"
            label={w.tabs}
            options={[{ value: undefined, label: w.all }, ...offered.map((one) => ({ value: one, label: w[one] }))]}
          />
        </div>
        {within === undefined ? null : (
          <p className="mt-2 flex flex-wrap items-center gap-2 text-sm">
            {w.withinCase(within)}
            <Button size="sm" onClick={() => change({ case: undefined })}>
              {w.everywhere}
            </Button>
          </p>
        )}
      </header>
      <div className="min-h-0 flex-1 overflow-y-auto p-4" data-region="list" tabIndex={-1}>
        <div className="mx-auto max-w-4xl">
          {q === "" ? (
            <EmptyState icon={<SearchIcon size={20} />} title={w.startTitle} hint={w.startHint} />
          ) : kind === "messages" || kind === "calls" ? (
            <Pages key={kind} q={q} within={within} kind={kind} />
          ) : (
            <Everything q={q} within={within} kind={kind} />
          )}
        </div>
      </div>
    </div>
  );
}

function mayFind(kind: Kind, levels: Schemas["Levels"]): boolean {
  const needed = { people: levels.case_contacts, cases: 1, messages: levels.sms, calls: levels.calls };
  return needed[kind] > 0;
}

function isOfCase(kind: Kind): boolean {
  return kind === "messages" || kind === "calls";
}

function Field({ q }: { q: string }) {
  const { change } = useAddress();
  const field = useRef<HTMLInputElement>(null);
  const [typed, setTyped] = useState(q);
  const [known, setKnown] = useState(q);
  if (known !== q) {
    setKnown(q);
    if (typed.trim() !== q) {
      setTyped(q);
    }
  }
  useEffect(() => {
    if (typed.trim() === q) {
      return;
    }
    const place = location.pathname;
    const timer = setTimeout(
      () => location.pathname === place && change({ q: typed.trim() }, { replace: true }),
      REST_MS,
    );
    return () => clearTimeout(timer);
  }, [typed, q, change]);
  useEffect(() => field.current?.focus(), []);
  useCommands(
    [{ id: "search.field", label: w.command, keys: ["/"], scope: "search", run: () => field.current?.select() }],
    [],
  );
  return (
    <search className="min-w-0 flex-1 basis-72">
      <Input
        ref={field}
        type="search"
        aria-label={w.label}
        placeholder={w.placeholder}
        icon={<SearchIcon size={16} />}
        maxLength={200}
        autoComplete="off"
        spellCheck={false}
        value={typed}
        onValueChange={setTyped}
      />
    </search>
  );
}

type Asked = { q: string; within: string | undefined };

function Everything({ q, within, kind }: Asked & { kind: Kind | undefined }) {
  const limit = kind === undefined ? EACH : PAGE;
  const query = useQuery<Schemas["SearchView"], ApiError>({
    queryKey: ["search", "all", q, within, kind],
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(
        api.GET("/api/search", { params: { query: { q, ...said({ case_id: within, kinds: kind, limit }) } }, signal }),
      ),
  });
  if (query.isError) {
    return <ErrorState error={ApiError.of(query.error)} what={w.what} onRetry={() => void query.refetch()} />;
  }
  const found = query.data;
  if (found === undefined) {
    return <SkeletonRows rows={6} />;
  }
  const { people, cases, messages, calls } = found;
  const total = people.items.length + cases.items.length + messages.items.length + calls.items.length;
  return (
    <div
      aria-busy={query.isPlaceholderData || undefined}
      className={query.isPlaceholderData ? "opacity-60" : undefined}
    >
      <p role="status" className="sr-only">
        {text.shell.found(total)}
      </p>
      {total === 0 ? <EmptyState title={w.nothingTitle(q)} hint={w.nothingHint} /> : null}
      <Section kind="people" count={people.items.length} limit={limit}>
        <FoundPeople found={people.items} />
      </Section>
      <Section kind="cases" count={cases.items.length} limit={limit}>
        <FoundCases found={cases.items} />
      </Section>
      <Section kind="messages" count={messages.items.length} limit={limit}>
        <FoundMessages found={messages.items} />
      </Section>
      <Section kind="calls" count={calls.items.length} limit={limit}>
        <FoundCalls found={calls.items} />
      </Section>
    </div>
  );
}

type SectionProps = { kind: Kind; count: number; limit: number; children: React.ReactNode };

function Section({ kind, count, limit, children }: SectionProps) {
  const { read, change } = useAddress();
  if (count === 0) {
    return null;
  }
  return (
    <section aria-labelledby={`found-${kind}`} className="mb-6">
      <div className="mb-1.5 flex items-baseline justify-between gap-3">
        <h2 id={`found-${kind}`} className="text-sm font-semibold text-muted">
          {w[kind]}
        </h2>
        {read("kind") === undefined && count >= limit ? (
          <Button size="sm" variant="ghost" onClick={() => change({ kind })}>
            {w.more(w[kind])}
          </Button>
        ) : null}
      </div>
      {children}
    </section>
  );
}

function Pages({ q, within, kind }: Asked & { kind: "messages" | "calls" }) {
  const pages = usePages<FoundMessage | FoundCall>(["search", kind, q, within], async (cursor, signal) => {
    const query = { q, ...said({ case_id: within, kinds: kind, cursor, limit: PAGE }) };
    return (await unwrap(api.GET("/api/search", { params: { query }, signal })))[kind];
  });
  if (pages.status === "loading") {
    return <SkeletonRows rows={8} />;
  }
  if (pages.status !== "ready") {
    return <ErrorState error={pages.error} what={w.what} onRetry={pages.reload} />;
  }
  if (pages.items.length === 0) {
    return <EmptyState title={w.nothingTitle(q)} hint={w.nothingHint} />;
  }
  return (
    <div aria-busy={pages.isStale || undefined} className={pages.isStale ? "opacity-60" : undefined}>
      {kind === "messages" ? (
        <FoundMessages found={pages.items.filter((one) => "message_id" in one)} />
      ) : (
        <FoundCalls found={pages.items.filter((one) => "call_id" in one)} />
      )}
      <div className="mt-3 flex flex-wrap items-center gap-3">
        <p role="status" className="text-sm text-muted">
          {w.shown(pages.items.length, pages.hasMore)}
        </p>
        {pages.hasMore ? (
          <Button size="sm" busy={pages.isLoadingMore} onClick={pages.loadMore}>
            {w.loadMore}
          </Button>
        ) : null}
      </div>
    </div>
  );
}
