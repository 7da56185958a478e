// A call as it stands beside the texts of a conversation: which way, what came of it, how long, who took part, as what the person was
// on the case then, the note, and what was recorded. The agent of a call can add its outcome here.
import { ClipboardPen, Phone, PhoneIncoming, PhoneMissed, PhoneOutgoing, Voicemail } from "lucide-react";
import { lazy, type ReactNode, Suspense, useState } from "react";
import { isUnderWay } from "../../live/calls";
import { useAllowed, useMe } from "../../live/hooks";
import type { CallView } from "../../live/model";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Badge, Button, classNames, Skeleton, UntrustedText } from "../../ui";
import { FollowUpCall, ItemTasks } from "../tasks/thread-tasks";
import { useDispositions } from "./agents";
import { CallTimer } from "./call-timer";
import { agentWords, isMissed, kindWord, lengthOf, statusWord, whoOf } from "./call-words";

const w = text.phone;
const RecordingPlayer = lazy(() => import("./recording-player").then((m) => ({ default: m.RecordingPlayer })));
const OutcomeDialog = lazy(() => import("./outcome-dialog").then((m) => ({ default: m.OutcomeDialog })));

export function CallEntry({ call }: { call: CallView }) {
  const isOut = call.direction === "outbound";
  const isAlarm = isMissed(call) || call.status === "voicemail";
  return (
    <div className={classNames("flex px-4 py-1.5", isOut && "justify-end")}>
      <article
        aria-label={w.entryOf(kindWord(call), whoOf(call))}
        className={classNames(
          "flex w-full max-w-[34rem] min-w-0 flex-col gap-2 rounded-lg border bg-surface px-3 py-2",
          isAlarm ? "border-warn-line" : "border-line",
        )}
      >
        <div className="flex flex-wrap items-start gap-x-3 gap-y-1">
          <div className="flex min-w-0 flex-1 basis-72 items-start gap-3">
            <Icon call={call} />
            <div className="min-w-0 flex-1">
              <p className="flex flex-wrap items-center gap-x-2 gap-y-0.5">
                <span className="font-medium">{kindWord(call)}</span>
                <State call={call} />
                <Outcome call={call} />
              </p>
              <Facts call={call} />
            </div>
          </div>
          <div className="ml-auto flex items-center gap-1 empty:hidden">
            <FollowUpCall call={call} />
            <AddOutcome call={call} />
          </div>
        </div>
        {call.note ? (
          <p className="untrusted rounded-md bg-bg px-2.5 py-1.5 text-sm">
            <UntrustedText text={call.note} />
          </p>
        ) : null}
        <Recordings call={call} />
        <ItemTasks id={call.id} />
      </article>
    </div>
  );
}

function Icon({ call }: { call: CallView }) {
  const props = { "aria-hidden": true, size: 16, className: "mt-0.5 shrink-0 text-muted" } as const;
  if (call.status === "voicemail") {
    return <Voicemail {...props} className="mt-0.5 shrink-0 text-warn" />;
  }
  if (isMissed(call)) {
    return <PhoneMissed {...props} className="mt-0.5 shrink-0 text-warn" />;
  }
  if (isUnderWay(call)) {
    return <Phone {...props} className="mt-0.5 shrink-0 animate-pulse text-accent" />;
  }
  return call.direction === "inbound" ? <PhoneIncoming {...props} /> : <PhoneOutgoing {...props} />;
}

function State({ call }: { call: CallView }) {
  if (call.status === "in-progress") {
    return (
      <Badge tone="ours">
        {statusWord(call)} <CallTimer since={call.answered_at} className="ml-1" />
      </Badge>
    );
  }
  if (isUnderWay(call)) {
    return <Badge tone="ours">{statusWord(call)}</Badge>;
  }
  // What the kind says already needs no second word.
  if (call.status === "voicemail" || isMissed(call)) {
    return null;
  }
  return <span className="text-muted">{statusWord(call)}</span>;
}

function Outcome({ call }: { call: CallView }) {
  const { data } = useDispositions();
  if (!call.disposition) {
    return null;
  }
  const label = data?.find(({ code }) => code === call.disposition)?.label ?? call.disposition;
  return <Badge tone="ok">{label}</Badge>;
}

function Facts({ call }: { call: CallView }) {
  const facts: [string, ReactNode][] = [];
  if (call.duration_seconds > 0) {
    facts.push(["length", lengthOf(call.duration_seconds)]);
  }
  if (call.user) {
    facts.push(["agent", <UntrustedText key="agent" text={agentWords(call, call.user.name)} />]);
  }
  facts.push(["who", <UntrustedText key="who" text={call.person.display_name} />]);
  facts.push(["at", <Time key="at" at={call.at} style="clock" />]);
  return (
    <p className="flex flex-wrap items-center gap-x-1.5 text-xs text-muted">
      {facts.map(([name, fact], place) => (
        <span key={name} className="min-w-0">
          {fact}
          {place < facts.length - 1 ? <span aria-hidden="true"> ·</span> : null}
        </span>
      ))}
      {!call.person.contact_id && call.matter_id ? <Badge>{w.notRecorded}</Badge> : null}
    </p>
  );
}

function AddOutcome({ call }: { call: CallView }) {
  const { user_id: reader } = useMe();
  const { calls } = useAllowed();
  const [isOpen, setOpen] = useState(false);
  const isOwn = call.user?.id === reader && calls >= 2 && Boolean(call.ended_at) && Boolean(call.line);
  if (!isOwn) {
    return null;
  }
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        icon={<ClipboardPen aria-hidden="true" size={14} />}
        onClick={() => setOpen(true)}
      >
        {call.disposition ? w.editOutcome : w.addOutcome}
      </Button>
      <Suspense>{isOpen ? <OutcomeDialog call={call} onClose={() => setOpen(false)} /> : null}</Suspense>
    </>
  );
}

function Recordings({ call }: { call: CallView }) {
  const recordings = call.recordings ?? [];
  return (
    <>
      {recordings.map((recording) =>
        recording.state === "ready" ? (
          <Suspense key={recording.id} fallback={<Skeleton className="h-10 w-full" />}>
            <RecordingPlayer callId={call.id} recording={recording} />
          </Suspense>
        ) : (
          <p key={recording.id} className="text-xs text-muted">
            {recording.state === "failed" ? w.recordingFailedLine : w.recordingRunning}
          </p>
        ),
      )}
    </>
  );
}
