// From a launch token to a session, as a machine of states: what the frame shows follows from it. A refused token is asked for anew once
// by itself, then only when the reader says so. Tokens stay in memory. Refuses to read the window or the network itself.
import type { ApiError } from "../api/client";

export type LaunchState =
  | { at: "waiting" }
  | { at: "waiting-long" }
  | { at: "signing-in" }
  | { at: "in" }
  /** The token was not valid; a new one was asked for, or was refused too. */
  | { at: "expired"; again: boolean }
  /** The organization does not allow it. */
  | { at: "refused" }
  | { at: "unavailable" }
  /** The session ended while it was used; a new token was asked for. */
  | { at: "ended" }
  | { at: "other-origin" };

export type LaunchEvent =
  | { type: "token" }
  | { type: "other-origin" }
  | { type: "opened" }
  | { type: "failed"; status: ApiError["status"] }
  | { type: "ended" }
  | { type: "no-answer" }
  | { type: "asked-again" };

/** How long the page around may take to answer before that is said. */
export const PATIENCE_MS = 8_000;
/** How long before its end a session is renewed. */
export const RENEW_BEFORE_MS = 60_000;

export const firstState: LaunchState = { at: "waiting" };

export function next(state: LaunchState, event: LaunchEvent, wasRefused: boolean): LaunchState {
  switch (event.type) {
    case "token":
      // A session is renewed without a word.
      return state.at === "in" || state.at === "ended" ? state : { at: "signing-in" };
    case "other-origin":
      return state.at === "in" ? state : { at: "other-origin" };
    case "opened":
      return { at: "in" };
    case "failed":
      return failed(event.status, wasRefused);
    case "ended":
      return { at: "ended" };
    case "no-answer":
      return state.at === "waiting" ? { at: "waiting-long" } : state;
    case "asked-again":
      return { at: "waiting" };
  }
}

function failed(status: number, wasRefused: boolean): LaunchState {
  if (status === 401 || status === 404 || status === 422) {
    return { at: "expired", again: wasRefused };
  }
  if (status === 403) {
    return { at: "refused" };
  }
  return { at: "unavailable" };
}

/** Whether a new launch token is asked for without anybody's doing. */
export function asksByItself(state: LaunchState): boolean {
  return state.at === "ended" || (state.at === "expired" && !state.again);
}
