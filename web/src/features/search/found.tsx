// What a search found, as lists of links: people with their numbers, cases with their clients, texts and calls where they stand.
import { ArrowDownLeft, ArrowUpRight, BriefcaseBusiness, Phone, UserRound } from "lucide-react";
import type { ReactNode } from "react";
import type { Schemas } from "../../api/client";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Badge, harmless, Marked, PersonName, plain } from "../../ui";
import { RowLink } from "../cases/list-page";
import { caseHref, contactHref } from "../cases/place";

const w = text.search;
type Found = Schemas["SearchView"];
export type FoundPerson = Found["people"]["items"][number];
export type FoundCase = Found["cases"]["items"][number];
export type FoundMessage = Found["messages"]["items"][number];
export type FoundCall = Found["calls"]["items"][number];

function Rows({ children }: { children: ReactNode }) {
  return <ul className="divide-y divide-line overflow-hidden rounded-md border border-line bg-surface">{children}</ul>;
}

function Row({ icon, children }: { icon: ReactNode; children: ReactNode }) {
  return (
    <li className="relative flex gap-3 px-3 py-2.5 focus-within:bg-accent-soft hover:bg-hover/60">
      <span aria-hidden="true" className="mt-0.5 flex w-5 shrink-0 justify-center text-muted">
        {icon}
      </span>
      <div className="min-w-0 flex-1">{children}</div>
    </li>
  );
}

export function FoundPeople({ found }: { found: readonly FoundPerson[] }) {
  return (
    <Rows>
      {found.map(({ contact, name }) => (
        <Row key={contact.id} icon={<UserRound size={16} />}>
          <RowLink href={contactHref(contact.id)}>
            <Marked snippet={name} />
          </RowLink>
          <p className="text-sm text-muted">{contact.phones.map(({ number }) => number).join(" · ") || w.noNumber}</p>
        </Row>
      ))}
    </Rows>
  );
}

export function FoundCases({ found }: { found: readonly FoundCase[] }) {
  return (
    <Rows>
      {found.map(({ case: one, number, name }) => (
        <Row key={one.id} icon={<BriefcaseBusiness size={16} />}>
          <RowLink href={caseHref(one.mycase_case_id)}>
            <span className="mr-2 font-normal text-muted">
              <Marked snippet={number} />
            </span>
            <Marked snippet={name} />
          </RowLink>
          <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
            {one.client_name ? <bdi>{plain(one.client_name)}</bdi> : null}
            <Badge tone={one.status === "open" ? "ok" : "neutral"}>{one.status === "open" ? w.open : w.closed}</Badge>
          </p>
        </Row>
      ))}
    </Rows>
  );
}

function href(conversation: string, number: string | null | undefined): string {
  return number
    ? `${caseHref(number)}?conv=${encodeURIComponent(conversation)}`
    : `/inbox?conv=${encodeURIComponent(conversation)}`;
}

type Of = { mycase_case_id?: string | null; case_name?: string | null; at: string };

function Whence({ of, children }: { of: Of; children?: ReactNode }) {
  return (
    <p className="mt-0.5 flex flex-wrap items-center gap-x-2 text-sm text-muted">
      {of.mycase_case_id ? (
        <span>
          {of.mycase_case_id} <bdi>{harmless(of.case_name ?? "")}</bdi>
        </span>
      ) : (
        w.noCase
      )}
      {children}
      <Time at={of.at} style="short" className="ml-auto" />
    </p>
  );
}

export function FoundMessages({ found }: { found: readonly FoundMessage[] }) {
  return (
    <Rows>
      {found.map((one) => (
        <Row
          key={`${one.message_id} ${one.conversation_id}`}
          icon={one.direction === "inbound" ? <ArrowDownLeft size={16} /> : <ArrowUpRight size={16} />}
        >
          <div className="flex min-w-0 items-center gap-2">
            <RowLink href={href(one.conversation_id, one.mycase_case_id)} className="min-w-0">
              <PersonName name={one.person.name || one.person.number} role={one.person.role} />
              <span className="sr-only">, {one.direction === "inbound" ? w.received : w.sent}</span>
            </RowLink>
            {one.standing === "unclaimed" ? <Badge tone="warn">{w.waiting}</Badge> : null}
          </div>
          <p className="mt-0.5">
            <Marked snippet={one.snippet} />
          </p>
          <Whence of={one} />
        </Row>
      ))}
    </Rows>
  );
}

export function FoundCalls({ found }: { found: readonly FoundCall[] }) {
  return (
    <Rows>
      {found.map((one) => (
        <Row key={one.call_id} icon={<Phone size={16} />}>
          {one.conversation_id ? (
            <RowLink href={href(one.conversation_id, one.mycase_case_id)}>
              <Marked snippet={one.name} />
            </RowLink>
          ) : (
            <Marked snippet={one.name} />
          )}
          <Whence of={one}>
            <span>{text.reports.labels[one.status] ?? one.status}</span>
          </Whence>
        </Row>
      ))}
    </Rows>
  );
}
