// A report as one reads it: its figures, a chart where a picture helps, and the table with every number.
import type { Schemas } from "../../api/client";
import { text } from "../../text/en";
import { type Column, DataTable, EmptyState, harmless, RoleBadge } from "../../ui";
import { RowLink } from "../cases/list-page";
import { caseHref } from "../cases/place";
import { Chart, type Series } from "./chart";
import { labelWords, valueWords } from "./words";

const w = text.reports;
/** So many rows are drawn; the file has all. */
const MOST = 300;
const AIM = 9500;

type Data = Schemas["ReportView"];
type Row = Schemas["ReportRowView"];
type Name = Schemas["ReportName"];

export function ReportView({ name, report }: { name: Name; report: Data }) {
  const hasAny = report.rows.some(({ values }) => values.some((value) => value !== null && value !== 0));
  return (
    <>
      <Figures report={report} />
      {hasAny ? (
        <>
          <Drawn name={name} report={report} />
          <Table name={name} report={report} />
        </>
      ) : (
        <EmptyState title={w.emptyTitle} hint={w.emptyHint} />
      )}
      <p className="text-xs text-muted">
        {w.zone(report.time_zone.replaceAll("_", " "), labelWords(report.from), labelWords(report.to))}
      </p>
    </>
  );
}

function Figures({ report }: { report: Data }) {
  return (
    <dl aria-label={w.figures} className="grid grid-cols-[repeat(auto-fit,minmax(9rem,1fr))] gap-2">
      {report.figures
        .filter(({ name, value }) => value !== null || (name !== "listed" && name !== "missing"))
        .map(({ name, unit, value }) => (
          <div
            key={name}
            className="flex flex-col-reverse justify-end rounded-md border border-line bg-surface px-3 py-2"
          >
            <dt className="text-xs text-muted">{w.words[name] ?? name}</dt>
            <dd className="text-2xl font-semibold tabular-nums">{valueWords(unit, value)}</dd>
          </div>
        ))}
    </dl>
  );
}

/** Which columns a chart draws; none where a table says it better. */
const DRAWN: Record<Name, { columns: readonly string[]; isStacked: boolean } | undefined> = {
  logged: { columns: ["share"], isStacked: false },
  volumes: { columns: ["texts_in", "texts_out", "calls_in", "calls_out"], isStacked: true },
  roles: { columns: ["texts_in", "texts_out", "calls_in", "calls_out"], isStacked: true },
  responses: { columns: ["p50", "p90"], isStacked: false },
  claims: { columns: ["p50", "p90"], isStacked: false },
  unclaimed: { columns: ["count"], isStacked: false },
  calls: { columns: ["calls_in", "calls_out"], isStacked: true },
  last_contact: undefined,
  failures: { columns: ["count"], isStacked: false },
};

function Drawn({ name, report }: { name: Name; report: Data }) {
  const drawn = DRAWN[name];
  if (drawn === undefined || report.rows.length < 2) {
    return null;
  }
  const series: Series[] = drawn.columns.map((column) => {
    const at = report.columns.findIndex((one) => one.name === column);
    return { name: w.words[column] ?? column, values: report.rows.map(({ values }) => values[at] ?? null) };
  });
  const unit = report.columns.find((one) => one.name === drawn.columns[0])?.unit ?? "count";
  return (
    <Chart
      title={w.chart(w.names[name].title)}
      labels={report.rows.map(({ label }) => labelWords(label, true))}
      series={series}
      words={(value) => valueWords(unit, value)}
      isStacked={drawn.isStacked}
      aim={name === "logged" ? AIM : undefined}
      top={name === "logged" ? 10_000 : undefined}
    />
  );
}

function Table({ name, report }: { name: Name; report: Data }) {
  const columns: Column<Row>[] = [
    { id: "label", header: w.firstColumn[name], cell: (row) => <Label name={name} row={row} /> },
    ...report.columns.map(
      ({ name: column, unit }, index): Column<Row> => ({
        id: column,
        header: w.words[column] ?? column,
        align: "end",
        className: "tabular-nums whitespace-nowrap",
        cell: (row) => valueWords(unit, row.values[index]),
      }),
    ),
  ];
  return (
    <>
      <DataTable
        caption={`${w.table}: ${w.names[name].title}`}
        columns={columns}
        rows={report.rows.slice(0, MOST)}
        rowKey={(row) => row.label}
        rowClassName={() => "relative"}
        className="max-h-[34rem]"
      />
      {report.rows.length > MOST ? <p className="text-sm text-muted">{w.more(MOST)}</p> : null}
    </>
  );
}

function Label({ name, row }: { name: Name; row: Row }) {
  if (row.mycase_case_id) {
    return (
      <>
        <RowLink href={caseHref(row.mycase_case_id)}>{row.mycase_case_id}</RowLink>
        {row.note ? <bdi className="ml-2 text-muted wrap-anywhere">{harmless(row.note)}</bdi> : null}
      </>
    );
  }
  return name === "roles" && row.label !== "" ? <RoleBadge role={row.label} /> : labelWords(row.label);
}
