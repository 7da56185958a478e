// What a call is to who reads it: under way or over, theirs or somebody else's. Pure; times are passed in. How calls are
// kept: state.ts.
import type { CallView } from "./model";

const UNDER_WAY: ReadonlySet<string> = new Set(["queued", "ringing", "in-progress", "recording"]);

export function isUnderWay(call: CallView): boolean {
  return UNDER_WAY.has(call.status);
}

/**
 * The reader's own part: they call, it rings at them, they talk, another agent offers them the call, or the call is over and
 * waits for its outcome.
 */
export type Seat = "calling" | "ringing" | "talking" | "offered" | "wrapping_up";

export function seatOf(call: CallView, reader: string): Seat | undefined {
  if (call.transfer_to?.id === reader && call.status === "in-progress") {
    return "offered";
  }
  if (call.user?.id !== reader) {
    return undefined;
  }
  switch (call.status) {
    case "queued":
    case "ringing":
      return call.direction === "outbound" ? "calling" : "ringing";
    case "in-progress":
      return "talking";
    case "recording":
      return undefined;
    default:
      return call.wrap_up_until ? "wrapping_up" : undefined;
  }
}

/** Whether somebody has it on their screen whatever they look at: it is under way, or the reader's own to finish. */
export function isKeptAlways(call: CallView, reader: string): boolean {
  return isUnderWay(call) || seatOf(call, reader) !== undefined;
}

/** The later of two states of one call. */
export function newer(known: CallView | undefined, told: CallView): CallView {
  return known !== undefined && known.version > told.version ? known : told;
}
