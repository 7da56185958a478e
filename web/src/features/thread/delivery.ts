// How far an outbound text has come, in words: its state, the carrier's reason, its parts, and whether it can be retried.
// Pure; the mark that shows it is delivery-mark.tsx. The states: core/src/messaging/delivery.rs.

import type { Schemas } from "../../api/types";
import { text } from "../../text/en";

type Message = Schemas["MessageView"];
type State = Schemas["DeliveryState"];

export interface Delivery {
  /** Which icon and tone: on its way, gone out, arrived, in doubt, lost. */
  readonly look: "going" | "sent" | "arrived" | "doubt" | "lost";
  readonly words: string;
  /** "3 of 4 parts delivered", where there is more than one. */
  readonly parts: string | undefined;
  readonly canRetry: boolean;
  /** Whether a retry may bring the text twice. */
  readonly mayDuplicate: boolean;
  /** The part that a retry begins with, where there are several. */
  readonly retryFrom: number | undefined;
}

const LOST: ReadonlySet<State> = new Set<State>(["undelivered", "failed", "refused", "canceled"]);
const ARRIVED: ReadonlySet<State> = new Set<State>(["delivered", "read"]);
const SENT: ReadonlySet<State> = new Set<State>(["sent", "delivered", "read"]);

/** How an outbound text stands; none for what came in, and for old records without a state. */
export function deliveryOf(message: Message): Delivery | undefined {
  const { state } = message;
  if (message.direction !== "outbound" || !state) return undefined;
  const lost = message.parts.find((part) => LOST.has(part.state));
  const doubtful = message.parts.find((part) => part.state === "unknown");
  const resumed = lost ?? doubtful;
  const several = message.parts.length > 1;
  return {
    look: look(state),
    words: words(message, state, lost?.error_code),
    parts: several ? partsSaid(message.parts, state) : undefined,
    canRetry: LOST.has(state) || state === "unknown",
    mayDuplicate: state === "unknown",
    retryFrom: several ? resumed?.position : undefined,
  };
}

function look(state: State): Delivery["look"] {
  if (LOST.has(state)) return "lost";
  if (ARRIVED.has(state)) return "arrived";
  if (state === "unknown") return "doubt";
  return state === "sent" ? "sent" : "going";
}

function words(message: Message, state: State, partCode: number | null | undefined): string {
  const said = text.thread.state[state];
  if (state === "unknown" && message.attention === "unknown_outcome") return text.thread.unknownForGood;
  const code = message.error_code ?? partCode;
  if (!LOST.has(state) || code === null || code === undefined) return said;
  const reason = reasonOf(code);
  return reason === undefined ? text.thread.failedCode(said, code) : text.thread.failedBecause(said, reason, code);
}

/** What a carrier's error code means, where we know it. */
export function reasonOf(code: number): string | undefined {
  const reasons: Readonly<Record<number, string>> = text.thread.carrierError;
  return reasons[code];
}

function partsSaid(parts: Message["parts"], state: State): string {
  if (ARRIVED.has(state)) return text.thread.allParts(parts.length);
  const delivered = parts.filter((part) => ARRIVED.has(part.state)).length;
  const sent = parts.filter((part) => SENT.has(part.state)).length;
  return delivered > 0 || sent === 0
    ? text.thread.partsDelivered(delivered, parts.length)
    : text.thread.partsSent(sent, parts.length);
}
