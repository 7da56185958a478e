// Which version of a document went to whom, when, in which role and by whom; and from whom the same content came.
import { ArrowDownLeft, ArrowUpRight } from "lucide-react";
import { ApiError } from "../../api/client";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Button, Dialog, EmptyState, ErrorState, plain, SkeletonRows, UntrustedText } from "../../ui";
import { caseHref, LINK, ScreenLink } from "../cases/place";
import { type DocumentView, type FlowEntry, useFlowOf } from "./requests";

const w = text.documents;

export function FlowDialog({ document, onClose }: { document: DocumentView; onClose: () => void }) {
  const { data, error, refetch } = useFlowOf(document.id);
  return (
    <Dialog
      open
      size="lg"
      onOpenChange={onClose}
      title={w.flowTitle}
      description={plain(document.name)}
      footer={<Button onClick={onClose}>{w.close}</Button>}
    >
      {data === undefined && error === null ? <SkeletonRows rows={3} /> : null}
      {data === undefined && error !== null ? (
        <ErrorState error={ApiError.of(error)} what={w.flowWhat} onRetry={() => void refetch()} />
      ) : null}
      {data?.length === 0 ? <EmptyState title={w.flowEmpty} /> : null}
      {data !== undefined && data.length > 0 ? (
        <ol aria-label={w.flowOf(plain(document.name))} className="flex flex-col">
          {data.map((entry) => (
            <FlowLine key={`${entry.message_id} ${entry.position}`} entry={entry} />
          ))}
        </ol>
      ) : null}
    </Dialog>
  );
}

function FlowLine({ entry }: { entry: FlowEntry }) {
  const isOut = entry.direction === "outbound";
  const Icon = isOut ? ArrowUpRight : ArrowDownLeft;
  const who = entry.person.display_name;
  const delivery: Readonly<Record<string, string>> = text.thread.state;
  const number = entry.mycase_case_id;
  return (
    <li className="flex items-start gap-2.5 border-b border-line py-2 last:border-b-0">
      <Icon aria-hidden="true" size={16} className="mt-0.5 shrink-0 text-muted" />
      <div className="min-w-0 flex-1">
        <p className="font-medium wrap-anywhere">
          <UntrustedText text={isOut ? w.sentTo(who) : w.receivedFrom(who)} />
        </p>
        <p className="flex flex-wrap gap-x-1.5 text-sm text-muted">
          {entry.version ? <span>{w.version(entry.version)} ·</span> : null}
          <Time at={entry.at} style="full" />
          {entry.sent_by ? <span>· {plain(entry.sent_by.name)}</span> : null}
          {entry.delivery ? <span>· {delivery[entry.delivery] ?? entry.delivery}</span> : null}
          {number && entry.conversation_id ? (
            <ScreenLink href={`${caseHref(number)}?conv=${entry.conversation_id}`} className={LINK}>
              {text.tasks.inCase(number)}
            </ScreenLink>
          ) : null}
        </p>
      </div>
    </li>
  );
}
