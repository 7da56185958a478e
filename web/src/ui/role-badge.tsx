// A role in a case, toned by its side: ours (the client, our expert), adverse (with scales and the word), neutral (all others and the
// firm's own). Refuses to say a side by colour alone: the word always stands there.

import { Scale } from "lucide-react";
import { Badge, type Tone } from "./badge";
import { harmless } from "./untrusted";

const OURS = new Set(["client", "expert witness"]);
const ADVERSE = new Set(["opposing party", "opposing counsel"]);

export function sideOfRole(role: string | null | undefined): "ours" | "adverse" | "neutral" {
  const key = role?.trim().toLowerCase() ?? "";
  if (OURS.has(key)) {
    return "ours";
  }
  return ADVERSE.has(key) ? "adverse" : "neutral";
}

export type RoleBadgeProps = { role: string | null | undefined; className?: string | undefined };

export function RoleBadge({ role, className }: RoleBadgeProps) {
  if (!role) {
    return null;
  }
  const side = sideOfRole(role);
  const tone: Tone = side;
  return (
    <Badge tone={tone} icon={side === "adverse" ? <Scale size={12} /> : undefined} className={className}>
      <bdi>{harmless(role)}</bdi>
    </Badge>
  );
}
