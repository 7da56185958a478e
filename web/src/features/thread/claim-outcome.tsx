// How a claim ended: one's own, with Release; or somebody else's, by name, case and time as far as one may know, with the way
// there. Stays until it is acknowledged.

import { useLocation } from "wouter";
import { useMe } from "../../live/hooks";
import { useRouting } from "../../live/requests";
import { text } from "../../text/en";
import { timeWords } from "../../time/time";
import { Banner, Button, UntrustedText } from "../../ui";
import type { Outcome } from "./claim";
import { lastClaim } from "./routing-sentences";

const words = text.thread;

interface Props {
  readonly outcome: Outcome;
  readonly currentConversationId: string;
  readonly isFramed: boolean;
  readonly onOpen: ((conversationId: string) => void) | undefined;
  readonly onRelease: (messageIds: readonly string[], conversationId: string) => void;
  readonly onOk: () => void;
}

export function ClaimOutcome(props: Props) {
  return props.outcome.kind === "mine" ? (
    <Won {...props} outcome={props.outcome} />
  ) : (
    <Lost {...props} outcome={props.outcome} />
  );
}

function Won({ outcome, onRelease, onOk }: Props & { outcome: Extract<Outcome, { kind: "mine" }> }) {
  const { ids, caseNumber, conversationId } = outcome;
  return (
    <Banner
      tone="ok"
      role="status"
      actions={
        <>
          <Button
            size="sm"
            title={words.releaseHint}
            onClick={() => {
              onOk();
              onRelease(ids, conversationId);
            }}
          >
            {words.release}
          </Button>
          <Button size="sm" variant="ghost" onClick={onOk}>
            {words.ok}
          </Button>
        </>
      }
    >
      <UntrustedText
        text={ids.length > 1 ? words.claimedAllByYou(ids.length, caseNumber) : words.claimedByYou(caseNumber)}
      />
    </Banner>
  );
}

function Lost({ outcome, isFramed, onOk }: Props & { outcome: Extract<Outcome, { kind: "lost" }> }) {
  const [, navigate] = useLocation();
  const { user_id: userId } = useMe();
  const history = useRouting(outcome.ids[0]);
  const step = history.data === undefined ? undefined : lastClaim(history.data);
  const by = outcome.by ?? step?.user?.name;
  const at = outcome.at ?? step?.at;
  const number = outcome.caseNumber ?? step?.to_case ?? undefined;
  const isMine = step?.user?.id === userId;
  return (
    <Banner
      tone="neutral"
      role="status"
      actions={
        <>
          {number !== undefined && !isFramed && (
            <Button size="sm" onClick={() => navigate(`/cases/${encodeURIComponent(number)}`)}>
              {words.openThatCase}
            </Button>
          )}
          <Button size="sm" variant="ghost" onClick={onOk}>
            {words.ok}
          </Button>
        </>
      }
    >
      <UntrustedText
        text={isMine && number ? words.claimedByYou(number) : sentenceOf(by, number, at, history.isPending)}
      />
    </Banner>
  );
}

function sentenceOf(
  by: string | undefined,
  number: string | undefined,
  at: string | undefined,
  isOpen: boolean,
): string {
  if (by === undefined || at === undefined) return isOpen ? words.noLongerUnclaimed : words.takenElsewhere;
  const time = timeWords(at, "clock");
  return number === undefined ? words.claimedByAt(by, time) : words.claimedBy(by, number, time);
}
