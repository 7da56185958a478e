// Taking part in a call as a supervisor: the server is asked first, then the sound follows what it allowed. Whoever is taken off (the
// call ended, a right was taken away) is told so, and their sound ends at once. After a reload one goes on where the server has one.
import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/client";
import { isUnderWay, seatOf } from "../../live/calls";
import { useLiveCalls, useMe, useMyCalls } from "../../live/hooks";
import type { SupervisionMode } from "../../live/model";
import { callsTopic } from "../../live/resources";
import { live } from "../../live/store";
import { showToast } from "../../shell/toast-store";
import { text } from "../../text/en";
import { sentence } from "../cases/use-act";
import { phone, usePhone } from "../phone/phone";
import { leaveSupervision, supervise, switchSupervision } from "../phone/phone-acts";

const w = text.supervisor;

export type Supervising = {
  /** The call that the reader supervises, and how. */
  current: { callId: string; mode: SupervisionMode } | undefined;
  /** What was asked for and is not answered yet. */
  asked: { callId: string; mode: SupervisionMode } | undefined;
  /** Why none can be begun now. */
  reason: string | undefined;
  enter: (callId: string) => void;
  choose: (callId: string, mode: SupervisionMode) => void;
  leave: (callId: string) => void;
};

type Part = { callId: string; mode: SupervisionMode };

/** Which call the reader supervises, as the server says. */
function usePart(): Part | undefined {
  const { user_id: me } = useMe();
  const [part, setPart] = useState<Part>();
  useLiveCalls();
  useEffect(() => {
    const look = (): void => {
      const found = partOf(me);
      setPart((before) => (before?.callId === found?.callId && before?.mode === found?.mode ? before : found));
    };
    look();
    return live().listen(callsTopic("live"), look);
  }, [me]);
  return part;
}

function partOf(me: string): Part | undefined {
  for (const [callId, supervisors] of live().state.supervisors) {
    const own = supervisors.find((one) => one.user.id === me);
    if (own !== undefined) {
      return { callId, mode: own.mode };
    }
  }
  return undefined;
}

export function useSupervising(): Supervising {
  const current = usePart();
  const [asked, setAsked] = useState<Part>();
  const { place } = usePhone();
  const { user_id: me } = useMe();
  const { calls } = useMyCalls();
  const isBusy = calls.some((call) => ["calling", "talking"].includes(seatOf(call, me) ?? ""));
  const leaving = useRef<string>(undefined);
  useSound(current, place.at === "here", leaving);
  const wanted = useRef(sessionStorage.getItem(STORED) ?? undefined);
  useFarewell(current, leaving, wanted);
  useGoingOn(current, place.at === "here", wanted);

  const run = useCallback(async (part: Part, act: () => Promise<void>) => {
    setAsked(part);
    try {
      await act();
    } catch (thrown) {
      showToast({ tone: "bad", text: sentence(ApiError.of(thrown)), key: "supervise" });
    } finally {
      setAsked(undefined);
    }
  }, []);
  const enter = (callId: string) => {
    const part: Part = { callId, mode: "listen" };
    leaving.current = undefined;
    void run(part, async () => {
      if (current !== undefined && current.callId !== callId) {
        leaving.current = current.callId;
        await leaveSupervision(current.callId);
      }
      await supervise(callId, "listen");
    });
  };
  const choose = (callId: string, mode: SupervisionMode) => {
    if (mode !== current?.mode) {
      void run({ callId, mode }, () => switchSupervision(callId, mode));
    }
  };
  const leave = (callId: string) => {
    leaving.current = callId;
    // Nobody hears one any more. What one hears ends with the answer: the server takes a closed connection for a leaving, too.
    phone()?.monitorAs("listen");
    void run({ callId, mode: current?.mode ?? "listen" }, async () => {
      await leaveSupervision(callId).finally(() => phone()?.stopMonitoring());
      live().learn({
        type: "call_supervision_changed",
        call_id: callId,
        supervisors: (live().state.supervisors.get(callId) ?? []).filter((one) => one.user.id !== me),
      });
    });
  };
  const reason = isBusy ? w.busy : place.at === "here" ? undefined : reasonFor(place.at);
  return { current, asked, reason, enter, choose, leave };
}

const STORED = "casewire.supervising";
/** A page that was reloaded goes on within this time, or not at all. */
const GOES_ON_MS = 20_000;

/**
 * A page that is reloaded loses its sound, and with it its place on the call. It goes on there, listening: nobody is to be heard who
 * did not say so since. `wanted` is the call meanwhile.
 */
function useGoingOn(current: Part | undefined, isHere: boolean, wanted: React.RefObject<string | undefined>): void {
  const { calls, status } = useLiveCalls();
  const { monitor } = usePhone();
  const isLive = monitor?.view.state === "live";
  const isAsking = useRef(false);
  useEffect(() => {
    const timer = setTimeout(() => {
      wanted.current = undefined;
    }, GOES_ON_MS);
    return () => clearTimeout(timer);
  }, [wanted]);
  useEffect(() => {
    if (current !== undefined) {
      sessionStorage.setItem(STORED, current.callId);
      if (isLive && current.callId === wanted.current) {
        wanted.current = undefined;
      }
      return;
    }
    if (wanted.current === undefined) {
      sessionStorage.removeItem(STORED);
      return;
    }
    if (!isHere || status !== "ready" || isAsking.current) {
      return;
    }
    if (calls.find((one) => one.id === wanted.current)?.status !== "in-progress") {
      wanted.current = undefined;
      return;
    }
    isAsking.current = true;
    supervise(wanted.current, "listen")
      .catch(() => {
        wanted.current = undefined;
      })
      .finally(() => {
        isAsking.current = false;
      });
  }, [calls, current, isHere, isLive, status, wanted]);
}

function reasonFor(at: ReturnType<typeof usePhone>["place"]["at"]): string {
  return at === "other_tab" || at === "other_browser" ? w.phoneElsewhere : w.phoneMissing;
}

/** The sound follows what the server allowed, also after a reload; the call that one is `leaving` is not begun again. */
function useSound(current: Part | undefined, isHere: boolean, leaving: React.RefObject<string | undefined>): void {
  const { monitor } = usePhone();
  const has = monitor?.part.callId;
  const isOver = monitor?.view.state === "over";
  useEffect(() => {
    const softphone = phone();
    if (softphone === undefined || !isHere) {
      return;
    }
    if (current === undefined) {
      softphone.stopMonitoring();
    } else if (leaving.current === current.callId) {
      return;
    } else if (has !== current.callId || isOver) {
      if (!isOver) {
        softphone.monitor(current.callId, current.mode);
      }
    } else {
      softphone.monitorAs(current.mode);
    }
  }, [current, isHere, has, isOver, leaving]);
  const latest = useRef(current);
  latest.current = current;
  // Whoever goes to another screen leaves the call; a reload does not come here.
  useEffect(
    () => () => {
      const softphone = phone();
      if (softphone === undefined) {
        return;
      }
      if (latest.current === undefined) {
        softphone.stopMonitoring();
        return;
      }
      sessionStorage.removeItem(STORED);
      softphone.monitorAs("listen");
      const part = softphone.view.monitor;
      void leaveSupervision(latest.current.callId)
        .catch(() => {})
        .finally(() => {
          if (softphone.view.monitor === part) {
            softphone.stopMonitoring();
          }
        });
    },
    [],
  );
}

/** Says why one is not on a call any more, where one did not leave it oneself. */
function useFarewell(
  current: Part | undefined,
  leaving: React.RefObject<string | undefined>,
  wanted: React.RefObject<string | undefined>,
): void {
  const before = useRef<string>(undefined);
  useEffect(() => {
    const left = before.current;
    before.current = current?.callId;
    if (left === undefined || left === current?.callId) {
      return;
    }
    if (leaving.current === left) {
      leaving.current = undefined;
      return;
    }
    if (wanted.current === left) {
      return;
    }
    const call = live().state.calls.get(left);
    const words = call !== undefined && isUnderWay(call) ? w.dismissed.revoked : w.dismissed.ended;
    showToast({ text: words, key: "supervise" });
  }, [current, leaving, wanted]);
}
