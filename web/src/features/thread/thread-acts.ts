// What can be done to a text of the thread, with what is said of it: dismiss and undo, release, retry. Claiming has its own
// file (claim.ts), for it can be lost. Every act says how it ended, and none throws.

import { useMemo } from "react";
import { ApiError } from "../../api/client";
import { dismiss, release, retry, undismiss } from "../../live/acts";
import type { MessageView } from "../../live/model";
import { queryClient } from "../../live/requests";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { noteOwnAct } from "../inbox/list-order";

const words = text.thread;

export interface ThreadActs {
  dismiss(messages: readonly MessageView[]): void;
  undismiss(message: MessageView): void;
  release(messageIds: readonly string[], conversationId: string): Promise<void>;
  retry(message: MessageView, confirmDuplicate: boolean): Promise<void>;
  copy(message: MessageView): void;
}

/** In a case's own view `caseNumber` limits a dismissal to that case. */
export function useThreadActs(conversationId: string, caseNumber: string | undefined): ThreadActs {
  const toasts = useToasts();
  return useMemo(() => {
    const failed = (what: string, error: unknown) => toasts.show({ tone: "bad", text: sentence(what, error) });

    const bringBack = async (messages: readonly MessageView[]) => {
      noteOwnAct(conversationId);
      try {
        for (const message of messages) await undismiss(message.id, caseNumber);
      } catch (error) {
        failed(words.undismissFailed, error);
      }
    };

    return {
      dismiss: (messages) => {
        noteOwnAct(conversationId);
        const all = messages.map((message) => dismiss(message.id, caseNumber));
        Promise.all(all).then(
          () => {
            const undo = { label: words.undo, run: () => bringBack(messages) };
            toasts.show({ text: words.dismissedToast, action: undo, key: `dismiss:${messages[0]?.id}` });
          },
          (error) => failed(words.dismissFailed, error),
        );
      },
      undismiss: (message) => {
        bringBack([message]).then(() => toasts.show({ text: words.undismissedToast }));
      },
      release: async (messageIds, home) => {
        noteOwnAct(home);
        try {
          for (const id of messageIds) await release(id);
          toasts.show({ text: words.releasedToast });
        } catch (error) {
          failed(words.releaseFailed, error);
        }
        await lookUpAnew(messageIds);
      },
      retry: async (message, confirmDuplicate) => {
        try {
          await retry(message.id, confirmDuplicate);
        } catch (error) {
          failed(words.retryFailed, error);
        }
      },
      copy: (message) => {
        navigator.clipboard?.writeText(message.body).then(
          () => toasts.show({ text: words.copied, key: "copy" }),
          () => toasts.show({ tone: "bad", text: text.shell.copyFailed, key: "copy" }),
        );
      },
    };
  }, [toasts, conversationId, caseNumber]);
}

/** The receipts of these texts have another history now. */
export async function lookUpAnew(messageIds: readonly string[]): Promise<void> {
  await Promise.all(messageIds.map((id) => queryClient.invalidateQueries({ queryKey: ["routing", id] })));
}

/** What failed, and why as far as the server says. */
export function sentence(what: string, thrown: unknown): string {
  const error = ApiError.of(thrown);
  const why = error.code === "network" ? text.shell.networkHint : error.detail;
  return why ? `${what} ${why}` : what;
}
