// Everything that is known of one text: when, between which numbers, by whom, how far each part came, what the carrier said, and
// what happened to it since. Read in a popover beside the text.

import type { ReactNode } from "react";
import type { MessageView } from "../../live/model";
import { useChoices, useRouting } from "../../live/requests";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { UntrustedText } from "../../ui";
import { deliveryOf, reasonOf } from "./delivery";
import { HistoryList } from "./history-list";

const words = text.thread;

export function MessageDetails({ message }: { message: MessageView }) {
  const choices = useChoices({ conversation_id: message.conversation_id });
  const ours = choices.data?.from.find((number) => number.id === message.number_id);
  const isOutbound = message.direction === "outbound";
  const delivery = deliveryOf(message);
  return (
    <div className="flex flex-col gap-3">
      <dl className="m-0 grid grid-cols-[auto_1fr] gap-x-3 gap-y-1">
        <Fact name={isOutbound ? words.written : words.received}>
          <Time at={message.at} style="full" />
        </Fact>
        <Fact name={isOutbound ? words.to : words.fromLabel}>
          <UntrustedText text={message.person.display_name} />
          {message.person.number !== message.person.name && (
            <span className="block text-muted">
              <UntrustedText text={message.person.number} />
            </span>
          )}
        </Fact>
        {ours !== undefined && (
          <Fact name={words.ourNumber}>
            <UntrustedText text={ours.label === "" ? ours.number : `${ours.number} · ${ours.label}`} />
          </Fact>
        )}
        {message.sent_by && (
          <Fact name={words.writtenBy}>
            <UntrustedText text={message.sent_by.name} />
          </Fact>
        )}
        {message.case_number && (
          <Fact name={words.caseLabel}>
            <UntrustedText text={message.case_number} />
          </Fact>
        )}
        {delivery !== undefined && <Fact name={words.stateLabel}>{delivery.words}</Fact>}
        {message.error_code != null && (
          <Fact name={words.errorLabel}>
            {message.error_code}
            {reasonOf(message.error_code) ? `: ${reasonOf(message.error_code)}` : ""}
          </Fact>
        )}
      </dl>
      {message.parts.length > 0 && <Parts message={message} />}
      {isOutbound && <History messageId={message.id} />}
    </div>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="m-0 min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

function Parts({ message }: { message: MessageView }) {
  return (
    <section aria-label={words.parts}>
      <h3 className="mb-1 font-medium text-muted text-xs">{words.parts}</h3>
      <ol className="m-0 flex list-none flex-col gap-1 p-0">
        {message.parts.map((part) => (
          <li key={part.id} className="flex flex-wrap gap-x-3">
            <span className="text-muted">{words.part(part.position, message.parts.length)}</span>
            <span>
              {part.error_code == null
                ? words.partState[part.state]
                : words.failedBecause(words.partState[part.state], reasonOf(part.error_code) ?? "", part.error_code)}
            </span>
          </li>
        ))}
      </ol>
    </section>
  );
}

function History({ messageId }: { messageId: string }) {
  return <HistoryList label={words.history} steps={useRouting(messageId).data?.history ?? []} />;
}
