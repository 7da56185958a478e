// Runs acts on calls, one after the other in the order they were asked for, and says in a toast why one was refused. Refuses what
// is asked for twice. What is shown follows from the answer, or from an event that is faster: so the next act may be asked for while
// the answer to the one before is still on its way.
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
  const asked = useRef(new Set<string>());
  const last = useRef<Promise<unknown>>(Promise.resolve());
  const run = useCallback(async (callId: string, body: CallAct) => {
    const name = `${callId} ${JSON.stringify(body)}`;
    if (asked.current.has(name)) {
      return false;
    }
    asked.current.add(name);
    const turn = last.current.then(async () => {
      setBusy(body.act);
      try {
        await act(callId, body);
        return true;
      } catch (thrown) {
        showToast({ tone: "bad", text: sentence(ApiError.of(thrown)), key: "call-act" });
        return false;
      } finally {
        asked.current.delete(name);
        setBusy(undefined);
      }
    });
    last.current = turn;
    return await turn;
  }, []);
  return { busy, run };
}
