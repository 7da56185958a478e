// The call that one is on: with whom, in which case and as what, how long, and everything that one can do with it. Stands above
// every screen until the call is over. Acts are shown when the server did them; the sound is softphone.ts's.
import {
  ArrowRightLeft,
  Circle,
  CirclePause,
  Ear,
  FolderPlus,
  Mic,
  MicOff,
  Pause,
  PhoneForwarded,
  PhoneOff,
  Play,
  SignalHigh,
  SignalLow,
  SignalMedium,
} from "lucide-react";
import { useState } from "react";
import { useShortcut } from "../../keys/registry";
import type { Seat } from "../../live/calls";
import { useCase, useSupervisors } from "../../live/hooks";
import type { CallView } from "../../live/model";
import { text } from "../../text/en";
import { Badge, Button, classNames, harmless, IconButton, PersonName, plain } from "../../ui";
import { caseHref, ScreenLink } from "../cases/place";
import { CallTimer } from "./call-timer";
import { nameOf, stateSentence, stateWord } from "./call-words";
import { FileDialog } from "./file-dialog";
import { Keypad } from "./keypad";
import { usePhone } from "./phone";
import { CallNotices } from "./phone-notices";
import { TransferDialog } from "./transfer-dialog";
import { type CallActs, useCallAct } from "./use-call-act";
import { useLeg } from "./use-leg";

const w = text.phone;

export function CallBar({ call, seat }: { call: CallView; seat: Seat }) {
  const acts = useCallAct();
  return (
    <section
      aria-label={w.bar}
      tabIndex={-1}
      data-region="call-bar"
      className="@container/callbar border-b border-line bg-accent-soft outline-none"
    >
      <p role="status" className="sr-only">
        {stateSentence(call, seat)}
      </p>
      <div className="flex min-h-14 flex-wrap items-center gap-x-4 gap-y-2 px-4 py-2">
        <Standing call={call} seat={seat} />
        <Who call={call} />
        <Marks call={call} />
        <Controls call={call} seat={seat} acts={acts} />
      </div>
      <CallNotices call={call} />
    </section>
  );
}

function Standing({ call, seat }: { call: CallView; seat: Seat }) {
  const isTalking = seat === "talking" && !call.is_on_hold;
  return (
    <span className="flex min-w-28 flex-col">
      <span className="flex items-center gap-1.5 text-sm font-semibold">
        <span
          aria-hidden="true"
          className={classNames(
            "size-2 rounded-full",
            isTalking ? "bg-ok" : call.is_on_hold ? "bg-warn" : "animate-pulse bg-accent",
          )}
        />
        {stateWord(call, seat)}
      </span>
      <CallTimer since={call.answered_at} className="text-lg leading-6" />
    </span>
  );
}

function Who({ call }: { call: CallView }) {
  const [isFiling, setFiling] = useState(false);
  return (
    <span className="min-w-0 flex-1 basis-44">
      <PersonName name={nameOf(call)} role={call.person.role} strong />
      <span className="flex min-w-0 items-center gap-1.5 text-sm text-muted">
        {call.matter_id ? (
          <CaseLine number={call.matter_id} />
        ) : call.lead_id ? (
          <span>{text.inbox.lead}</span>
        ) : (
          <Button size="sm" icon={<FolderPlus aria-hidden="true" size={14} />} onClick={() => setFiling(true)}>
            {w.chooseCase}
          </Button>
        )}
      </span>
      {isFiling ? <FileDialog call={call} onClose={() => setFiling(false)} /> : null}
    </span>
  );
}

function CaseLine({ number }: { number: string }) {
  const { case: found } = useCase(number);
  return (
    <ScreenLink
      href={caseHref(number)}
      className="inline-block min-h-6 max-w-full truncate rounded-sm text-accent underline-offset-2 hover:underline"
    >
      {plain(number)}
      {found ? (
        <>
          {" · "}
          <bdi>{harmless(found.name)}</bdi>
        </>
      ) : null}
    </ScreenLink>
  );
}

function Marks({ call }: { call: CallView }) {
  return (
    <span className="flex flex-wrap items-center gap-1.5">
      <Watchers call={call} />
      <Taping call={call} />
      <Quality />
    </span>
  );
}

/** Where the firm tells its agents. */
function Watchers({ call }: { call: CallView }) {
  const watchers = useSupervisors(call.id);
  return (
    <span role="status" className="contents">
      {watchers.map((one) => (
        <Badge key={one.user.id} tone="warn" icon={<Ear size={12} />}>
          {w.supervised[one.mode](plain(one.user.name))}
        </Badge>
      ))}
    </span>
  );
}

function Taping({ call }: { call: CallView }) {
  switch (call.recording) {
    case "running":
      return (
        <Badge tone="bad" icon={<Circle size={10} className="animate-pulse fill-current" />}>
          {w.recording}
        </Badge>
      );
    case "paused":
      return (
        <Badge tone="warn" icon={<CirclePause size={12} />}>
          {w.recordingPaused}
        </Badge>
      );
    case "failed":
      return <Badge tone="bad">{w.recordingFailed}</Badge>;
    case "none":
    case "ready":
      return null;
  }
}

const SIGNALS = { good: SignalHigh, fair: SignalMedium, poor: SignalLow } as const;

function Quality() {
  const view = useLeg(usePhone().leg);
  const quality = view?.state === "live" ? view.quality : undefined;
  if (quality === undefined) {
    return null;
  }
  const Icon = SIGNALS[quality];
  return (
    <span
      title={w.quality[quality]}
      className={classNames(
        "inline-flex items-center gap-1 text-xs",
        quality === "poor" ? "font-medium text-bad" : "text-muted",
      )}
    >
      <Icon aria-hidden="true" size={16} />
      <span className={quality === "poor" ? undefined : "sr-only"}>{w.quality[quality]}</span>
    </span>
  );
}

type ControlsProps = { call: CallView; seat: Seat; acts: CallActs };

function Controls({ call, seat, acts }: ControlsProps) {
  const isTalking = seat === "talking";
  const [isTransferring, setTransferring] = useState(false);
  const muteKeys = useShortcut("phone.mute");
  const endKeys = useShortcut("phone.hang-up");
  return (
    <span className="ml-auto flex flex-wrap items-center gap-1.5">
      {isTalking ? (
        <>
          <Button
            variant={call.is_muted ? "danger" : "secondary"}
            aria-pressed={call.is_muted}
            title={muteKeys?.join("+")}
            busy={acts.busy === "mute"}
            icon={call.is_muted ? <MicOff aria-hidden="true" size={16} /> : <Mic aria-hidden="true" size={16} />}
            onClick={() => void acts.run(call.id, { act: "mute", on: !call.is_muted })}
          >
            {call.is_muted ? w.muted : w.mute}
          </Button>
          <HoldButton call={call} acts={acts} />
          <TapeButton call={call} acts={acts} />
          <Keypad callId={call.id} reason={call.is_on_hold ? w.state.held : undefined} />
          {call.transfer_to ? (
            <Button
              busy={acts.busy === "cancel_transfer"}
              icon={<ArrowRightLeft aria-hidden="true" size={16} />}
              onClick={() => void acts.run(call.id, { act: "cancel_transfer" })}
            >
              {w.cancelTransfer}
            </Button>
          ) : (
            <IconButton
              label={w.transfer}
              icon={<PhoneForwarded aria-hidden="true" size={16} />}
              onClick={() => setTransferring(true)}
            />
          )}
        </>
      ) : null}
      <Button
        variant="danger"
        title={endKeys?.join("+")}
        busy={acts.busy === "hang_up"}
        icon={<PhoneOff aria-hidden="true" size={16} />}
        onClick={() => void acts.run(call.id, { act: "hang_up" })}
      >
        {isTalking ? w.hangUp : w.giveUp}
      </Button>
      {isTransferring ? <TransferDialog call={call} onClose={() => setTransferring(false)} /> : null}
    </span>
  );
}

function HoldButton({ call, acts }: { call: CallView; acts: CallActs }) {
  const keys = useShortcut("phone.hold");
  const run = () => void acts.run(call.id, { act: "hold", on: !call.is_on_hold });
  if (call.is_on_hold) {
    return (
      <Button variant="primary" busy={acts.busy === "hold"} icon={<Play aria-hidden="true" size={16} />} onClick={run}>
        {w.resume}
      </Button>
    );
  }
  return (
    <IconButton
      label={w.hold}
      shortcut={keys}
      busy={acts.busy === "hold"}
      icon={<Pause aria-hidden="true" size={16} />}
      onClick={run}
    />
  );
}

function TapeButton({ call, acts }: { call: CallView; acts: CallActs }) {
  if (call.recording !== "running" && call.recording !== "paused") {
    return null;
  }
  const isPaused = call.recording === "paused";
  return (
    <IconButton
      label={isPaused ? w.resumeRecording : w.pauseRecording}
      busy={acts.busy === "recording"}
      icon={isPaused ? <Circle aria-hidden="true" size={16} /> : <CirclePause aria-hidden="true" size={16} />}
      onClick={() => void acts.run(call.id, { act: "recording", state: isPaused ? "running" : "paused" })}
    />
  );
}
