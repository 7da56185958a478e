// Claim: one button in a case's own view, one for each candidate case in the global inbox, numbered as the keys 1 to 9 are. More
// than a few go into a menu.

import { Hand } from "lucide-react";
import { useShortcut } from "../../keys/registry";
import { useCase } from "../../live/hooks";
import { text } from "../../text/en";
import { Button, Kbd, Menu, plain, UntrustedText } from "../../ui";

const words = text.thread;

/** How many candidates have a button of their own. */
const IN_SIGHT = 4;

interface Props {
  readonly caseNumber: string | undefined;
  readonly candidates: readonly string[];
  /** The case whose conversation one is in. */
  readonly own: string | undefined;
  readonly running: string | undefined;
  readonly isArmed: boolean;
  readonly onClaim: (caseNumber: string) => void;
}

export function CandidateButtons(props: Props) {
  const { caseNumber, candidates, running, onClaim } = props;
  const keys = useShortcut("thread.claim");
  if (caseNumber !== undefined) {
    return (
      <Button
        size="sm"
        variant="primary"
        busy={running !== undefined}
        icon={<Hand aria-hidden size={14} />}
        aria-keyshortcuts={keys?.join(" ")}
        data-claim
        onClick={() => onClaim(caseNumber)}
      >
        {running === undefined ? words.claimForThisCase : words.claiming}
      </Button>
    );
  }
  const inSight = candidates.length > IN_SIGHT ? candidates.slice(0, IN_SIGHT - 1) : candidates;
  const further = candidates.slice(inSight.length);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a fieldset draws what no banner wants
    <div role="group" aria-label={words.claimFor} className="flex min-w-0 flex-wrap items-center gap-1.5">
      <span aria-hidden className="text-muted text-sm">
        {words.claimFor}
      </span>
      {inSight.map((number, at) => (
        <CandidateButton key={number} {...props} number={number} place={at + 1} />
      ))}
      {further.length > 0 && (
        <Menu
          trigger={
            <Button size="sm" disabled={running !== undefined}>
              {words.moreCases}
            </Button>
          }
          items={further.map((number) => ({ id: number, label: number, onSelect: () => onClaim(number) }))}
        />
      )}
    </div>
  );
}

function CandidateButton({ number, place, own, running, isArmed, onClaim }: Props & { number: string; place: number }) {
  const name = useCase(number).case?.name;
  const isRunning = running === number;
  return (
    <Button
      size="sm"
      variant={number === own ? "primary" : "secondary"}
      busy={isRunning}
      disabled={running !== undefined && !isRunning}
      aria-label={isRunning ? words.claiming : plain(words.claimForCase(name ? `${number} ${name}` : number))}
      title={name ? plain(name) : undefined}
      data-claim
      className="max-w-full min-w-0"
      onClick={() => onClaim(number)}
    >
      {isArmed && place <= 9 && !isRunning && <Kbd keys={[String(place)]} />}
      <span className="max-w-40 truncate">{isRunning ? words.claiming : <UntrustedText text={number} />}</span>
    </Button>
  );
}
