// "Why is this here?": the decision, the cases that were looked at, the window, and what happened since, in plain sentences. The
// sentences are made by routing-sentences.ts; this shows them, loading and failing.

import { useRouting } from "../../live/requests";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Badge, ErrorState, Skeleton, UntrustedText } from "../../ui";
import { HistoryList } from "./history-list";
import { casesLookedAt, decisionSentence, type LookedAt, span } from "./routing-sentences";

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
      <HistoryList label={words.since} steps={history} />
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
