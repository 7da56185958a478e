// Claiming an unclaimed text: not foreseen, for one of two claimers loses. Holds what the banner shows: open, running, won, lost
// to somebody else, failed; and notices when another agent was quicker. Shown by unclaimed-banner.tsx.

import { useCallback, useEffect, useRef, useState } from "react";
import { ApiError } from "../../api/client";
import { claim } from "../../live/acts";
import { useMe } from "../../live/hooks";
import type { Item, MessageView } from "../../live/model";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { noteOwnAct } from "../inbox/list-order";
import { textsIn, unclaimedIn } from "./entries";
import { lookUpAnew, sentence } from "./thread-acts";

/** How a text came to be no longer unclaimed while one looked at it. */
export type Outcome =
  | {
      readonly kind: "mine";
      readonly ids: readonly string[];
      readonly caseNumber: string;
      readonly conversationId: string;
    }
  | {
      readonly kind: "lost";
      readonly ids: readonly string[];
      readonly by?: string | undefined;
      readonly at?: string | undefined;
      readonly caseNumber?: string | undefined;
    };

export interface Claiming {
  /** The unclaimed texts, oldest first. */
  readonly unclaimed: readonly MessageView[];
  /** The one that the banner is about. */
  readonly target: MessageView | undefined;
  /** The case that a running claim is for. */
  readonly running: string | undefined;
  readonly failure: string | undefined;
  readonly outcome: Outcome | undefined;
  claimFor(caseNumber: string, scope: "message" | "sender"): void;
  aimAt(messageId: string): void;
  acknowledge(): void;
}

interface Options {
  readonly conversationId: string;
  readonly items: readonly Item[];
  /** With what the reader dismissed: a text that they hid was taken by nobody. */
  readonly everything: readonly Item[];
  /** Goes where the text went. */
  readonly onOpen: ((conversationId: string) => void) | undefined;
  readonly onRelease: (messageIds: readonly string[], conversationId: string) => void;
}

export function useClaiming({ conversationId, items, everything, onOpen, onRelease }: Options): Claiming {
  const toasts = useToasts();
  const [aim, setAim] = useState<string | undefined>(undefined);
  const [running, setRunning] = useState<string | undefined>(undefined);
  const [failure, setFailure] = useState<string | undefined>(undefined);
  const [outcome, setOutcome] = useState<Outcome | undefined>(undefined);
  const unclaimed = unclaimedIn(items);
  const aimedAt = textsIn(items).find((message) => message.id === aim && message.standing === "unclaimed");
  const target = aimedAt ?? unclaimed.at(-1);
  const own = useRef<ReadonlySet<string>>(new Set());
  useLosses(everything, target, running !== undefined, own, setOutcome);

  const claimFor = useCallback(
    (caseNumber: string, scope: "message" | "sender") => {
      if (target === undefined || running !== undefined) return;
      setRunning(caseNumber);
      setFailure(undefined);
      noteOwnAct(conversationId);
      claim(target.id, caseNumber, scope)
        .then((claimed) => {
          const ids = claimed.map((message) => message.id);
          own.current = new Set([...own.current, ...ids]);
          const home = claimed[0]?.conversation_id ?? conversationId;
          setOutcome({ kind: "mine", ids, caseNumber, conversationId: home });
          toasts.show({
            text: text.thread.claimedToast(caseNumber),
            action: { label: text.thread.undo, run: () => onRelease(ids, home) },
            key: `claim:${target.id}`,
          });
          if (home !== conversationId) onOpen?.(home);
          return lookUpAnew(ids);
        })
        .catch((thrown: unknown) => {
          const lost = lossOf(thrown, target.id);
          if (lost === undefined) setFailure(sentence(text.thread.claimFailed, thrown));
          else setOutcome(lost);
          return lookUpAnew([target.id]);
        })
        .finally(() => setRunning(undefined));
    },
    [target, running, conversationId, toasts, onOpen, onRelease],
  );

  const acknowledge = useCallback(() => {
    setOutcome(undefined);
    setFailure(undefined);
  }, []);
  return { unclaimed, target, running, failure, outcome, claimFor, aimAt: setAim, acknowledge };
}

/** A refused claim that somebody else won. */
function lossOf(thrown: unknown, messageId: string): Outcome | undefined {
  const error = ApiError.of(thrown);
  if (error.code === "already_claimed") {
    const by: unknown = error.body.claimed_by;
    const name: unknown = typeof by === "object" && by !== null ? Reflect.get(by, "name") : undefined;
    const at = error.body.claimed_at;
    return {
      kind: "lost",
      ids: [messageId],
      by: typeof name === "string" ? name : undefined,
      at: typeof at === "string" ? at : undefined,
    };
  }
  // Gone from the reader's sight: it went to a case that they may not see.
  return error.code === "not_unclaimed" || error.code === "not_found" ? { kind: "lost", ids: [messageId] } : undefined;
}

/** Notices that the text which the banner is about was taken by somebody else. */
function useLosses(
  items: readonly Item[],
  target: MessageView | undefined,
  isRunning: boolean,
  own: React.RefObject<ReadonlySet<string>>,
  setOutcome: (outcome: Outcome) => void,
): void {
  const { user_id: userId } = useMe();
  const watched = useRef<MessageView | undefined>(undefined);
  useEffect(() => {
    const before = watched.current;
    watched.current = target ?? (isRunning ? before : undefined);
    if (before === undefined || isRunning || before.id === target?.id || own.current.has(before.id)) return;
    const now = textsIn(items).find((message) => message.id === before.id);
    // Still unclaimed: another one is looked at, or the reader hid it themselves.
    if (now?.standing === "unclaimed" || now?.claim?.by.id === userId) return;
    lookUpAnew([before.id]);
    setOutcome({
      kind: "lost",
      ids: [before.id],
      by: now?.claim?.by.name,
      at: now?.claim?.at,
      caseNumber: now?.case_number ?? undefined,
    });
  }, [items, target, isRunning, own, setOutcome, userId]);
}
