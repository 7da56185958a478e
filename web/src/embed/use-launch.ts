// Runs the handshake and the machine of launch.ts for a screen: listens to the host, exchanges tokens for sessions, renews them before
// they end. The token goes to the API client's memory and nowhere else.
import { useCallback, useEffect, useMemo, useReducer, useRef } from "react";
import { ApiError, api, onSignedOut, setToken, unwrap } from "../api/client";
import { enter, sessionEnded } from "../session/session";
import { Handshake, isFramed } from "./handshake";
import {
  asksByItself,
  firstState,
  type LaunchEvent,
  type LaunchState,
  next,
  PATIENCE_MS,
  RENEW_BEFORE_MS,
} from "./launch";

type Kept = { state: LaunchState; wasRefused: boolean };

function reduce({ state, wasRefused }: Kept, event: LaunchEvent): Kept {
  const now = next(state, event, wasRefused);
  const refused = event.type === "failed" || (wasRefused && event.type !== "opened");
  return { state: now, wasRefused: refused };
}

export type Launch = {
  /** Undefined where there is no page around this one. */
  state: LaunchState | undefined;
  handshake: Handshake;
  askAgain: () => void;
};

export function useLaunch(): Launch {
  const framed = isFramed(globalThis.window);
  const handshake = useMemo(() => new Handshake(globalThis.window), []);
  const [{ state }, tell] = useReducer(reduce, { state: firstState, wasRefused: false });
  const isOpening = useRef(false);
  const renewal = useRef<ReturnType<typeof setTimeout>>(undefined);

  const open = useCallback(
    async (launchToken: string) => {
      tell({ type: "token" });
      isOpening.current = true;
      try {
        const session = await unwrap(api.POST("/api/embed/sessions", { body: { launch_token: launchToken } }));
        isOpening.current = false;
        setToken(session.token);
        await enter();
        clearTimeout(renewal.current);
        const left = Date.parse(session.expires_at) - Date.now() - RENEW_BEFORE_MS;
        // Timers of more than 24 days run at once.
        renewal.current = setTimeout(() => handshake.sessionEnded(), Math.min(Math.max(left, 1_000), 2 ** 31 - 1));
        tell({ type: "opened" });
      } catch (thrown) {
        tell({ type: "failed", status: ApiError.of(thrown).status });
      } finally {
        isOpening.current = false;
      }
    },
    [handshake],
  );

  useEffect(() => {
    if (!framed) {
      return;
    }
    onSignedOut(() => {
      // That a launch token was refused does not end the session there is.
      if (!isOpening.current) {
        sessionEnded();
        tell({ type: "ended" });
      }
    });
    return handshake.open((heard) => {
      if (heard === "other-origin") {
        tell({ type: "other-origin" });
      } else {
        void open(heard.token);
      }
    });
  }, [framed, handshake, open]);

  useEffect(() => () => clearTimeout(renewal.current), []);

  const asks = asksByItself(state);
  useEffect(() => {
    if (asks) {
      handshake.sessionEnded();
    }
  }, [asks, handshake]);

  const isWaiting = state.at === "waiting";
  useEffect(() => {
    if (!isWaiting) {
      return;
    }
    const timer = setTimeout(() => tell({ type: "no-answer" }), PATIENCE_MS);
    return () => clearTimeout(timer);
  }, [isWaiting]);

  const askAgain = useCallback(() => {
    tell({ type: "asked-again" });
    handshake.sessionEnded();
  }, [handshake]);
  return { state: framed ? state : undefined, handshake, askAgain };
}
