// One text or call of the communications of a case: when, which way, with whom in which role, and what was said.
import { ArrowDownLeft, ArrowUpRight, PhoneIncoming, PhoneOutgoing } from "lucide-react";
import type { ReactNode } from "react";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Badge, plain, RoleBadge, UntrustedText } from "../../ui";
import type { RecordItem } from "./record-query";

const w = text.record;

export function RecordEntry({ item }: { item: RecordItem }) {
  return item.kind === "text" ? <TextEntry message={item.message} /> : <CallEntry call={item.call} />;
}

type Message = Extract<RecordItem, { kind: "text" }>["message"];
type Call = Extract<RecordItem, { kind: "call" }>["call"];

function TextEntry({ message }: { message: Message }) {
  const isIn = message.direction === "inbound";
  return (
    <Frame
      at={message.at}
      icon={isIn ? <ArrowDownLeft size={16} /> : <ArrowUpRight size={16} />}
      title={isIn ? w.textReceived : w.textSent}
      person={message.person}
      agent={message.sent_by?.name}
    >
      {message.body ? <UntrustedText text={message.body} className="mt-1 block" /> : null}
      <div className="mt-1 flex flex-wrap gap-1.5 empty:hidden">
        {message.standing === "unclaimed" ? (
          <Badge tone="warn">
            <span title={w.unclaimedHint}>{w.unclaimed}</span>
          </Badge>
        ) : null}
        {message.standing === "moved" ? <Badge>{w.moved}</Badge> : null}
        {message.claim ? <Badge>{w.claimedBy(plain(message.claim.by.name))}</Badge> : null}
        {message.media.length > 0 ? <Badge>{w.attachments(message.media.length)}</Badge> : null}
        {message.state ? <Badge>{message.state.replaceAll("_", " ")}</Badge> : null}
      </div>
    </Frame>
  );
}

function CallEntry({ call }: { call: Call }) {
  const isIn = call.direction === "inbound";
  return (
    <Frame
      at={call.at}
      icon={isIn ? <PhoneIncoming size={16} /> : <PhoneOutgoing size={16} />}
      title={isIn ? w.callReceived : w.callMade}
      person={call.person}
      agent={call.user?.name}
    >
      <div className="mt-1 flex flex-wrap gap-1.5">
        <Badge>{call.status.replaceAll("-", " ")}</Badge>
        {call.duration_seconds > 0 ? (
          <Badge>{w.duration(Math.floor(call.duration_seconds / 60), call.duration_seconds % 60)}</Badge>
        ) : null}
        {call.has_recording ? <Badge>{w.recorded}</Badge> : null}
      </div>
    </Frame>
  );
}

type FrameProps = {
  at: string;
  icon: ReactNode;
  title: string;
  person: Message["person"];
  agent: string | undefined;
  children: ReactNode;
};

function Frame({ at, icon, title, person, agent, children }: FrameProps) {
  return (
    <article className="flex gap-3 px-4 py-2.5">
      <span aria-hidden="true" className="mt-0.5 text-muted">
        {icon}
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-baseline gap-x-2 gap-y-0.5">
          <span className="font-medium">
            <bdi>{plain(person.name)}</bdi>
          </span>
          <RoleBadge role={person.role} />
          <span className="text-sm text-muted">
            {title}
            {agent ? ` ${w.by(plain(agent))}` : null}
          </span>
          <Time at={at} style="full" className="ml-auto text-sm text-muted tabular-nums" />
        </div>
        {children}
      </div>
    </article>
  );
}
