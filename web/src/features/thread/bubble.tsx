// One text in the thread: its words, who wrote it and when, how far it came, and what is open about it. Acts are in its menu; why
// it is here and all that is known of it in its popover. The words are untrusted: shown, never obeyed.

import { Copy, EllipsisVertical, EyeOff, Hand, Info, ListPlus, MoveRight, Undo2 } from "lucide-react";
import { memo, useState } from "react";
import type { MessageView } from "../../live/model";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Badge, Button, IconButton, Menu, type MenuItem, Popover, plain, UntrustedText } from "../../ui";
import { MediaList } from "../documents/media-list";
import { ItemTasks, useFollowUp } from "../tasks/thread-tasks";
import { deliveryOf } from "./delivery";
import { DeliveryMark } from "./delivery-mark";
import { MessageDetails } from "./message-details";
import { RoutingReason } from "./routing-reason";

const words = text.thread;

/** A text longer than this is shown in part at first, so that a thread stays a thread. */
const LONG = 3_000;
const SHOWN_OF_LONG = 2_000;

/** What a text of the thread lets one do; stable, so that bubbles are drawn anew only for their own sake. */
export interface BubbleActs {
  readonly canAct: boolean;
  readonly inCase: boolean;
  readonly userId: string;
  readonly onDismiss: (message: MessageView) => void;
  readonly onUndismiss: (message: MessageView) => void;
  readonly onRelease: (message: MessageView) => void;
  readonly onMove: (message: MessageView) => void;
  readonly onClaim: (message: MessageView) => void;
  readonly onCopy: (message: MessageView) => void;
  readonly onRetry: (message: MessageView, confirmDuplicate: boolean) => Promise<void>;
  readonly onExplain: (messageId: string | undefined) => void;
}

interface Props {
  readonly message: MessageView;
  readonly continues: boolean;
  readonly isContinued: boolean;
  readonly acts: BubbleActs;
  /** Whether its popover was asked for by keyboard. */
  readonly isExplained: boolean;
}

export const Bubble = memo(function Bubble({ message, continues, isContinued, acts, isExplained }: Props) {
  const isOurs = message.direction === "outbound";
  const isUnclaimed = message.standing === "unclaimed" && !message.dismissed;
  const look = isOurs
    ? "bg-accent text-on-accent forced-border"
    : message.dismissed
      ? "border border-line-strong border-dashed bg-transparent text-muted"
      : isUnclaimed
        ? "border border-warn-line bg-warn-soft text-ink"
        : "border border-line bg-surface text-ink";
  return (
    <article
      aria-label={isOurs ? words.sentBy(plain(writer(message, acts.userId))) : words.from(plain(message.person.name))}
      data-message={message.id}
      className={`group flex flex-col px-4 ${continues ? "pt-0.5" : "pt-2"} pb-0.5 ${isOurs ? "items-end" : "items-start"}`}
    >
      <div className={`flex max-w-full items-center gap-1 ${isOurs ? "flex-row-reverse" : ""}`}>
        <div className={`min-w-0 max-w-[min(42rem,85cqw)] rounded-lg px-3 py-2 ${look}`}>
          <Body message={message} />
          <MediaList message={message} />
        </div>
        <Tools message={message} acts={acts} isExplained={isExplained} />
      </div>
      <Meta message={message} acts={acts} isQuiet={isContinued && hasNothingOpen(message)} />
      <Attention message={message} />
      <ItemTasks id={message.id} />
    </article>
  );
});

function writer(message: MessageView, userId: string): string {
  if (message.sent_by == null) return words.ours;
  return message.sent_by.id === userId ? words.you : message.sent_by.name;
}

function Body({ message }: { message: MessageView }) {
  const [isWhole, setWhole] = useState(false);
  const { body } = message;
  if (body === "") return message.media.length > 0 ? null : <p className="italic opacity-80">{words.noBody}</p>;
  const isLong = body.length > LONG && !isWhole;
  return (
    <>
      <p className="m-0">
        <UntrustedText text={isLong ? `${cut(body)}…` : body} />
      </p>
      {isLong && (
        <button type="button" className="mt-1 min-h-6 font-medium underline" onClick={() => setWhole(true)}>
          {words.showWhole(body.length)}
        </button>
      )}
    </>
  );
}

/** Never between the halves of a character. */
function cut(body: string): string {
  const end = SHOWN_OF_LONG;
  const splits = /[\ud800-\udbff]/.test(body.charAt(end - 1));
  return body.slice(0, splits ? end - 1 : end);
}

/** Whether name and time say everything: they can wait for the last text of a run. */
function hasNothingOpen(message: MessageView): boolean {
  const isMarked = message.standing === "unclaimed" || message.keyword || message.is_clarifying || message.dismissed;
  const look = deliveryOf(message)?.look;
  if (isMarked || message.attention) return false;
  return message.direction === "inbound" ? message.rule != null : look === "arrived";
}

function Meta({ message, acts, isQuiet }: { message: MessageView; acts: BubbleActs; isQuiet: boolean }) {
  const isOurs = message.direction === "outbound";
  const { person } = message;
  const isUnrecorded =
    acts.inCase && person.case_contact_id == null && person.contact_id == null && message.rule == null;
  return (
    <div
      className={
        isQuiet
          ? "sr-only"
          : `mt-0.5 flex max-w-full flex-wrap items-center gap-x-1.5 gap-y-0.5 text-muted text-xs ${isOurs ? "justify-end" : ""}`
      }
    >
      <span className="min-w-0 wrap-anywhere">
        <UntrustedText text={isOurs ? writer(message, acts.userId) : person.name} />
        {" · "}
        <Time at={message.at} style="clock" />
      </span>
      {isUnrecorded && (
        <span title={words.notRecordedHint}>
          <Badge>{words.notRecorded}</Badge>
        </span>
      )}
      <DeliveryMark
        message={message}
        onRetry={acts.canAct ? (confirmDuplicate) => acts.onRetry(message, confirmDuplicate) : undefined}
      />
      <Marks message={message} onUndismiss={acts.onUndismiss} />
    </div>
  );
}

/** What is open or particular about a text, in words. */
function Marks({ message, onUndismiss }: { message: MessageView; onUndismiss: BubbleActs["onUndismiss"] }) {
  return (
    <>
      {message.standing === "unclaimed" && <Badge tone="warn">{words.unclaimed}</Badge>}
      {message.keyword && (
        <Badge tone={message.keyword === "stop" ? "bad" : "neutral"}>{words.keyword[message.keyword]}</Badge>
      )}
      {message.is_clarifying && (
        <span title={words.clarifyingHint}>
          <Badge>{words.clarifying}</Badge>
        </span>
      )}
      {message.dismissed && (
        <>
          <Badge icon={<EyeOff size={12} />}>{words.dismissedMark}</Badge>
          <Button
            size="sm"
            icon={<Undo2 aria-hidden size={12} />}
            className="h-6 px-2 text-xs"
            onClick={() => onUndismiss(message)}
          >
            {words.undismiss}
          </Button>
        </>
      )}
    </>
  );
}

function Attention({ message }: { message: MessageView }) {
  const { attention } = message;
  if (!attention) return null;
  return (
    <p className="m-0 mt-1 max-w-[min(42rem,85cqw)] rounded-md border border-bad-line bg-bad-soft px-2.5 py-1.5 text-ink text-sm">
      <strong className="font-semibold">{words.needsAttention}.</strong> {words.attention[attention]}{" "}
      {words.attentionTodo[attention]}
    </p>
  );
}

function Tools({ message, acts, isExplained }: { message: MessageView; acts: BubbleActs; isExplained: boolean }) {
  const isOurs = message.direction === "outbound";
  const title = isOurs ? words.detailsTitle : words.why;
  const followUp = useFollowUp();
  return (
    <div className="flex shrink-0 opacity-0 group-focus-within:opacity-100 group-hover:opacity-100 has-[[data-popup-open]]:opacity-100 [@media(hover:none)]:opacity-100">
      <Popover
        title={title}
        open={isExplained}
        onOpenChange={(open) => acts.onExplain(open ? message.id : undefined)}
        trigger={<IconButton size="sm" noTooltip label={title} title={title} icon={<Info aria-hidden size={14} />} />}
      >
        <div className="flex flex-col gap-3">
          {!isOurs && <RoutingReason messageId={message.id} />}
          {!isOurs && <hr className="m-0 border-line border-t" />}
          <MessageDetails message={message} />
        </div>
      </Popover>
      <Menu
        align={isOurs ? "end" : "start"}
        items={menuItems(message, acts, followUp)}
        trigger={
          <IconButton
            size="sm"
            noTooltip
            label={words.messageActions}
            title={words.messageActions}
            icon={<EllipsisVertical aria-hidden size={14} />}
          />
        }
      />
    </div>
  );
}

function menuItems(message: MessageView, acts: BubbleActs, followUp: ReturnType<typeof useFollowUp>): MenuItem[] {
  const items: MenuItem[] = [];
  const canHide = message.standing === "unclaimed" || message.standing === "unknown";
  if (acts.canAct && message.standing === "unclaimed") {
    items.push({ id: "claim", label: words.claim, icon: <Hand size={16} />, onSelect: () => acts.onClaim(message) });
  }
  if (acts.canAct && message.direction === "inbound" && message.standing !== "unclaimed") {
    const label = message.standing === "unknown" ? words.link : words.move;
    items.push({ id: "move", label, icon: <MoveRight size={16} />, onSelect: () => acts.onMove(message) });
  }
  if (acts.canAct && message.standing === "claimed") {
    items.push({
      id: "release",
      label: words.release,
      icon: <Undo2 size={16} />,
      onSelect: () => acts.onRelease(message),
    });
  }
  if (canHide && message.dismissed) {
    items.push({
      id: "undismiss",
      label: words.undismiss,
      icon: <Undo2 size={16} />,
      onSelect: () => acts.onUndismiss(message),
    });
  } else if (canHide && acts.canAct) {
    items.push({
      id: "dismiss",
      label: words.dismiss,
      icon: <EyeOff size={16} />,
      onSelect: () => acts.onDismiss(message),
    });
  }
  if (followUp !== undefined) {
    const label = text.tasks.followUp;
    items.push({ id: "follow-up", label, icon: <ListPlus size={16} />, onSelect: () => followUp(message) });
  }
  items.push({ id: "copy", label: words.copy, icon: <Copy size={16} />, onSelect: () => acts.onCopy(message) });
  return items;
}
