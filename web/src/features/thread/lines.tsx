// The lines of a thread that are neither texts nor calls: the separator of a day, and a line of the history (claimed, moved, linked …).

import { ArrowRightLeft, Hand, Phone, Undo2, UserMinus, UserPlus, UserRoundPen } from "lucide-react";
import type { StepLineView } from "../../live/model";
import { text } from "../../text/en";
import { dayLabel, Time } from "../../time/time";
import { UntrustedText } from "../../ui";

const words = text.thread;

export function DaySeparator({ at }: { at: string }) {
  return (
    <div className="flex items-center gap-3 px-4 py-3">
      <span aria-hidden className="h-px flex-1 bg-line" />
      <h3 className="font-medium text-muted text-xs">{dayLabel(at)}</h3>
      <span aria-hidden className="h-px flex-1 bg-line" />
    </div>
  );
}

const ICONS = {
  claimed: Hand,
  released: Undo2,
  moved: ArrowRightLeft,
  linked: UserPlus,
  unlinked: UserMinus,
  role_changed: UserRoundPen,
} as const;

export function StepLine({ step, caseNumber }: { step: StepLineView; caseNumber: string | undefined }) {
  const Icon = ICONS[step.type] ?? Phone;
  return (
    <p className="flex items-start justify-center gap-1.5 px-4 py-1.5 text-center text-muted text-xs">
      <Icon aria-hidden className="mt-0.5 size-3.5 shrink-0" />
      <span className="min-w-0">
        <UntrustedText text={stepWords(step, caseNumber)} />
        {" · "}
        <Time at={step.at} style="short" />
      </span>
    </p>
  );
}

/** What happened, as seen from the case whose conversation this is. */
export function stepWords(step: StepLineView, caseNumber: string | undefined): string {
  const who = step.user?.name ?? words.step.system;
  const { from_case: from, to_case: to } = step;
  switch (step.type) {
    case "claimed":
      return to && to !== caseNumber ? words.step.claimed(who, to) : words.step.claimedHere(who);
    case "released":
      return words.step.released(who);
    case "moved":
      if (from && to && from !== caseNumber && to !== caseNumber) return words.step.movedFromTo(who, from, to);
      if (from && from !== caseNumber) return words.step.movedFrom(who, from);
      return to && to !== caseNumber ? words.step.movedTo(who, to) : words.step.moved(who);
    case "linked":
      return step.role ? words.step.linked(who, step.role) : words.step.linkedPlain(who);
    case "unlinked":
      return words.step.unlinked(who);
    case "role_changed":
      return words.step.roleChanged(who, step.role ?? "");
  }
}
