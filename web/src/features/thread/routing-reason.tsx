// "Why is this here?": the decision, the cases that were looked at, the window, and what happened since, in plain sentences. The
// sentences are made by routing-sentences.ts; this shows them, loading and failing.

import { useRouting } from "../../live/requests";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Badge, ErrorState, Skeleton, UntrustedText } from "../../ui";
import { casesLookedAt, decisionSentence, type LookedAt, span, stepSentence } from "./routing-sentences";

const words = text.thread.routing;

export function RoutingReason({ messageId }: { messageId: string }) {
  const routing = useRouting(messageId);
  if (routing.isPending) {
    return (
      <div role="status" className="flex animate-appear flex-col gap-2 py-1">
        <span className="sr-only">{words.loading}</span>
        <Skeleton className="h-3 w-full" />
        <Skeleton className="h-3 w-2/3" />
      </div>
    );
  }
  if (routing.data === undefined) {
    return (
      <ErrorState
        error={routing.error ?? undefined}
        what={words.failed}
        onRetry={() => routing.refetch()}
        className="py-2"
      />
    );
  }
  const { rule, history, window_seconds: window, decided_at: decidedAt } = routing.data;
  const cases = casesLookedAt(routing.data);
  const isAboutSessions = rule === "one_session" || rule === "no_session" || rule === "several_sessions";
  return (
    <div className="flex flex-col gap-3">
      <p>
        <UntrustedText text={decisionSentence(routing.data)} />
      </p>
      {cases.length > 1 && (
        <section aria-label={words.cases}>
          <h3 className="mb-1 font-medium text-muted text-xs">{words.cases}</h3>
          <ul className="m-0 flex list-none flex-col gap-1 p-0">
            {cases.map((one) => (
              <CaseLine key={one.caseId} looked={one} />
            ))}
          </ul>
        </section>
      )}
      {isAboutSessions && window ? <p className="text-muted text-xs">{words.window(span(window))}</p> : null}
      {history.length > 0 && (
        <section aria-label={words.since}>
          <h3 className="mb-1 font-medium text-muted text-xs">{text.thread.history}</h3>
          <ol className="m-0 flex list-none flex-col gap-1 p-0">
            {history.map((step, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a history only grows at its end
              <li key={at} className="flex gap-3">
                <span className="min-w-0 flex-1">
                  <UntrustedText text={stepSentence(step)} />
                </span>
                <Time at={step.at} style="short" className="shrink-0 text-muted text-xs" />
              </li>
            ))}
          </ol>
        </section>
      )}
      {decidedAt ? (
        <p className="text-muted text-xs">
          {words.decided} <Time at={decidedAt} style="full" />
        </p>
      ) : null}
    </div>
  );
}

function CaseLine({ looked }: { looked: LookedAt }) {
  return (
    <li className="flex flex-wrap items-center gap-x-2">
      <span className="font-medium">
        <UntrustedText text={looked.number} />
      </span>
      <span className="min-w-0 flex-1 text-muted">
        {looked.sessionAge === undefined ? words.neverTexted : words.session(span(looked.sessionAge))}
      </span>
      {looked.sessionAge !== undefined && (
        <Badge tone={looked.hasSession ? "ok" : "neutral"}>
          {looked.hasSession ? words.sessionHeld : words.sessionOver}
        </Badge>
      )}
    </li>
  );
}
