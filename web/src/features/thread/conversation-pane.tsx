// A conversation whole: header, thread, unclaimed banner, composer. Read by its id always, never from a list, so that a link
// opens it anywhere. Used by the inbox, the case view, the contact's page and the frame inside another site.

import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useCommands } from "../../keys/registry";
import { useAllowed, useConversation, useItems, useMe } from "../../live/hooks";
import type { ConversationView, MessageView } from "../../live/model";
import { text } from "../../text/en";
import { Button, EmptyState, ErrorState, plain, SkeletonRows, UntrustedText } from "../../ui";
import { Composer } from "../composer/composer";
import { ThreadTasks, useFollowUp } from "../tasks/thread-tasks";
import type { BubbleActs } from "./bubble";
import { type Claiming, useClaiming } from "./claim";
import { ConversationHeader } from "./conversation-header";
import { textsIn } from "./entries";
import { MessageList, type ThreadHandle } from "./message-list";
import { MoveDialog } from "./move-dialog";
import { useThreadActs } from "./thread-acts";
import { useThreadCommands } from "./thread-commands";
import { UnclaimedBanner } from "./unclaimed-banner";

const words = text.thread;

export interface ConversationPaneProps {
  readonly conversationId: string;
  /** The case in whose own view this stands. */
  readonly caseNumber?: string | undefined;
  readonly onClose?: (() => void) | undefined;
  /** Goes to another conversation, where a text went; by default by the address. */
  readonly onOpen?: ((conversationId: string) => void) | undefined;
  readonly showDismissed?: boolean | undefined;
}

export function ConversationPane(props: ConversationPaneProps) {
  const { conversationId, onClose } = props;
  const { conversation, status, error } = useConversation(conversationId);
  // What was open stays in sight when its last text is taken away: somebody may be reading why.
  const known = useRef<ConversationView | undefined>(undefined);
  if (conversation !== undefined) known.current = conversation;
  if (known.current?.id !== conversationId) known.current = conversation;
  if (known.current !== undefined)
    return <OpenConversation {...props} key={conversationId} conversation={known.current} isGone={status === "gone"} />;
  if (status === "loading") return <SkeletonRows rows={5} />;
  const close = onClose && <Button onClick={onClose}>{words.back}</Button>;
  if (status === "gone")
    return <EmptyState title={words.gone} hint={words.goneHint} action={close} className="h-full" />;
  return (
    <ErrorState error={error} what={words.conversationFailed} onRetry={() => location.reload()} className="h-full" />
  );
}

interface OpenProps extends ConversationPaneProps {
  readonly conversation: ConversationView;
  readonly isGone: boolean;
}

/** Which "Why is this here?" stands open: the banner's, or that of a text. */
export type Explained = { readonly in: "banner" } | { readonly in: "thread"; readonly messageId: string } | undefined;

function OpenConversation(props: OpenProps) {
  const { conversation, caseNumber, isGone } = props;
  const [showsDismissed, setShowsDismissed] = useState(props.showDismissed === true);
  const items = useItems(conversation.id, { dismissed: showsDismissed });
  const everything = useItems(conversation.id, { dismissed: true });
  const { sms } = useAllowed();
  const canAct = sms >= 2;
  const [moving, setMoving] = useState<MessageView | undefined>(undefined);
  const [explained, setExplained] = useState<Explained>(undefined);
  const thread = useRef<ThreadHandle>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const pane = useRef<HTMLElement>(null);
  const open = useOpening(props);
  const acts = useThreadActs(conversation.id, caseNumber);
  const { release } = acts;
  const onRelease = useCallback((ids: readonly string[], home: string) => void release(ids, home), [release]);
  const claiming = useClaiming({
    conversationId: conversation.id,
    items: items.items,
    everything: everything.items,
    onOpen: open.onOpen,
    onRelease,
  });
  const bubbleActs = useBubbleActs({
    acts,
    claiming,
    canAct,
    pane,
    inCase: conversation.kind === "case",
    setMoving,
    setExplained,
  });
  const newestInbound = textsIn(items.items).findLast((message) => message.direction === "inbound");
  const current = claiming.target ?? newestInbound;
  const movable = textsIn(items.items).findLast(isMovable);
  const dismissAll = useCallback(() => {
    const { target } = claiming;
    if (target !== undefined) acts.dismiss([target]);
    thread.current?.focus();
  }, [acts, claiming]);
  const explain = useCallback(() => {
    if (claiming.target !== undefined) setExplained({ in: "banner" });
    else if (newestInbound !== undefined) setExplained({ in: "thread", messageId: newestInbound.id });
  }, [claiming.target, newestInbound]);
  const { isArmed } = useThreadCommands({
    conversation,
    caseNumber,
    canAct,
    claiming,
    pane,
    movable,
    onDismiss: dismissAll,
    onMove: setMoving,
    onWhy: explain,
    onReply: () => focusSoon(field),
    onNewest: () => thread.current?.toEnd(),
  });
  return (
    <section
      ref={pane}
      aria-label={words.conversation(plain(conversation.person.name))}
      className="flex h-full min-h-0 min-w-0 flex-1 flex-col bg-bg"
    >
      <ConversationHeader
        conversation={conversation}
        caseNumber={caseNumber}
        showsDismissed={showsDismissed}
        onToggleDismissed={() => setShowsDismissed((now) => !now)}
        onClose={props.onClose}
        onWhy={current === undefined ? undefined : explain}
        onMove={movable === undefined || !canAct ? undefined : () => setMoving(movable)}
        isFramed={open.isFramed}
      />
      {isGone ? (
        <EmptyState title={words.gone} hint={words.goneHint} className="flex-1" />
      ) : (
        <ThreadTasks conversation={conversation}>
          <FollowUpCommand message={newestInbound} />
          <MessageList
            items={items}
            who={conversation.person.name}
            caseNumber={conversation.mycase_case_id ?? undefined}
            acts={bubbleActs}
            explained={explained?.in === "thread" ? explained.messageId : undefined}
            handle={thread}
          />
        </ThreadTasks>
      )}
      <UnclaimedBanner
        conversation={conversation}
        claiming={claiming}
        caseNumber={caseNumber}
        canAct={canAct}
        isArmed={isArmed}
        isExplained={explained?.in === "banner"}
        onExplain={(isOpen) => setExplained(isOpen ? { in: "banner" } : undefined)}
        onDismiss={dismissAll}
        onRelease={onRelease}
        onOpen={open.onOpen}
        isFramed={open.isFramed}
      />
      <UnknownSenderNote
        conversation={conversation}
        onLink={canAct && current !== undefined ? () => setMoving(current) : undefined}
      />
      {!isGone && (
        <Composer
          conversation={conversation}
          items={items}
          unclaimed={claiming.target}
          field={field}
          onReview={() => thread.current?.toEnd()}
          onLeave={() => thread.current?.focus()}
          onSent={() => thread.current?.toEnd()}
        />
      )}
      {moving !== undefined && (
        <MoveDialog
          message={moving}
          others={textsIn(items.items).filter(({ standing, id }) => standing === "unknown" && id !== moving.id)}
          conversation={conversation}
          onClose={() => setMoving(undefined)}
          onMoved={(id) => {
            setMoving(undefined);
            if (id !== conversation.id) open.onOpen?.(id);
          }}
        />
      )}
    </section>
  );
}

/** Follows up the newest text by keyboard; a text has it in its menu. */
function FollowUpCommand({ message }: { message: MessageView | undefined }) {
  const followUp = useFollowUp();
  const may = followUp !== undefined && message !== undefined;
  useCommands(
    [
      {
        id: "thread.followUp",
        label: text.tasks.commands.followUp,
        keys: ["f"],
        scope: "thread",
        when: () => may,
        run: () => message && followUp?.(message),
      },
    ],
    [may, message, followUp],
  );
  return null;
}

/** What came in and has a place; an unclaimed text is claimed instead. */
function isMovable(message: MessageView): boolean {
  return message.direction === "inbound" && message.standing !== "unclaimed";
}

/** The way to where a text went. Inside another site's frame, and within a case, one stays where one is. */
function useOpening({ onOpen, caseNumber }: OpenProps) {
  const [path, navigate] = useLocation();
  const isFramed = path.startsWith("/embed");
  const byAddress = useCallback((id: string) => navigate(`/inbox?conv=${id}`), [navigate]);
  return { isFramed, onOpen: onOpen ?? (isFramed || caseNumber !== undefined ? undefined : byAddress) };
}

function UnknownSenderNote({
  conversation,
  onLink,
}: {
  conversation: ConversationView;
  onLink: (() => void) | undefined;
}) {
  if (conversation.kind !== "unknown" || onLink === undefined) return null;
  return (
    <div className="flex flex-wrap items-center gap-2 px-4 pb-2 text-muted">
      <span className="min-w-0 flex-1">
        <strong className="font-semibold text-ink">{words.unknownLead}</strong>{" "}
        <UntrustedText text={unknownReason(conversation)} />
      </span>
      <Button size="sm" onClick={onLink}>
        {words.link}
      </Button>
    </div>
  );
}

/** A name beside an unknown sender is that of the one contact who has the number by now. */
function unknownReason({ person }: ConversationView): string {
  return person.name === person.number ? words.unknownReason : words.knownReason(person.name);
}

interface BubbleOptions {
  readonly acts: ReturnType<typeof useThreadActs>;
  readonly claiming: Claiming;
  readonly canAct: boolean;
  readonly inCase: boolean;
  readonly pane: React.RefObject<HTMLElement | null>;
  readonly setMoving: (message: MessageView) => void;
  readonly setExplained: (explained: Explained) => void;
}

/** One stable object for all bubbles. */
function useBubbleActs(options: BubbleOptions): BubbleActs {
  const { user_id: userId } = useMe();
  const { acts, canAct, inCase, pane, setMoving, setExplained } = options;
  const aimAt = useRef(options.claiming.aimAt);
  useEffect(() => {
    aimAt.current = options.claiming.aimAt;
  });
  return useMemo(
    () => ({
      canAct,
      inCase,
      userId,
      onDismiss: (message) => acts.dismiss([message]),
      onUndismiss: acts.undismiss,
      onRelease: (message) => void acts.release([message.id], message.conversation_id),
      onMove: setMoving,
      onClaim: (message) => {
        aimAt.current(message.id);
        focusClaim(pane.current);
      },
      onCopy: acts.copy,
      onRetry: acts.retry,
      onExplain: (messageId) => setExplained(messageId === undefined ? undefined : { in: "thread", messageId }),
    }),
    [acts, canAct, inCase, userId, pane, setMoving, setExplained],
  );
}

/** The composer may just be looking up its numbers anew, after a claim for instance: who wants to write gets there all the same. */
function focusSoon(field: React.RefObject<HTMLTextAreaElement | null>, tries = 20): void {
  field.current?.focus();
  if (tries > 0 && (field.current === null || document.activeElement !== field.current)) {
    setTimeout(() => focusSoon(field, tries - 1), 50);
  }
}

/** After the menu that asked for it has closed and given the focus back. */
export function focusClaim(pane: HTMLElement | null): void {
  setTimeout(() => pane?.querySelector<HTMLElement>("[data-claim]")?.focus(), 60);
}
