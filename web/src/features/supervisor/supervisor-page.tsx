// The supervisor's console: calls under way that one may supervise, how one takes part in one of them, and what the agents are doing.
// Refuses to decide anything: each mode is asked of the server, which lets sound flow only after it is written down.
import { Headphones, PhoneOff } from "lucide-react";
import { useAllowed, useLiveCalls, useMe } from "../../live/hooks";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { EmptyState, ErrorState, ForbiddenState, SkeletonRows } from "../../ui";
import { AgentTable } from "./agent-table";
import { LiveCall } from "./live-call";
import { useSupervising } from "./supervising";

const w = text.supervisor;

export function SupervisorPage() {
  const { calls } = useAllowed();
  usePageTitle(w.title);
  return calls >= 3 ? (
    <Console />
  ) : (
    <ForbiddenState title={<h1>{text.shell.forbiddenTitle}</h1>} hint={w.forbidden} className="h-full" />
  );
}

function Console() {
  return (
    <div className="@container/console h-full overflow-y-auto">
      <div className="mx-auto grid w-full max-w-6xl grid-cols-[minmax(0,1fr)_26rem] items-start gap-5 p-5 @max-[960px]/console:grid-cols-[minmax(0,1fr)] @max-[960px]/console:p-3">
        <h1 className="col-span-full text-xl font-semibold">{w.title}</h1>
        <LiveCalls />
        <AgentTable />
      </div>
    </div>
  );
}

function LiveCalls() {
  const { calls, status, error, reload } = useLiveCalls();
  const { user_id: me } = useMe();
  const supervising = useSupervising();
  const talking = calls.filter((call) => call.user != null);
  return (
    <section aria-labelledby="live-calls" className="flex min-w-0 flex-col gap-3">
      <div>
        <h2 id="live-calls" className="flex items-center gap-2 text-base font-semibold">
          <Headphones aria-hidden="true" size={16} />
          {w.live}
          {talking.length > 0 ? <span className="font-normal text-muted">{talking.length}</span> : null}
        </h2>
        <p className="text-sm text-muted">{w.liveHint}</p>
      </div>
      {status === "loading" ? <SkeletonRows rows={3} /> : null}
      {status === "error" || status === "gone" ? (
        <ErrorState error={error} what={w.callsWhat} onRetry={reload} />
      ) : null}
      {status === "forbidden" ? <ForbiddenState hint={w.forbidden} /> : null}
      {status === "ready" && talking.length === 0 ? (
        <div className="rounded-lg border border-line bg-surface">
          <EmptyState icon={<PhoneOff size={20} />} title={w.noCalls} hint={w.noCallsHint} />
        </div>
      ) : null}
      <ul className="flex flex-col gap-3 empty:hidden">
        {talking.map((call) => (
          <li key={call.id}>
            <LiveCall call={call} isOwn={call.user?.id === me} supervising={supervising} />
          </li>
        ))}
      </ul>
    </section>
  );
}
