// What a colleague is doing, as a mark with its word: never by colour alone.
import { CircleCheck, CircleDashed, ClipboardPen, PhoneCall, PhoneIncoming } from "lucide-react";
import type { ReactNode } from "react";
import { text } from "../../text/en";
import { Badge, type Tone } from "../../ui";
import type { Agent } from "./agents";

const LOOKS: Record<Agent["status"], { tone: Tone; icon: ReactNode }> = {
  available: { tone: "ok", icon: <CircleCheck size={12} /> },
  ringing: { tone: "ours", icon: <PhoneIncoming size={12} /> },
  on_call: { tone: "ours", icon: <PhoneCall size={12} /> },
  wrap_up: { tone: "warn", icon: <ClipboardPen size={12} /> },
  offline: { tone: "neutral", icon: <CircleDashed size={12} /> },
};

export function AgentStatus({ agent }: { agent: Agent }) {
  const { tone, icon } = LOOKS[agent.status];
  return (
    <Badge tone={tone} icon={icon}>
      {text.phone.agentStatus[agent.status]}
    </Badge>
  );
}
