// The agents within the supervisor's scope: what each is doing and since when.
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Avatar, type Column, DataTable, EmptyState, ErrorState, harmless, SkeletonRows } from "../../ui";
import { AgentStatus } from "../phone/agent-status";
import { type Agent, useAgents } from "../phone/agents";
import { secondsSince } from "../phone/call-words";
import { useNow } from "../phone/use-now";

const w = text.supervisor;
const ORDER: Record<Agent["status"], number> = { on_call: 0, ringing: 1, wrap_up: 2, available: 3, offline: 4 };

export function AgentTable() {
  const agents = useAgents();
  const rows = (agents.data ?? []).toSorted(
    (one, other) => ORDER[one.status] - ORDER[other.status] || one.user.name.localeCompare(other.user.name),
  );
  return (
    <section aria-labelledby="agents" className="min-w-0">
      <h2 id="agents" className="mb-2 text-base font-semibold">
        {w.agents}
      </h2>
      {agents.isPending ? <SkeletonRows rows={4} /> : null}
      {agents.isError && agents.data === undefined ? (
        <ErrorState error={agents.error} what={w.agentsWhat} onRetry={() => void agents.refetch()} />
      ) : null}
      {agents.data !== undefined && rows.length === 0 ? (
        <div className="rounded-lg border border-line bg-surface">
          <EmptyState title={w.noAgents} />
        </div>
      ) : null}
      {rows.length > 0 ? (
        <DataTable caption={w.agents} columns={COLUMNS} rows={rows} rowKey={({ user }) => user.id} />
      ) : null}
    </section>
  );
}

const COLUMNS: readonly Column<Agent>[] = [
  {
    id: "agent",
    header: w.columns.agent,
    cell: ({ user }) => (
      <span className="flex min-w-0 items-center gap-2">
        <Avatar name={user.name} size="sm" />
        <bdi className="min-w-0 truncate font-medium">{harmless(user.name)}</bdi>
      </span>
    ),
  },
  { id: "status", header: w.columns.status, cell: (agent) => <AgentStatus agent={agent} /> },
  { id: "since", header: w.columns.since, align: "end", cell: (agent) => <Since agent={agent} /> },
];

const HOUR_S = 3_600;

function Since({ agent }: { agent: Agent }) {
  const now = useNow(agent.status !== "offline");
  if (!agent.since || agent.status === "offline") {
    return <span className="text-muted">–</span>;
  }
  const seconds = secondsSince(agent.since, now);
  return seconds < HOUR_S ? (
    <span className="text-muted tabular-nums">{text.phone.timer(seconds)}</span>
  ) : (
    <Time at={agent.since} style="short" />
  );
}
