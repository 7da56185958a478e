// Handing a call to a colleague: who is there, what they are doing, and one press. Whoever cannot take it now says why. The call
// stays here until it is taken.
import { Search } from "lucide-react";
import { useState } from "react";
import { useMe } from "../../live/hooks";
import type { CallView } from "../../live/model";
import { text } from "../../text/en";
import { Avatar, Banner, Dialog, ErrorState, Field, harmless, Input, SkeletonRows } from "../../ui";
import { useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";
import { AgentStatus } from "./agent-status";
import { type Agent, useAgents } from "./agents";
import { act } from "./phone-acts";

const w = text.phone;

export function TransferDialog({ call, onClose }: { call: CallView; onClose: () => void }) {
  const { user_id: me } = useMe();
  const agents = useAgents();
  const [query, setQuery] = useState("");
  const doing = useAct();
  useReturnFocus();
  const others = (agents.data ?? []).filter((agent) => agent.user.id !== me).toSorted(byReach);
  const asked = query.trim().toLocaleLowerCase();
  const shown = others.filter((agent) => agent.user.name.toLocaleLowerCase().includes(asked));
  const transfer = async (agent: Agent) => {
    if (await doing.run(() => act(call.id, { act: "transfer", to_user_id: agent.user.id }))) {
      onClose();
    }
  };
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={onClose}
      busy={doing.busy}
      title={w.transferTitle}
      description={w.transferDescription}
    >
      {doing.beyond() ? (
        <Banner tone="bad" className="mb-3">
          {doing.beyond()}
        </Banner>
      ) : null}
      {others.length > 6 ? (
        <Field label={w.transferSearch} className="mb-3">
          <Input autoFocus value={query} onValueChange={setQuery} icon={<Search size={14} />} />
        </Field>
      ) : null}
      {agents.isPending ? <SkeletonRows rows={3} /> : null}
      {agents.isError && agents.data === undefined ? (
        <ErrorState error={agents.error} what={w.agentsWhat} onRetry={() => void agents.refetch()} />
      ) : null}
      {agents.data !== undefined && shown.length === 0 ? (
        <p className="py-4 text-center text-muted">{others.length === 0 ? w.transferNobody : w.transferNoMatch}</p>
      ) : null}
      <ul className="-mx-2 flex flex-col">
        {shown.map((agent) => (
          <li key={agent.user.id}>
            <button
              type="button"
              aria-label={w.transferTo(agent.user.name)}
              aria-disabled={agent.status !== "available" || doing.busy || undefined}
              onClick={() => (agent.status === "available" ? void transfer(agent) : undefined)}
              className="flex min-h-11 w-full items-center gap-3 rounded-md px-2 py-1.5 text-left not-aria-disabled:hover:bg-hover aria-disabled:cursor-not-allowed"
            >
              <Avatar name={agent.user.name} />
              <bdi className="min-w-0 flex-1 truncate font-medium">{harmless(agent.user.name)}</bdi>
              <AgentStatus agent={agent} />
            </button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}

const REACH: Record<Agent["status"], number> = { available: 0, wrap_up: 1, ringing: 2, on_call: 3, offline: 4 };

function byReach(one: Agent, other: Agent): number {
  return REACH[one.status] - REACH[other.status] || one.user.name.localeCompare(other.user.name);
}
