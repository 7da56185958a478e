// The cases that a person is on with their role in each, and their leads. Of these only what the reader may know.
import { useId } from "react";
import type { Schemas } from "../../api/client";
import { text } from "../../text/en";
import { harmless, RoleBadge } from "../../ui";
import { caseHref, LINK, leadHref, ScreenLink } from "../cases/place";

const w = text.contacts;

export function ContactCases({ cases }: { cases: readonly Schemas["ContactCase"][] }) {
  const heading = useId();
  return (
    <section aria-labelledby={heading} className="border-t border-line px-4 py-3">
      <h2 id={heading} className="text-base font-semibold">
        {w.casesHeading}
      </h2>
      {cases.length === 0 ? <p className="mt-1 text-sm text-muted">{w.noCases}</p> : null}
      <ul className="mt-1.5 flex flex-col gap-2">
        {cases.map((one) => (
          <li key={one.case_id} className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
            <ScreenLink href={caseHref(one.mycase_case_id)} className={`${LINK} min-h-6 min-w-0 wrap-anywhere`}>
              {one.mycase_case_id} <bdi>{harmless(one.case_name)}</bdi>
            </ScreenLink>
            <RoleBadge role={one.role} />
            {one.status === "closed" ? <span className="text-sm text-muted">{w.closedCase}</span> : null}
          </li>
        ))}
      </ul>
    </section>
  );
}

export function ContactLeads({ leads }: { leads: readonly Schemas["ContactLead"][] }) {
  const heading = useId();
  if (leads.length === 0) {
    return null;
  }
  return (
    <section aria-labelledby={heading} className="border-t border-line px-4 py-3">
      <h2 id={heading} className="text-base font-semibold">
        {w.leadsHeading}
      </h2>
      <ul className="mt-1.5 flex flex-col gap-1">
        {leads.map((lead) => (
          <li key={lead.id}>
            <ScreenLink href={leadHref(lead.id)} className={`${LINK} inline-block min-h-6`}>
              {w.lead}, {leadStatusWord(lead.status).toLowerCase()}
            </ScreenLink>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** The status of a lead in words; one that is not known shows as it came. */
export function leadStatusWord(status: string): string {
  return status === "open" || status === "converted" || status === "closed" ? w.leadStatuses[status] : status;
}
