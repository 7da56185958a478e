// What is said of a call: with whom, how it stands, how long, what came of it. Pure; the words are in text/en/phone.ts.
import type { Seat } from "../../live/calls";
import type { CallView } from "../../live/model";
import { text } from "../../text/en";
import { plain } from "../../ui";

const w = text.phone;

/** "Jane Smith - Witness", or the number where nobody knows more. */
export function whoOf({ person }: CallView): string {
  return plain(person.display_name || person.name || person.number || w.noName);
}

/** The name alone. */
export function nameOf({ person }: CallView): string {
  return plain(person.name || person.number || w.noName);
}

export function statusWord(call: CallView): string {
  const words: Readonly<Record<string, string>> = w.status;
  return words[call.status] ?? call.status;
}

/** Whether a caller reached nobody. */
export function isMissed(call: CallView): boolean {
  return call.direction === "inbound" && (call.status === "no-answer" || call.status === "busy");
}

/** "Incoming call", "Missed call", "Voicemail". */
export function kindWord(call: CallView): string {
  if (call.status === "voicemail") {
    return w.voicemailOf;
  }
  if (isMissed(call)) {
    return w.missed;
  }
  return call.direction === "inbound" ? w.callIn : w.callOut;
}

/** "by Avery Quinn", or "for" whom it rang in vain. */
export function agentWords(call: CallView, name: string): string {
  return isMissed(call) || call.status === "voicemail" ? w.forAgent(name) : w.byAgent(name);
}

export function lengthOf(seconds: number): string {
  return w.length(Math.floor(seconds / 60), Math.floor(seconds % 60));
}

/** Whole seconds from one time to another; none where the first is later, as with clocks that differ. */
export function secondsSince(at: string | null | undefined, now: number): number {
  const begin = at ? Date.parse(at) : Number.NaN;
  return Number.isNaN(begin) ? 0 : Math.max(0, Math.floor((now - begin) / 1_000));
}

/** Whole seconds that are left until then. */
export function secondsUntil(at: string | null | undefined, now: number): number {
  const end = at ? Date.parse(at) : Number.NaN;
  return Number.isNaN(end) ? 0 : Math.max(0, Math.ceil((end - now) / 1_000));
}

/** How the reader's own call stands, in a word or two. */
export function stateWord(call: CallView, seat: Seat): string {
  if (seat === "calling") {
    return call.status === "queued" ? w.state.starting : w.state.ringing;
  }
  return call.is_on_hold ? w.state.held : w.state.talking;
}

/** The same in a sentence, for whoever cannot see the bar. */
export function stateSentence(call: CallView, seat: Seat): string {
  const place = call.matter_id ? w.inCase(call.matter_id) : "";
  if (seat === "calling") {
    return w.callingWhom(whoOf(call), place);
  }
  return call.is_on_hold ? `${w.talkingWith(whoOf(call))}. ${w.state.held}.` : w.talkingWith(whoOf(call));
}
