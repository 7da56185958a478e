// What the address says of the communications of a case, as the server asks it. Pure.
import type { Schemas } from "../../api/client";
import { momentOf } from "../audit/audit-query";

export type RecordItem = Schemas["CommunicationsPage"]["items"][number];
export type ExportFilter = Schemas["ExportFilter"];
export const FILTERS = ["channel", "direction", "contact_id", "role", "user_id", "from", "until"] as const;

export function filterOf(read: (name: string) => string | undefined) {
  return {
    channel: (["text", "call"] as const).find((one) => one === read("channel")),
    direction: (["inbound", "outbound"] as const).find((one) => one === read("direction")),
    contact_id: read("contact_id"),
    role: read("role"),
    user_id: read("user_id"),
    from: momentOf(read("from"), "begins"),
    until: momentOf(read("until"), "ends"),
  };
}

/** Bytes for people. */
export function sizeWords(bytes: number): string {
  const kilo = bytes / 1024;
  return kilo < 1024 ? `${Math.max(1, Math.round(kilo))} KB` : `${(kilo / 1024).toFixed(1)} MB`;
}
