// Where the softphone lives: begins it for whoever may call, shows what rings, what goes on and what is to be wrapped up, above every
// screen, and has the keys for it. One of it stands in the shell.
import { useEffect, useRef, useState } from "react";
import { type Command, useCommands } from "../../keys/registry";
import { type Seat, seatOf } from "../../live/calls";
import { useAllowed, useMe, useMyCalls } from "../../live/hooks";
import type { CallView } from "../../live/model";
import { live } from "../../live/store";
import { useTitleMark } from "../../shell/title";
import { showToast } from "../../shell/toast-store";
import { text } from "../../text/en";
import { plain } from "../../ui";
import { CallBar } from "./call-bar";
import { nameOf, secondsUntil } from "./call-words";
import { CallingHost } from "./calling-host";
import { IncomingCall } from "./incoming-call";
import { openPhone } from "./phone";
import { useCallAct } from "./use-call-act";
import { WrapUp } from "./wrap-up";

const w = text.phone;

export function PhoneHost() {
  const { user_id: reader } = useMe();
  const { calls: level } = useAllowed();
  const mayCall = level >= 2;
  useEffect(() => (mayCall ? openPhone(reader) : undefined), [mayCall, reader]);
  return level > 0 ? (
    <>
      <Calls reader={reader} />
      <CallingHost />
    </>
  ) : null;
}

type Seated = { call: CallView; seat: Seat };

function Calls({ reader }: { reader: string }) {
  const { calls } = useMyCalls();
  const [later, setLater] = useState<readonly string[]>([]);
  const seated = calls.flatMap((call): Seated[] => {
    const seat = seatOf(call, reader);
    return seat === undefined ? [] : [{ call, seat }];
  });
  const current = seated.find(({ seat }) => seat === "calling" || seat === "talking");
  const ringing = seated.filter(({ seat }) => seat === "ringing" || seat === "offered");
  const wrapping = useLasting(
    seated.find(({ seat, call }) => seat === "wrapping_up" && !later.includes(call.id))?.call,
  );
  useCallKeys(current, ringing[0]);
  useRungOut(ringing, reader);
  useTitleMark(titleMark(current, ringing[0]));
  const postpone = (id: string) => setLater((before) => [...before, id]);
  return (
    <>
      {current ? <CallBar key={current.call.id} call={current.call} seat={current.seat} /> : null}
      {!current && wrapping && !later.includes(wrapping.id) ? (
        <WrapUp key={wrapping.id} call={wrapping} onLater={() => postpone(wrapping.id)} />
      ) : null}
      {ringing.length > 0 ? (
        <div className="@container/cards pointer-events-none fixed top-3 right-3 z-30 flex w-[24rem] max-w-[calc(100vw-1.5rem)] flex-col gap-3">
          {ringing.map(({ call, seat }) => (
            <IncomingCall key={call.id} call={call} seat={seat} isBusy={current !== undefined} />
          ))}
        </div>
      ) : null}
    </>
  );
}

/** What is being wrapped up stays when its time is over, until it is saved or put off: something may have been written. */
function useLasting(wrapping: CallView | undefined): CallView | undefined {
  const kept = useRef<CallView | undefined>(undefined);
  if (wrapping !== undefined) {
    kept.current = wrapping;
  } else if (secondsUntil(kept.current?.wrap_up_until, Date.now()) > 0) {
    // Done in another tab.
    kept.current = undefined;
  }
  return kept.current;
}

function titleMark(current: Seated | undefined, ringing: Seated | undefined): string | undefined {
  if (ringing !== undefined) {
    return w.titleRinging(nameOf(ringing.call));
  }
  return current?.call.is_muted ? w.titleMuted : undefined;
}

/** Says what became of a call that rang here and does not any more. */
function useRungOut(ringing: readonly Seated[], reader: string): void {
  const before = useRef<ReadonlyMap<string, CallView>>(new Map());
  useEffect(() => {
    const now = new Map(ringing.map(({ call }) => [call.id, call]));
    for (const [id, call] of before.current) {
      const then = live().state.calls.get(id);
      // Taken here, declined here, or handed to the machine: who did it knows.
      const isOwn = then?.user?.id === reader;
      if (!now.has(id) && !isOwn && then?.status !== "recording") {
        showToast({ text: `${nameOf(call)}: ${outcomeOf(call, then)}`, key: `rang ${id}` });
      }
    }
    before.current = now;
  }, [ringing, reader]);
}

function outcomeOf(rang: CallView, then: CallView | undefined): string {
  const taker = then?.status === "in-progress" && then.user?.id !== rang.user?.id ? then.user : undefined;
  return taker ? w.answeredElsewhere(plain(taker.name)) : w.stopped;
}

/** The keys of the phone: everywhere, also while one types and while a dialog is open. */
function useCallKeys(current: Seated | undefined, ringing: Seated | undefined): void {
  const acts = useCallAct();
  const talking = current?.seat === "talking" ? current.call : undefined;
  const everywhere: Pick<Command, "scope" | "inFields" | "inDialogs"> = {
    scope: "phone",
    inFields: true,
    inDialogs: true,
  };
  useCommands(
    [
      {
        ...everywhere,
        id: "phone.answer",
        label: w.command.answer,
        keys: ["Alt+Shift+A"],
        when: () => ringing !== undefined && current === undefined,
        run: () => {
          if (ringing) {
            void acts.run(ringing.call.id, { act: ringing.seat === "offered" ? "take_over" : "answer" });
          }
        },
      },
      {
        ...everywhere,
        id: "phone.hang-up",
        label: w.command.hangUp,
        keys: ["Alt+Shift+X"],
        when: () => current !== undefined,
        run: () => (current ? void acts.run(current.call.id, { act: "hang_up" }) : undefined),
      },
      {
        ...everywhere,
        id: "phone.mute",
        label: w.command.mute,
        keys: ["Alt+Shift+M"],
        when: () => talking !== undefined,
        run: () => (talking ? void acts.run(talking.id, { act: "mute", on: !talking.is_muted }) : undefined),
      },
      {
        ...everywhere,
        id: "phone.hold",
        label: w.command.hold,
        keys: ["Alt+Shift+H"],
        when: () => talking !== undefined,
        run: () => (talking ? void acts.run(talking.id, { act: "hold", on: !talking.is_on_hold }) : undefined),
      },
    ],
    [current?.call, current?.seat, ringing?.call, ringing?.seat, acts.run],
  );
}
