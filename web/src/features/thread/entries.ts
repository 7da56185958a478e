// The lines of a thread out of its items: separators between days, bubbles in runs, calls and lines of the history. Pure;
// shown by message-list.tsx. Refuses to sort: items come in their order.

import type { Schemas } from "../../api/types";
import type { CallView } from "../../live/model";

export type ThreadItem =
  | { readonly kind: "text"; readonly message: Schemas["MessageView"] }
  | { readonly kind: "call"; readonly call: CallView }
  | { readonly kind: "step"; readonly step: Schemas["StepLineView"] };

export type Entry =
  | { readonly key: string; readonly kind: "day"; readonly at: string }
  | {
      readonly key: string;
      readonly kind: "text";
      readonly message: Schemas["MessageView"];
      /** Whether who wrote it stands above already. */
      readonly continues: boolean;
      /** Whether the next text of the same writer follows at once, so that time and name can wait for it. */
      readonly isContinued: boolean;
    }
  | { readonly key: string; readonly kind: "call"; readonly call: CallView }
  | { readonly key: string; readonly kind: "step"; readonly step: Schemas["StepLineView"] };

/** Texts of one writer within this time belong to one run. */
const RUN_MS = 5 * 60_000;

/** The lines of a thread. `dayOf` names the day of a time in the firm's zone. */
export function entriesOf(items: readonly ThreadItem[], dayOf: (at: string) => string): readonly Entry[] {
  const entries: Entry[] = [];
  let day = "";
  let before: Schemas["MessageView"] | undefined;
  for (const item of items) {
    const at = timeOf(item);
    const today = dayOf(at);
    if (today !== day) {
      entries.push({ key: `day:${today}`, kind: "day", at });
      day = today;
      before = undefined;
    }
    const entry = entryOf(item, before);
    const above = entries.at(-1);
    if (entry.kind === "text" && entry.continues && above?.kind === "text") {
      entries[entries.length - 1] = { ...above, isContinued: true };
    }
    entries.push(entry);
    before = item.kind === "text" ? item.message : undefined;
  }
  return entries;
}

function entryOf(item: ThreadItem, before: Schemas["MessageView"] | undefined): Entry {
  switch (item.kind) {
    case "text":
      return {
        key: item.message.id,
        kind: "text",
        message: item.message,
        continues: before !== undefined && isSameRun(before, item.message),
        isContinued: false,
      };
    case "call":
      return { key: item.call.id, kind: "call", call: item.call };
    case "step":
      return { key: item.step.id, kind: "step", step: item.step };
  }
}

export function timeOf(item: ThreadItem): string {
  if (item.kind === "text") return item.message.at;
  return item.kind === "call" ? item.call.at : item.step.at;
}

function isSameRun(one: Schemas["MessageView"], next: Schemas["MessageView"]): boolean {
  return (
    one.direction === next.direction &&
    one.sent_by?.id === next.sent_by?.id &&
    one.person.display_name === next.person.display_name &&
    Date.parse(next.at) - Date.parse(one.at) < RUN_MS
  );
}

/** The unclaimed texts that are the reader's to see to, oldest first: not those that they hid, unless nobody else is left. */
export function unclaimedIn(items: readonly ThreadItem[]): readonly Schemas["MessageView"][] {
  return textsIn(items).filter(
    (message) => message.standing === "unclaimed" && (message.dismissed !== true || message.attention != null),
  );
}

export function textsIn(items: readonly ThreadItem[]): readonly Schemas["MessageView"][] {
  return items.flatMap((item) => (item.kind === "text" ? [item.message] : []));
}

/** How many texts came after the one with that id that are not by `userId`; none if nothing had been seen. */
export function newSince(items: readonly ThreadItem[], seen: string | undefined, userId: string): number {
  const texts = textsIn(items);
  const from = seen === undefined ? -1 : texts.findIndex((message) => message.id === seen);
  if (from === -1 && seen !== undefined) return 0;
  return texts.slice(from + 1).filter((message) => message.sent_by?.id !== userId).length;
}
