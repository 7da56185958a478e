// What an entry of the audit is called. An act that has no words yet is read as it is written.
import { text } from "../../text/en";
import type { AuditEntry } from "./audit-query";

const w = text.audit;

/** What somebody did, in words. */
export function actWords(entry: Pick<AuditEntry, "kind" | "act">): string {
  return entry.kind === "refusal" ? w.refused : actName(entry.act);
}

export function actName(act: string): string {
  return w.acts[act] ?? act.replaceAll("_", " ");
}

/** How it ended, in words. */
export function outcomeWords(outcome: string): string {
  return w.outcomes[outcome] ?? outcome.replaceAll("_", " ");
}

export const grouped = (seq: number): string => seq.toLocaleString("en-US");
