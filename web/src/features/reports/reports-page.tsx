// The reports: a list of them, what one can narrow them to, and the one that is open with its figures, chart and table. All of what one
// chose is in the address, so that a link shows the same. Guarding is the server's.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { Download } from "lucide-react";
import { Link, Redirect, useLocation } from "wouter";
import { ApiError, api, type Schemas, unwrap } from "../../api/client";
import { useAllowed } from "../../live/hooks";
import { said } from "../../live/requests";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { buttonClass, classNames, EmptyState, ErrorState, ForbiddenState, Select, SkeletonRows } from "../../ui";
import { useAddress } from "../cases/address";
import { Filters, type Narrowed, rangeOf } from "./filters";
import { ReportView } from "./report-view";

const w = text.reports;
const NAMES = Object.keys(w.names) as (keyof typeof w.names)[];
export type ReportName = Schemas["ReportName"];

export function ReportsPage() {
  const [location] = useLocation();
  const levels = useAllowed();
  const word = location.split("/")[2] ?? "";
  const name = NAMES.find((one) => one === word);
  usePageTitle(name === undefined ? w.title : w.names[name].title);
  if (levels.sms < 1) {
    return <ForbiddenState title={<h1>{text.shell.forbiddenTitle}</h1>} hint={w.forbidden} className="h-full" />;
  }
  if (word === "") {
    return <Redirect to="/reports/logged" replace />;
  }
  return (
    <div className="@container/reports h-full min-h-0">
      <div className="flex h-full min-h-0 @max-[720px]/reports:flex-col">
        <Sections here={name} />
        <div className="min-h-0 min-w-0 flex-1 overflow-y-auto" data-region="section" tabIndex={-1}>
          {name === undefined ? (
            <EmptyState title={text.shell.notFoundTitle} hint={text.shell.notFoundHint} />
          ) : (
            <Report key={name} name={name} />
          )}
        </div>
      </div>
    </div>
  );
}

function Sections({ here }: { here: ReportName | undefined }) {
  const [, navigate] = useLocation();
  const levels = useAllowed();
  const search = globalThis.location.search;
  const names = NAMES.filter((name) => name !== "calls" || levels.calls > 0);
  return (
    <nav
      aria-label={w.sections}
      data-region="sections"
      tabIndex={-1}
      className="w-56 shrink-0 overflow-y-auto border-r border-line bg-surface p-3 @max-[720px]/reports:w-full @max-[720px]/reports:overflow-visible @max-[720px]/reports:border-r-0 @max-[720px]/reports:border-b"
    >
      <h1 className="px-2 pt-1 pb-3 text-lg font-semibold @max-[720px]/reports:px-0 @max-[720px]/reports:pb-2">
        {w.title}
      </h1>
      <div className="hidden @max-[720px]/reports:block">
        <Select
          label={w.sections}
          value={here ?? null}
          onValueChange={(name) => navigate(`/reports/${name}${search}`)}
          options={names.map((name) => ({ value: name, label: w.names[name].title }))}
        />
      </div>
      <ul className="flex flex-col gap-0.5 @max-[720px]/reports:hidden">
        {names.map((name) => (
          <li key={name}>
            <Link
              href={`/reports/${name}${search}`}
              aria-current={name === here ? "page" : undefined}
              className={classNames(
                "flex min-h-8 items-center rounded-md px-2 py-1 transition-colors",
                name === here ? "bg-accent-soft font-medium text-ink" : "text-muted hover:bg-hover hover:text-ink",
              )}
            >
              {w.names[name].title}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}

function useNarrowed(): Narrowed {
  const { read } = useAddress();
  return {
    range: read("range") ?? "month",
    from: read("from"),
    to: read("to"),
    team: read("team"),
    case: read("case"),
    agent: read("agent"),
  };
}

function Report({ name }: { name: ReportName }) {
  const narrowed = useNarrowed();
  const range = rangeOf(narrowed, new Date());
  const asked = said({
    from: range?.from,
    to: range?.to,
    team_id: narrowed.team,
    case_id: narrowed.case,
    agent_id: narrowed.agent,
  });
  const query = useQuery<Schemas["ReportView"], ApiError>({
    queryKey: ["report", name, asked],
    enabled: range !== undefined,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/reports/{name}", { params: { path: { name }, query: asked }, signal })),
  });
  const words = w.names[name];
  return (
    <div className="mx-auto flex w-full max-w-5xl min-w-0 flex-col gap-4 p-5 @max-[720px]/reports:p-3">
      <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-xl font-semibold">{words.title}</h2>
          <p className="max-w-prose text-muted">{words.hint}</p>
        </div>
        <a href={fileHref(name, asked)} download className={buttonClass("secondary")}>
          <Download aria-hidden="true" size={15} />
          {w.csv}
        </a>
      </header>
      <Filters narrowed={narrowed} range={range} />
      {range === undefined ? null : query.isError ? (
        query.error.status === 403 ? (
          <ForbiddenState hint={w.forbidden} />
        ) : (
          <ErrorState error={ApiError.of(query.error)} what={w.what} onRetry={() => void query.refetch()} />
        )
      ) : query.data === undefined ? (
        <SkeletonRows rows={6} />
      ) : (
        <div
          aria-busy={query.isPlaceholderData || undefined}
          className={classNames("flex min-w-0 flex-col gap-4", query.isPlaceholderData && "opacity-60")}
        >
          <ReportView name={name} report={query.data} />
        </div>
      )}
    </div>
  );
}

/** The same report as a file; the cookie goes with it. */
function fileHref(name: ReportName, asked: Readonly<Record<string, string>>): string {
  return `/api/reports/${name}/?${new URLSearchParams({ ...asked, format: "csv" })}`;
}
