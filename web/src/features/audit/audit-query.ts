// What the address says of the audit, as the server asks it: filters by name, days as the firm's days. Pure.
import type { Schemas } from "../../api/client";

export type AuditEntry = Schemas["AuditEntryView"];
export type AuditKind = AuditEntry["kind"];
export const KINDS: readonly AuditKind[] = ["act", "read", "refusal"];
export const FILTERS = ["kind", "user_id", "case", "contact_id", "subject", "act", "outcome", "from", "until"] as const;
export type FilterName = (typeof FILTERS)[number];

/** A day of the address as the moment at which it begins, or ends, in UTC; nothing where it is none. */
export function momentOf(day: string | undefined, end: "begins" | "ends"): string | undefined {
  if (day === undefined || !/^\d{4}-\d{2}-\d{2}$/.test(day)) {
    return undefined;
  }
  const begin = new Date(`${day}T00:00:00`);
  if (Number.isNaN(begin.getTime())) {
    return undefined;
  }
  if (end === "ends") {
    begin.setDate(begin.getDate() + 1);
  }
  return begin.toISOString();
}

/** The filters of the address as the query of the server. */
export function queryOf(read: (name: string) => string | undefined, caseNumber: string | undefined) {
  const kind = KINDS.find((one) => one === read("kind"));
  return {
    kind,
    user_id: read("user_id"),
    case: caseNumber ?? read("case"),
    contact_id: read("contact_id"),
    subject: read("subject"),
    act: read("act"),
    outcome: read("outcome"),
    from: momentOf(read("from"), "begins"),
    until: momentOf(read("until"), "ends"),
  };
}

/** The address of the export of the same filters. */
export function exportHref(query: ReturnType<typeof queryOf>): string {
  const said = Object.entries(query).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const params = new URLSearchParams(said).toString();
  return params === "" ? "/api/audit/export" : `/api/audit/export?${params}`;
}
