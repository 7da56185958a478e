// The banner of an unclaimed text: why it is unclaimed, Claim (for this case, or for one of its candidates), Dismiss, and "Why is
// this here?". Turns neutral when somebody else was quicker, and never leaves while the focus is inside. State: claim.ts.

import { CircleHelp, EyeOff } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useShortcut } from "../../keys/registry";
import type { ConversationView } from "../../live/model";
import { useRouting } from "../../live/requests";
import { text } from "../../text/en";
import { Banner, Button, Popover, RadioGroup, UntrustedText } from "../../ui";
import { CandidateButtons } from "./candidate-buttons";
import type { Claiming } from "./claim";
import { ClaimOutcome } from "./claim-outcome";
import { RoutingReason } from "./routing-reason";
import { bannerReason, casesLookedAt } from "./routing-sentences";

const words = text.thread;

interface Props {
  readonly conversation: ConversationView;
  readonly claiming: Claiming;
  /** In a case's own view a text can be claimed for that case alone. */
  readonly caseNumber: string | undefined;
  readonly canAct: boolean;
  readonly isExplained: boolean;
  readonly onExplain: (open: boolean) => void;
  readonly onDismiss: () => void;
  readonly onRelease: (messageIds: readonly string[], conversationId: string) => void;
  readonly onOpen: ((conversationId: string) => void) | undefined;
  readonly isFramed: boolean;
  /** Puts the numbers 1 to 9 to use. */
  readonly isArmed: boolean;
}

export function UnclaimedBanner(props: Props) {
  const { claiming } = props;
  const place = useRef<HTMLDivElement>(null);
  const { outcome, target, failure } = claiming;
  useLeaveLater(place, outcome?.kind === "mine", claiming.acknowledge);
  if (target === undefined && outcome === undefined && failure === undefined) return null;
  return (
    <div ref={place} data-banner tabIndex={-1} className="flex flex-col gap-2 px-4 pb-2 outline-none">
      {outcome !== undefined && (
        <ClaimOutcome
          outcome={outcome}
          currentConversationId={props.conversation.id}
          isFramed={props.isFramed}
          onOpen={props.onOpen}
          onRelease={props.onRelease}
          onOk={() => {
            place.current?.focus();
            claiming.acknowledge();
          }}
        />
      )}
      {failure !== undefined && <Banner tone="bad">{failure}</Banner>}
      {target !== undefined && <OpenBanner {...props} messageId={target.id} />}
    </div>
  );
}

/** What one did oneself needs no answer: it leaves after a while, but never from under the focus or the mouse. */
function useLeaveLater(place: React.RefObject<HTMLElement | null>, isOn: boolean, leave: () => void): void {
  useEffect(() => {
    if (!isOn) return;
    const timer = setInterval(() => {
      const isHeld = place.current?.contains(document.activeElement) || place.current?.matches(":hover");
      if (!isHeld) leave();
    }, 8_000);
    return () => clearInterval(timer);
  }, [place, isOn, leave]);
}

function OpenBanner(props: Props & { readonly messageId: string }) {
  const { conversation, claiming, caseNumber, canAct, messageId } = props;
  const routing = useRouting(messageId);
  const [scope, setScope] = useState<"message" | "sender">("message");
  const several = claiming.unclaimed.length;
  const chosen = several > 1 ? scope : "message";
  const candidates = casesLookedAtNumbers(routing.data, conversation);
  return (
    <Banner
      tone="warn"
      title={words.unclaimedLead}
      label={words.bannerLabel}
      actions={
        <div className="flex flex-wrap items-center gap-2">
          {canAct && (
            <CandidateButtons
              caseNumber={caseNumber}
              candidates={candidates}
              own={conversation.mycase_case_id ?? undefined}
              running={claiming.running}
              isArmed={props.isArmed}
              onClaim={(number) => claiming.claimFor(number, chosen)}
            />
          )}
          {canAct && <DismissButton isOff={claiming.running !== undefined} onDismiss={props.onDismiss} />}
          <Popover
            title={words.why}
            side="top"
            open={props.isExplained}
            onOpenChange={props.onExplain}
            trigger={
              <Button size="sm" variant="ghost" icon={<CircleHelp aria-hidden size={14} />}>
                {words.why}
              </Button>
            }
          >
            <RoutingReason messageId={messageId} />
          </Popover>
        </div>
      }
    >
      <UntrustedText text={bannerReason(conversation.person.name, routing.data)} />
      {several > 1 && canAct && (
        <div className="mt-1.5">
          <RadioGroup
            label={words.whichTexts}
            hideLabel
            inline
            value={scope}
            onValueChange={setScope}
            options={[
              { value: "message", label: words.thisText },
              { value: "sender", label: words.allOfSender(several) },
            ]}
          />
        </div>
      )}
    </Banner>
  );
}

function DismissButton({ isOff, onDismiss }: { isOff: boolean; onDismiss: () => void }) {
  const keys = useShortcut("thread.dismiss");
  return (
    <Button
      size="sm"
      icon={<EyeOff aria-hidden size={14} />}
      title={words.dismissHint}
      aria-keyshortcuts={keys?.join(" ")}
      disabled={isOff}
      onClick={onDismiss}
    >
      {words.dismiss}
    </Button>
  );
}

/** The cases that the text can be claimed for; until they are known, the one whose conversation this is. */
export function casesLookedAtNumbers(
  routing: Parameters<typeof casesLookedAt>[0] | undefined,
  conversation: ConversationView,
): readonly string[] {
  const own = conversation.mycase_case_id ? [conversation.mycase_case_id] : [];
  if (routing === undefined) return own;
  const numbers = casesLookedAt(routing).flatMap((one) => (one.isCandidate && one.number !== "" ? [one.number] : []));
  return numbers.length === 0 ? own : numbers;
}
