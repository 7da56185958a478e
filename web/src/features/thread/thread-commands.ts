// What can be done in a conversation by keyboard: claim (c, then 1 to 9 in the global inbox), dismiss, move, why, call, reply. Each has a
// button too; a key is never the only way.

import { type RefObject, useEffect, useState } from "react";
import { useCommands } from "../../keys/registry";
import { useAllowed } from "../../live/hooks";
import type { ConversationView, MessageView } from "../../live/model";
import { useRouting } from "../../live/requests";
import { text } from "../../text/en";
import { calleeOf } from "../phone/callee";
import { requestCall } from "../phone/calling";
import type { Claiming } from "./claim";
import { casesLookedAtNumbers } from "./unclaimed-banner";

const words = text.thread.command;

/** How long the numbers wait for a choice after `c`. */
const ARMED_MS = 8_000;

interface Options {
  readonly conversation: ConversationView;
  readonly caseNumber: string | undefined;
  readonly canAct: boolean;
  readonly claiming: Claiming;
  readonly pane: RefObject<HTMLElement | null>;
  /** The text that can be moved. */
  readonly movable: MessageView | undefined;
  readonly onDismiss: () => void;
  readonly onMove: (message: MessageView) => void;
  readonly onWhy: () => void;
  readonly onReply: () => void;
  readonly onNewest: () => void;
}

export function useThreadCommands(options: Options): { isArmed: boolean } {
  const { conversation, caseNumber, canAct, claiming, movable } = options;
  const [isArmed, setArmed] = useState(false);
  const targetId = claiming.target?.id;
  const routing = useRouting(targetId);
  const candidates = caseNumber === undefined ? casesLookedAtNumbers(routing.data, conversation) : [caseNumber];
  const canClaim = canAct && targetId !== undefined;
  useEffect(() => {
    if (!isArmed) return;
    const timer = setTimeout(() => setArmed(false), ARMED_MS);
    return () => clearTimeout(timer);
  }, [isArmed]);

  const claim = () => {
    const [only, ...others] = candidates;
    if (only !== undefined && others.length === 0) return claiming.claimFor(only, "message");
    setArmed(true);
    options.pane.current?.querySelector<HTMLElement>("[data-claim]")?.focus();
  };
  const claimNth = (number: string) => {
    setArmed(false);
    claiming.claimFor(number, "message");
  };
  const callee = calleeOf(conversation);
  const mayCall = useAllowed().calls >= 2;
  const scope = "thread" as const;
  useCommands(
    [
      { id: "thread.claim", label: words.claim, keys: ["c"], scope, when: () => canClaim, run: claim },
      ...candidates.slice(0, 9).map((number, at) => ({
        id: `thread.claim.${at + 1}`,
        label: text.thread.claimForCase(number),
        keys: [String(at + 1)],
        scope,
        isHidden: !canClaim,
        when: () => canClaim && isArmed,
        run: () => claimNth(number),
      })),
      { id: "thread.dismiss", label: words.dismiss, keys: ["d"], scope, when: () => canClaim, run: options.onDismiss },
      {
        id: "thread.move",
        label: words.move,
        keys: ["m"],
        scope,
        when: () => canAct && movable !== undefined,
        run: () => movable && options.onMove(movable),
      },
      { id: "thread.why", label: words.why, keys: ["w"], scope, run: options.onWhy },
      {
        id: "thread.call",
        label: text.phone.command.call,
        keys: ["p"],
        scope,
        when: () => mayCall && callee !== undefined,
        run: () => (callee ? void requestCall(callee) : undefined),
      },
      { id: "thread.reply", label: words.reply, keys: ["r"], scope, when: () => canAct, run: options.onReply },
      { id: "thread.newest", label: words.newest, keys: ["Shift+G"], scope, run: options.onNewest },
    ],
    [
      mayCall,
      JSON.stringify(callee),
      canClaim,
      isArmed,
      candidates.join(" "),
      movable,
      claiming,
      canAct,
      options.onDismiss,
      options.onWhy,
    ],
  );
  return { isArmed };
}
