// A call that rings: who it is, on which cases and as what, what was said last; answer or decline. Not modal, for one may want to
// look at the case first. Also a call that a colleague hands over. When somebody else took it, the card says so and goes.
import { Phone, PhoneIncoming, PhoneOff, Volume2 } from "lucide-react";
import { useSyncExternalStore } from "react";
import { useShortcut } from "../../keys/registry";
import type { Seat } from "../../live/calls";
import { useAllowed, useContact, useConversation, useList } from "../../live/hooks";
import type { CallView } from "../../live/model";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Avatar, Button, harmless, Kbd, PersonName, UntrustedText } from "../../ui";
import { caseHref, ScreenLink } from "../cases/place";
import { nameOf, whoOf } from "./call-words";
import { allowRinging, isRingerSilent, watchRinger } from "./ringer";
import { type CallActs, useCallAct } from "./use-call-act";

const w = text.phone;
/** In how many conversations a last message is looked for. */
const LOOKED_THROUGH = 8;

type Props = { call: CallView; seat: Seat; isBusy: boolean };

export function IncomingCall({ call, seat, isBusy }: Props) {
  const acts = useCallAct();
  const isOffered = seat === "offered";
  const title = isOffered ? w.offered(call.user?.name ?? "") : w.incoming;
  return (
    <section
      aria-label={w.incomingFrom(whoOf(call))}
      data-region="incoming-call"
      tabIndex={-1}
      className="popup-motion forced-border pointer-events-auto flex w-full flex-col gap-3 rounded-lg border border-line bg-raised p-4 shadow-dialog outline-none"
    >
      <p role="alert" className="sr-only">
        {isOffered ? `${title}. ${whoOf(call)}` : w.incomingFrom(whoOf(call))}
      </p>
      <p className="flex items-center gap-2 text-sm font-medium text-accent">
        <PhoneIncoming aria-hidden="true" size={16} className="animate-pulse" />
        {title}
      </p>
      <div className="flex items-start gap-3">
        <Avatar name={nameOf(call)} size="lg" />
        <div className="min-w-0 flex-1">
          <p className="text-lg">
            <PersonName name={nameOf(call)} role={call.person.role} strong whole />
          </p>
          {call.person.number !== call.person.name ? (
            <p className="text-sm text-muted">
              <bdi>{call.person.number}</bdi>
            </p>
          ) : null}
          {call.matter_id ? <InCase number={call.matter_id} /> : null}
        </div>
      </div>
      {call.person.contact_id ? (
        <Known contactId={call.person.contact_id} hidesCases={Boolean(call.matter_id)} />
      ) : null}
      <SilentNote />
      <Answers call={call} isOffered={isOffered} isBusy={isBusy} acts={acts} />
    </section>
  );
}

function InCase({ number }: { number: string }) {
  return (
    <p className="text-sm">
      <ScreenLink href={caseHref(number)} className="text-accent underline-offset-2 hover:underline">
        {w.inCase(number)}
      </ScreenLink>
    </p>
  );
}

function Known({ contactId, hidesCases }: { contactId: string; hidesCases: boolean }) {
  const { case_contacts: contacts, sms } = useAllowed();
  return (
    <div className="flex flex-col gap-2 rounded-md bg-bg px-3 py-2 text-sm empty:hidden">
      {contacts > 0 && !hidesCases ? <Cases contactId={contactId} /> : null}
      {sms > 0 ? <LastMessage contactId={contactId} /> : null}
    </div>
  );
}

function Cases({ contactId }: { contactId: string }) {
  const { details, status } = useContact(contactId);
  if (details === undefined) {
    return status === "loading" ? null : <p className="text-muted">{w.noCases}</p>;
  }
  if (details.cases.length === 0) {
    return <p className="text-muted">{w.noCases}</p>;
  }
  return (
    <ul className="flex flex-col gap-0.5">
      {details.cases.slice(0, 4).map((one) => (
        <li key={one.case_id} className="flex min-w-0 items-baseline gap-1.5">
          <span className="shrink-0 text-muted">{one.role}</span>
          <ScreenLink
            href={caseHref(one.mycase_case_id)}
            className="min-w-0 truncate text-accent underline-offset-2 hover:underline"
          >
            {one.mycase_case_id} · <bdi>{harmless(one.case_name)}</bdi>
          </ScreenLink>
        </li>
      ))}
    </ul>
  );
}

function LastMessage({ contactId }: { contactId: string }) {
  const { ids } = useList({ contact_id: contactId });
  return <LastMessageIn ids={ids.slice(0, LOOKED_THROUGH)} />;
}

/** The newest of the conversations that ends with a text: the call that rings begins one of its own, without words. */
function LastMessageIn({ ids }: { ids: readonly string[] }) {
  const { conversation } = useConversation(ids[0]);
  if (conversation === undefined) {
    return null;
  }
  if (conversation.preview === "") {
    return <LastMessageIn ids={ids.slice(1)} />;
  }
  return (
    <p className="line-clamp-2 text-muted">
      <span className="sr-only">{w.lastMessage}: </span>
      <UntrustedText text={conversation.preview} />
      <span className="whitespace-nowrap">
        {" · "}
        <Time at={conversation.last_at} style="short" />
      </span>
    </p>
  );
}

/** Where the browser keeps the ring tone back. */
function SilentNote() {
  const isSilent = useSyncExternalStore(watchRinger, isRingerSilent);
  if (!isSilent) {
    return null;
  }
  return (
    <p className="flex flex-wrap items-center gap-2 text-sm text-muted">
      <span className="min-w-0 flex-1 basis-48">{w.ringSilent}</span>
      <Button size="sm" icon={<Volume2 aria-hidden="true" size={14} />} onClick={allowRinging}>
        {w.ringOn}
      </Button>
    </p>
  );
}

type AnswersProps = { call: CallView; isOffered: boolean; isBusy: boolean; acts: CallActs };

function Answers({ call, isOffered, isBusy, acts }: AnswersProps) {
  const keys = useShortcut("phone.answer");
  const take = isOffered ? "take_over" : "answer";
  return (
    <div className="flex flex-wrap items-center gap-2">
      <Button
        variant="primary"
        className="min-w-28 flex-1"
        reason={isBusy ? w.busyHint : undefined}
        busy={acts.busy === take}
        icon={<Phone aria-hidden="true" size={16} />}
        onClick={() => void acts.run(call.id, { act: take })}
      >
        {isOffered ? w.takeOver : w.answer}
        {keys ? (
          <span aria-hidden="true" className="ml-1 hidden @min-[26rem]/cards:inline">
            <Kbd keys={keys} inverted />
          </span>
        ) : null}
      </Button>
      <Button
        className="min-w-24 flex-1"
        title={isOffered ? w.declineOffered : w.declineHint}
        busy={acts.busy === "decline"}
        icon={<PhoneOff aria-hidden="true" size={16} />}
        onClick={() => void acts.run(call.id, { act: "decline" })}
      >
        {w.decline}
      </Button>
    </div>
  );
}
