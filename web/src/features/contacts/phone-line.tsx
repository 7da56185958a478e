// A number as it is shown: how people write it, its label, whether it is the primary one, whether its holder opted out of texts.
import { BellOff, Star } from "lucide-react";
import type { Schemas } from "../../api/client";
import { text } from "../../text/en";
import { Badge, harmless } from "../../ui";

const w = text.contacts;

export type PhoneLineProps = {
  phone: Schemas["PhoneView"];
  /** Whether there are others, among which one is primary. */
  isOneOfMany: boolean;
  /** Draws the primary mark alone; its word is read out. */
  isNarrow?: boolean | undefined;
};

export function PhoneLine({ phone, isOneOfMany, isNarrow }: PhoneLineProps) {
  return (
    <span className="inline-flex max-w-full flex-wrap items-center gap-x-1.5 text-sm text-muted">
      <bdi className="text-ink">{phone.number}</bdi>
      {phone.label ? <bdi className="wrap-anywhere">{harmless(phone.label)}</bdi> : null}
      {phone.is_primary && isOneOfMany ? (
        <span title={w.primaryMark} className="inline-flex items-center gap-0.5">
          <Star aria-hidden="true" size={11} className="fill-current" />
          <span className={isNarrow ? "sr-only" : undefined}>{w.primary}</span>
        </span>
      ) : null}
      {phone.opted_out ? (
        <Badge tone="warn" icon={<BellOff size={11} />}>
          {w.optedOut}
        </Badge>
      ) : null}
    </span>
  );
}
