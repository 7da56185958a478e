// How far an outbound text has come, as an icon and words, and Retry where it failed. A retry that may bring the text twice asks
// first. What it says: delivery.ts.

import { Check, CheckCheck, CircleHelp, Clock3, RotateCw, TriangleAlert } from "lucide-react";
import { useState } from "react";
import type { MessageView } from "../../live/model";
import { text } from "../../text/en";
import { Button, ConfirmDialog } from "../../ui";
import { type Delivery, deliveryOf } from "./delivery";

const words = text.thread;

const LOOKS = {
  going: { Icon: Clock3, tone: "text-muted" },
  sent: { Icon: Check, tone: "text-muted" },
  arrived: { Icon: CheckCheck, tone: "text-ok" },
  doubt: { Icon: CircleHelp, tone: "text-warn" },
  lost: { Icon: TriangleAlert, tone: "text-bad" },
} as const;

interface Props {
  readonly message: MessageView;
  /** None where the reader may not send. */
  readonly onRetry: ((confirmDuplicate: boolean) => Promise<void>) | undefined;
}

export function DeliveryMark({ message, onRetry }: Props) {
  const delivery = deliveryOf(message);
  if (delivery === undefined) return null;
  const { Icon, tone } = LOOKS[delivery.look];
  return (
    <span className="inline-flex min-w-0 flex-wrap items-center gap-x-1.5">
      <span className={`inline-flex min-w-0 items-center gap-1 ${tone}`}>
        <Icon aria-hidden className="size-3.5 shrink-0" />
        <span className="min-w-0 wrap-anywhere">{delivery.words}</span>
      </span>
      {delivery.parts !== undefined && <span className="text-muted">{delivery.parts}</span>}
      {delivery.canRetry && onRetry !== undefined && (
        <Retry delivery={delivery} of={message.parts.length} onRetry={onRetry} />
      )}
    </span>
  );
}

interface RetryProps {
  readonly delivery: Delivery;
  readonly of: number;
  readonly onRetry: (confirmDuplicate: boolean) => Promise<void>;
}

function Retry({ delivery, of, onRetry }: RetryProps) {
  const [isAsking, setAsking] = useState(false);
  const [isRunning, setRunning] = useState(false);
  const run = async (confirmDuplicate: boolean) => {
    setRunning(true);
    await onRetry(confirmDuplicate);
    setRunning(false);
    setAsking(false);
  };
  const label = delivery.retryFrom === undefined ? words.retry : words.retryFrom(delivery.retryFrom, of);
  return (
    <>
      <Button
        size="sm"
        variant="ghost"
        busy={isRunning && !isAsking}
        icon={<RotateCw aria-hidden size={12} />}
        className="h-6 px-1.5 text-accent text-xs"
        onClick={() => (delivery.mayDuplicate ? setAsking(true) : run(false))}
      >
        {isRunning ? words.retrying : label}
      </Button>
      <ConfirmDialog
        open={isAsking}
        onOpenChange={setAsking}
        title={words.retryTitle}
        description={words.retryQuestion}
        confirmLabel={words.retryConfirm}
        busy={isRunning}
        onConfirm={() => run(true)}
      />
    </>
  );
}
