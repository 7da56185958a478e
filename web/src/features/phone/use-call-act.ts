// Runs acts on a call, one at a time, and says in a toast why one was refused. What is shown follows from the answer.
import { useCallback, useRef, useState } from "react";
import { ApiError } from "../../api/client";
import { showToast } from "../../shell/toast-store";
import { sentence } from "../cases/use-act";
import { act, type CallAct } from "./phone-acts";

export type CallActs = {
  /** The act that is on its way. */
  busy: CallAct["act"] | undefined;
  run: (callId: string, body: CallAct) => Promise<boolean>;
};

export function useCallAct(): CallActs {
  const [busy, setBusy] = useState<CallAct["act"]>();
  const isRunning = useRef(false);
  const run = useCallback(async (callId: string, body: CallAct) => {
    if (isRunning.current) {
      return false;
    }
    isRunning.current = true;
    setBusy(body.act);
    try {
      await act(callId, body);
      return true;
    } catch (thrown) {
      showToast({ tone: "bad", text: sentence(ApiError.of(thrown)), key: "call-act" });
      return false;
    } finally {
      isRunning.current = false;
      setBusy(undefined);
    }
  }, []);
  return { busy, run };
}
