// Calls inside another system's page: the frame carries no sound, so this says what the reader's one phone is doing elsewhere, and
// ends a call. Placing calls: calling.ts.
import { PhoneCall, PhoneOff } from "lucide-react";
import { seatOf } from "../../live/calls";
import { useAllowed, useMe, useMyCalls } from "../../live/hooks";
import { text } from "../../text/en";
import { Button, PersonName } from "../../ui";
import { CallTimer } from "./call-timer";
import { nameOf, stateSentence, stateWord } from "./call-words";
import { CallingHost } from "./calling-host";
import { useCallAct } from "./use-call-act";

const w = text.phone;

export function EmbeddedPhone() {
  const { calls } = useAllowed();
  return calls > 0 ? (
    <>
      <Standing />
      <CallingHost />
    </>
  ) : null;
}

function Standing() {
  const { user_id: reader } = useMe();
  const { calls } = useMyCalls();
  const acts = useCallAct();
  for (const call of calls) {
    const seat = seatOf(call, reader);
    if (seat === "calling" || seat === "talking") {
      return (
        <section
          aria-label={w.bar}
          data-region="call-bar"
          tabIndex={-1}
          className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-accent-soft px-4 py-2 outline-none"
        >
          <p role="status" className="sr-only">
            {stateSentence(call, seat)}
          </p>
          <PhoneCall aria-hidden="true" size={16} className="text-accent" />
          <span className="font-medium">{stateWord(call, seat)}</span>
          <PersonName name={nameOf(call)} role={call.person.role} />
          <CallTimer since={call.answered_at} />
          <span className="min-w-0 text-sm text-muted">{w.otherLine}</span>
          <Button
            size="sm"
            variant="danger"
            className="ml-auto"
            busy={acts.busy === "hang_up"}
            icon={<PhoneOff aria-hidden="true" size={14} />}
            onClick={() => void acts.run(call.id, { act: "hang_up" })}
          >
            {seat === "talking" ? w.hangUp : w.giveUp}
          </Button>
        </section>
      );
    }
  }
  return null;
}
