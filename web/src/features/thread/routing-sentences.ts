// "Why is this here?" in plain sentences, from the receipt of the decision: pure, so that it can be tested word by word.
// Refuses to name what the server left out. The popover that shows them is routing-reason.tsx.

import type { Schemas } from "../../api/types";
import { text } from "../../text/en";

type Routing = Schemas["RoutingView"];
type Considered = Schemas["ConsideredView"];

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** A span of time in words: "48 hours", "3 hours", "5 days". Hours up to three days, for the window is spoken of in hours. */
export function span(seconds: number): string {
  const words = text.thread.age;
  if (seconds < 1) return words.moment;
  if (seconds < MINUTE) return words.seconds(Math.floor(seconds));
  if (seconds < HOUR) return words.minutes(Math.floor(seconds / MINUTE));
  if (seconds <= 3 * DAY) return words.hours(Math.floor(seconds / HOUR));
  return words.days(Math.floor(seconds / DAY));
}

/** A case that was looked at: once, with its latest session, however many links lead to it. */
export interface LookedAt {
  readonly caseId: string;
  readonly number: string;
  readonly hasSession: boolean;
  /** How long before the text the last session was opened, in seconds. */
  readonly sessionAge: number | undefined;
  /** Whether the text was offered or sent to it. */
  readonly isCandidate: boolean;
}

/** The cases that were looked at, by number; those that the text was offered to first. */
export function casesLookedAt(routing: Routing): readonly LookedAt[] {
  const offered = offeredCases(routing.receipt);
  const cases = new Map<string, LookedAt>();
  for (const considered of routing.candidates) {
    const one = lookedAt(considered, routing.decided_at, offered);
    const known = cases.get(one.caseId);
    cases.set(one.caseId, known === undefined ? one : later(known, one));
  }
  const byNumber = new Intl.Collator("en", { numeric: true });
  return [...cases.values()].sort(
    (one, other) => Number(other.isCandidate) - Number(one.isCandidate) || byNumber.compare(one.number, other.number),
  );
}

function lookedAt(
  considered: Considered,
  decidedAt: string | null | undefined,
  offered: ReadonlySet<string> | undefined,
): LookedAt {
  const opened = considered.session_opened_at;
  return {
    caseId: considered.case_id,
    number: considered.case_number,
    hasSession: considered.has_session,
    sessionAge: opened && decidedAt ? Math.max(0, (Date.parse(decidedAt) - Date.parse(opened)) / 1000) : undefined,
    isCandidate: offered === undefined || offered.has(considered.case_id),
  };
}

function later(one: LookedAt, other: LookedAt): LookedAt {
  const isOlder = (other.sessionAge ?? Number.POSITIVE_INFINITY) < (one.sessionAge ?? Number.POSITIVE_INFINITY);
  return { ...(isOlder ? other : one), hasSession: one.hasSession || other.hasSession };
}

/** The cases that the decision chose, by id; undefined where the receipt does not say. */
function offeredCases(receipt: unknown): ReadonlySet<string> | undefined {
  const route = member(receipt, "route");
  const one = member(route, "case_id");
  if (typeof one === "string") return new Set([one]);
  const candidates = member(route, "candidates");
  if (!Array.isArray(candidates)) return undefined;
  return new Set(candidates.map((candidate) => String(member(candidate, "case_id"))));
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}

/** The rule that decided, as a sentence. */
export function decisionSentence(routing: Routing): string {
  const words = text.thread.routing;
  const window = span(routing.window_seconds ?? 0);
  const cases = casesLookedAt(routing).filter((one) => one.isCandidate);
  const withSession = cases.filter((one) => one.hasSession);
  switch (routing.rule) {
    case "only_case":
      return cases[0] === undefined ? words.onlyCaseUnknown : words.onlyCase(cases[0].number);
    case "one_session": {
      const session = withSession[0];
      if (session?.sessionAge === undefined) return words.oneSessionUnknown(window);
      return words.oneSession(session.number, span(session.sessionAge), window);
    }
    case "no_session":
      return words.noSession(cases.length, window);
    case "several_sessions":
      return words.severalSessions(cases.length, withSession.length, window);
    case "lead":
      return words.lead;
    case "known_contact":
      return words.knownContact;
    case "several_people":
      return words.severalPeople;
    case "unknown_sender":
      return words.unknownSender;
    case null:
    case undefined:
      return words.none;
  }
}

/** What an unclaimed banner says of why. */
export function bannerReason(who: string, routing: Routing | undefined): string {
  const words = text.thread;
  if (routing === undefined) return words.reasonLoading;
  const cases = casesLookedAt(routing).filter((one) => one.isCandidate);
  const window = span(routing.window_seconds ?? 0);
  const sessions = cases.filter((one) => one.hasSession).length;
  if (routing.rule === "no_session") return words.noSession(who, cases.length, window);
  if (routing.rule === "several_sessions") return words.severalSessions(who, cases.length, sessions, window);
  return words.reasonLoading;
}

/** A step of the history, as a sentence. */
export function stepSentence(step: Schemas["StepView"]): string {
  const words = text.thread.routing.step;
  const who = step.user?.name ?? text.thread.step.system;
  const { from_case: from, to_case: to } = step;
  switch (step.type) {
    case "routed":
      return to ? words.routed(to) : words.routedPlain;
    case "offered":
      return to ? words.offered(to) : words.offeredPlain;
    case "written":
      return words.written(who);
    case "claimed":
      return to ? words.claimed(who, to) : words.claimedPlain(who);
    case "released":
      return words.released(who);
    case "moved":
      if (from && to) return words.moved(who, from, to);
      if (to) return words.movedTo(who, to);
      return from ? words.movedFrom(who, from) : words.movedPlain(who);
    case "dismissed":
      return words.dismissed(who);
    case "undismissed":
      return words.undismissed(who);
    case "retried":
      return words.retried(who);
    default:
      return words.other(step.type);
  }
}

/** Who claimed a text last, as the history has it; none if it was released since. */
export function lastClaim(routing: Routing): Schemas["StepView"] | undefined {
  const last = routing.history.findLast((step) => step.type === "claimed" || step.type === "released");
  return last?.type === "claimed" ? last : undefined;
}
