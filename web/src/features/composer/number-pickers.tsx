// The numbers of a text: which of the person's it goes to, which of the firm's it comes from. An opted-out number cannot be
// chosen and says why.

import type { Schemas } from "../../api/client";
import { text } from "../../text/en";
import { Select, type SelectOption, UntrustedText } from "../../ui";
import type { Chosen, Way } from "./recipient";

const words = text.composer;

interface Props {
  readonly choices: Schemas["ChoicesView"];
  readonly way: Way;
  /** The number that an answer goes back to, where there is none to choose. */
  readonly answeredNumber: string | undefined;
  readonly onChoose: (chosen: Chosen) => void;
}

export function NumberPickers({ choices, way, answeredNumber, onChoose }: Props) {
  return (
    <div className="flex min-w-0 flex-wrap items-center gap-x-2 gap-y-1.5 border-line border-b px-3 py-1.5 text-muted text-sm">
      <span className="flex min-w-0 items-center gap-2">
        <span aria-hidden className="shrink-0">
          {words.to}
        </span>
        {choices.to.length === 0 ? (
          <span className="min-w-0 text-ink">
            <UntrustedText text={answeredNumber ?? ""} />
          </span>
        ) : (
          <Select
            size="sm"
            label={words.toLabel}
            value={way.to?.id ?? null}
            options={choices.to.map(phoneOption)}
            onValueChange={(toId) => onChoose({ toId })}
            className="max-w-80"
          />
        )}
      </span>
      {choices.from.length > 0 && (
        <span className="flex min-w-0 items-center gap-2">
          <span aria-hidden className="shrink-0">
            {words.from}
          </span>
          <Select
            size="sm"
            label={words.fromLabel}
            value={way.from?.id ?? null}
            options={choices.from.map((number) => ({
              value: number.id,
              label: words.choice(number.number, number.label),
            }))}
            onValueChange={(fromId) => onChoose({ fromId })}
            className="max-w-80"
          />
        </span>
      )}
    </div>
  );
}

function phoneOption(phone: Schemas["PhoneView"]): SelectOption {
  const marks = [phone.opted_out ? words.optedOutMark : "", phone.label, phone.is_primary ? words.primary : ""];
  return {
    value: phone.id,
    label: [phone.number, ...marks.filter((mark) => mark !== "")].join(" · "),
    detail: phone.opted_out ? words.optedOut(phone.number) : undefined,
    disabled: phone.opted_out,
  };
}
