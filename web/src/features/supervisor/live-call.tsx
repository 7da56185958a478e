// One call under way, and how one takes part in it: one control with three places that says who hears whom, the state of one's own
// microphone, how loud it is, and a way out.
import { Ear, Headphones, LogOut, Mic, MicOff } from "lucide-react";
import { useMe, useSupervisors } from "../../live/hooks";
import type { CallView, SupervisionMode } from "../../live/model";
import { text } from "../../text/en";
import { Avatar, Badge, Button, classNames, harmless, PersonName, plain } from "../../ui";
import { caseHref, ScreenLink } from "../cases/place";
import { CallTimer } from "../phone/call-timer";
import { nameOf, statusWord, whoOf } from "../phone/call-words";
import { LevelMeter } from "../phone/level-meter";
import { usePhone } from "../phone/phone";
import { LegNotices } from "../phone/phone-notices";
import { useLeg, useLevels } from "../phone/use-leg";
import { ModeControl } from "./mode-control";
import type { Supervising } from "./supervising";

const w = text.supervisor;

type Props = { call: CallView; isOwn: boolean; supervising: Supervising };

export function LiveCall({ call, isOwn, supervising }: Props) {
  const isMine = supervising.current?.callId === call.id;
  const agent = plain(call.user?.name ?? "");
  return (
    <article
      aria-label={w.callOf(agent, whoOf(call))}
      className={classNames(
        "@container/live overflow-hidden rounded-lg border bg-surface shadow-card",
        isMine ? "border-accent" : "border-line",
      )}
    >
      <div className="flex flex-wrap items-center gap-x-4 gap-y-3 px-4 py-3">
        <Avatar name={agent} />
        <div className="min-w-0 flex-1 basis-52">
          <p className="flex min-w-0 flex-wrap items-center gap-x-1.5">
            <bdi className="font-semibold">{harmless(agent)}</bdi>
            <span className="text-muted">{text.supervisor.with}</span>
            <PersonName name={nameOf(call)} role={call.person.role} />
          </p>
          <p className="flex flex-wrap items-center gap-x-2 text-sm text-muted">
            {call.matter_id ? (
              <ScreenLink
                href={caseHref(call.matter_id)}
                className="inline-block min-h-6 text-accent underline-offset-2 hover:underline"
              >
                {text.phone.inCase(plain(call.matter_id))}
              </ScreenLink>
            ) : (
              w.noCase
            )}
            <Others call={call} />
          </p>
        </div>
        <Standing call={call} />
        {isMine ? null : (
          <Begin call={call} isOwn={isOwn} supervising={supervising} who={w.callOf(agent, whoOf(call))} />
        )}
      </div>
      {isMine ? <Part call={call} agent={agent} supervising={supervising} /> : null}
    </article>
  );
}

function Standing({ call }: { call: CallView }) {
  return (
    <span className="flex items-center gap-2">
      {call.is_on_hold ? <Badge tone="warn">{text.phone.state.held}</Badge> : null}
      {call.recording === "running" ? <Badge tone="bad">{text.phone.recording}</Badge> : null}
      {call.status === "in-progress" ? (
        <CallTimer since={call.answered_at} className="text-lg" />
      ) : (
        <Badge tone="ours">{statusWord(call)}</Badge>
      )}
    </span>
  );
}

function Others({ call }: { call: CallView }) {
  const { user_id: me } = useMe();
  const supervisors = useSupervisors(call.id).filter((one) => one.user.id !== me);
  if (supervisors.length === 0) {
    return null;
  }
  return (
    <span className="inline-flex items-center gap-1">
      <Ear aria-hidden="true" size={14} />
      {w.watchers(supervisors.map((one) => `${plain(one.user.name)} (${w.modes[one.mode]})`).join(", "))}
    </span>
  );
}

function Begin({ call, isOwn, supervising, who }: Props & { who: string }) {
  const reason = isOwn ? w.ownCall : call.status === "in-progress" ? supervising.reason : w.notTalking;
  return (
    <Button
      aria-label={w.beginTo(who)}
      reason={reason}
      busy={supervising.asked?.callId === call.id}
      icon={<Headphones aria-hidden="true" size={16} />}
      onClick={() => supervising.enter(call.id)}
    >
      {w.begin}
    </Button>
  );
}

function Part({ call, agent, supervising }: { call: CallView; agent: string; supervising: Supervising }) {
  const mode: SupervisionMode = supervising.current?.mode ?? "listen";
  const { monitor } = usePhone();
  const view = useLeg(monitor);
  const levels = useLevels(monitor);
  const sentence = mode === "whisper" ? w.hears.whisper(agent) : w.hears[mode];
  const isSilent = mode === "listen";
  return (
    <div className="border-t border-line bg-accent-soft">
      <div className="flex flex-wrap items-center gap-x-5 gap-y-3 px-4 py-3">
        <ModeControl
          mode={mode}
          asked={supervising.asked?.callId === call.id ? supervising.asked.mode : undefined}
          onChoose={(next) => supervising.choose(call.id, next)}
        />
        <div className="min-w-44 flex-1">
          <p role="status" className="text-lg font-semibold">
            {sentence}
          </p>
          <p className="flex items-center gap-1.5 text-sm text-muted">
            {isSilent ? <MicOff aria-hidden="true" size={14} /> : <Mic aria-hidden="true" size={14} />}
            {view?.state === "live" ? (isSilent ? w.noMicrophone : w.microphoneOn) : w.connecting}
          </p>
        </div>
        <div className="flex items-end gap-3">
          <Meter label={w.heardLevel} level={levels.heard} icon={<Headphones aria-hidden="true" size={14} />} />
          {isSilent ? null : (
            <Meter label={w.spokenLevel} level={levels.spoken} icon={<Mic aria-hidden="true" size={14} />} isOwn />
          )}
        </div>
        <Button icon={<LogOut aria-hidden="true" size={16} />} onClick={() => supervising.leave(call.id)}>
          {w.leave}
        </Button>
      </div>
      <LegNotices leg={monitor} />
    </div>
  );
}

type MeterProps = { label: string; level: number; icon: React.ReactNode; isOwn?: boolean };

function Meter({ label, level, icon, isOwn }: MeterProps) {
  return (
    <span className="inline-flex items-center gap-1.5 text-muted">
      {icon}
      <LevelMeter label={label} level={level} tone={isOwn ? "accent" : "ok"} />
    </span>
  );
}
