// One row of a list of conversations: who, which case, what was said last, when, and what is open about it. One link and
// nothing else inside: acts are in the thread. Everything in it is untrusted text.

import { CircleHelp, MessageSquareText, Phone, TriangleAlert, UserRound } from "lucide-react";
import { memo } from "react";
import type { ConversationView } from "../../live/model";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Avatar, Badge, PersonName, VisuallyHidden } from "../../ui";
import { ClippedText } from "./clipped-text";

export interface RowProps {
  readonly conversation: ConversationView;
  readonly href: string;
  readonly isSelected: boolean;
  /** Whether the Tab key reaches this row among all of the list. */
  readonly isReachable: boolean;
  /** Says why the row is about to leave. */
  readonly leaving?: string | undefined;
  /** In a case's own list the case goes without saying. */
  readonly inCase: boolean;
  readonly draft?: string | undefined;
  readonly onOpen: (id: string) => void;
}

/** Follows the link by itself only where another tab or window was asked for. */
function isPlain(event: React.MouseEvent): boolean {
  return event.button === 0 && !event.metaKey && !event.ctrlKey && !event.shiftKey && !event.altKey;
}

export const ConversationRow = memo(function ConversationRow(props: RowProps) {
  const { conversation, isSelected, leaving } = props;
  const isOpen = conversation.unclaimed_count > 0 || conversation.attention_count > 0;
  return (
    <a
      href={props.href}
      tabIndex={props.isReachable ? 0 : -1}
      aria-current={isSelected ? "true" : undefined}
      data-leaving={leaving !== undefined || undefined}
      data-conversation={conversation.id}
      onClick={(event) => {
        if (!isPlain(event)) return;
        event.preventDefault();
        props.onOpen(conversation.id);
      }}
      className="flex h-full gap-3 border-line border-b px-3 py-2.5 text-ink no-underline outline-none -outline-offset-2 hover:bg-hover focus-visible:outline-2 focus-visible:outline-accent aria-[current]:bg-accent-soft data-[leaving]:bg-bg"
    >
      <Avatar name={conversation.person.name} />
      <span className="flex min-w-0 flex-1 flex-col gap-0.5">
        <span className="flex items-center gap-2">
          <span className={isOpen ? "min-w-0 flex-1 font-semibold" : "min-w-0 flex-1"}>
            <PersonName name={conversation.person.name} role={conversation.person.role ?? null} />
          </span>
          <Time at={conversation.last_at} style="short" className="shrink-0 text-muted text-xs tabular-nums" />
        </span>
        {!props.inCase && <Place conversation={conversation} />}
        <span className="flex min-w-0 items-center gap-2">
          <Preview conversation={conversation} draft={props.draft} leaving={leaving} inCase={props.inCase} />
          {leaving === undefined && <Marks conversation={conversation} />}
        </span>
      </span>
    </a>
  );
});

function Place({ conversation }: { conversation: ConversationView }) {
  const { kind, mycase_case_id: number, case_name: name } = conversation;
  return (
    <span className="flex min-w-0 items-center gap-1.5 text-muted text-xs">
      <KindIcon conversation={conversation} />
      {kind === "case" && number ? (
        <span className="min-w-0 truncate">
          <ClippedText text={number} />
          {name ? (
            <>
              {" · "}
              <ClippedText text={name} />
            </>
          ) : null}
        </span>
      ) : (
        <span className="min-w-0 truncate">{placeWord(kind)}</span>
      )}
    </span>
  );
}

function placeWord(kind: ConversationView["kind"]): string {
  if (kind === "lead") return text.inbox.lead;
  return kind === "unknown" ? text.inbox.unknownSender : text.inbox.contact;
}

function KindIcon({ conversation }: { conversation: ConversationView }) {
  const props = { "aria-hidden": true, className: "size-3.5 shrink-0" } as const;
  if (!conversation.last_direction) {
    return (
      <>
        <Phone {...props} />
        <VisuallyHidden>{text.inbox.call}</VisuallyHidden>
      </>
    );
  }
  if (conversation.kind === "unknown") return <CircleHelp {...props} />;
  if (conversation.kind === "lead" || conversation.kind === "contact") return <UserRound {...props} />;
  return (
    <>
      <MessageSquareText {...props} />
      <VisuallyHidden>{text.inbox.text}</VisuallyHidden>
    </>
  );
}

type PreviewProps = Pick<RowProps, "conversation" | "draft" | "leaving" | "inCase">;

function Preview({ conversation, draft, leaving, inCase }: PreviewProps) {
  const line = `min-w-0 flex-1 text-muted text-sm ${inCase ? "line-clamp-2 break-words" : "truncate"}`;
  if (leaving !== undefined) return <span className={`${line} font-medium`}>{leaving}</span>;
  if (draft !== undefined) {
    return (
      <span className={line}>
        <span className="font-medium text-accent">{text.inbox.draft}</span>
        <ClippedText text={draft} />
      </span>
    );
  }
  return (
    <span className={line}>
      {conversation.last_call ? (
        <CallPreview conversation={conversation} />
      ) : conversation.preview === "" ? (
        text.inbox.noText
      ) : (
        <>
          {conversation.last_direction === "outbound" && <span>{text.inbox.ours}</span>}
          <ClippedText text={conversation.preview} />
        </>
      )}
    </span>
  );
}

/** What a call at the end of a conversation was, in words as the thread has them. */
function CallPreview({
  conversation: { last_call: status, last_direction: direction },
}: Pick<RowProps, "conversation">) {
  const words: Readonly<Record<string, string>> = text.phone.status;
  const isIn = direction === "inbound";
  const kind =
    status === "voicemail"
      ? text.phone.voicemailOf
      : isIn && status === "no-answer"
        ? text.phone.missed
        : `${isIn ? text.phone.callIn : text.phone.callOut} · ${words[status ?? ""] ?? status}`;
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 align-bottom">
      <Phone aria-hidden className="size-3.5 shrink-0" />
      <span className="truncate">{kind}</span>
    </span>
  );
}

function Marks({ conversation }: { conversation: ConversationView }) {
  const { unclaimed_count: unclaimed, attention_count: attention } = conversation;
  return (
    <>
      {attention > 0 && (
        <span className="flex shrink-0 items-center text-bad" title={text.inbox.needsAttention}>
          <TriangleAlert aria-hidden className="size-4" />
          <VisuallyHidden>{text.inbox.needsAttention}</VisuallyHidden>
        </span>
      )}
      {unclaimed > 0 && (
        <span className="shrink-0">
          <Badge tone="warn">{text.inbox.unclaimedCount(unclaimed)}</Badge>
        </span>
      )}
    </>
  );
}
