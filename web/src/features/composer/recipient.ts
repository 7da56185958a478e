// To which number a text goes and from which, and what stands in its way. Pure: from what the server offers and what the writer
// chose. Refuses to choose an opted-out number by itself where there is another one.

import type { Schemas } from "../../api/client";
import { text } from "../../text/en";

type Choices = Schemas["ChoicesView"];

export interface Chosen {
  readonly toId?: string | undefined;
  readonly fromId?: string | undefined;
}

export interface Way {
  readonly to: Schemas["PhoneView"] | undefined;
  readonly from: Choices["from"][number] | undefined;
}

/** The numbers in use: what was chosen, else what the server proposes. */
export function wayOf(choices: Choices, chosen: Chosen): Way {
  const phone = (id: string | null | undefined) => choices.to.find((one) => one.id === id);
  const number = (id: string | null | undefined) => choices.from.find((one) => one.id === id);
  const proposed = phone(choices.to_phone_id);
  const open = choices.to.find((one) => !one.opted_out);
  const usual = proposed?.opted_out === false ? proposed : (open ?? proposed ?? choices.to[0]);
  return {
    to: phone(chosen.toId) ?? usual,
    from: number(chosen.fromId) ?? number(choices.from_number_id) ?? choices.from[0],
  };
}

/** Why a text cannot be sent to this person; nothing where it can. `answers` is the text that it would answer. */
export function obstacleOf(choices: Choices, way: Way, answers: string | undefined): string | undefined {
  const words = text.composer;
  const { no_phone: noPhone, no_number: noNumber, opted_out: allOptedOut } = words.forbidden;
  const canAnswer = choices.to.length === 0 && answers !== undefined;
  const reason: string | null = choices.forbidden_reason;
  if (reason !== null && !(reason === "no_phone" && canAnswer)) return forbiddenWords(reason);
  if (choices.to.length > 0 && choices.to.every((phone) => phone.opted_out)) return allOptedOut;
  if (way.to?.opted_out) return words.optedOut(way.to.number);
  if (choices.to.length === 0 && !canAnswer) return noPhone;
  return choices.from.length === 0 ? noNumber : undefined;
}

function forbiddenWords(reason: string): string {
  const known: Readonly<Record<string, string>> = text.composer.forbidden;
  return known[reason] ?? text.composer.forbiddenOtherwise;
}

/** What to send: to whom the server says, by the numbers in use. An answer goes where the text came from unless a number was
 * there to choose. */
export function requestOf(
  choices: Choices,
  way: Way,
  body: string,
  answers: string | undefined,
): Schemas["SendRequest"] {
  return {
    ...choices.target,
    ...(way.to === undefined ? {} : { to_phone_id: way.to.id }),
    ...(way.from === undefined ? {} : { from_number_id: way.from.id }),
    ...(answers === undefined ? {} : { in_reply_to: answers }),
    body,
  };
}
