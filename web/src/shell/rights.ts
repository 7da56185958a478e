// Which places the rail and the palette offer, by levels. Refuses to guard anything: the server does, this only leaves out doors that would
// be locked.
import type { Schemas } from "../api/client";

export type PlaceName =
  | "inbox"
  | "cases"
  | "contacts"
  | "leads"
  | "phone"
  | "supervisor"
  | "search"
  | "reports"
  | "tasks"
  | "audit"
  | "admin"
  | "settings";

export const PATHS: Record<PlaceName, string> = {
  inbox: "/inbox",
  cases: "/cases",
  contacts: "/contacts",
  leads: "/leads",
  phone: "/phone",
  supervisor: "/supervisor",
  search: "/search",
  reports: "/reports",
  audit: "/audit",
  tasks: "/tasks",
  admin: "/admin/users",
  settings: "/settings",
};

export function placesFor(levels: Schemas["Levels"]): readonly PlaceName[] {
  const places: [PlaceName, boolean][] = [
    ["inbox", levels.sms > 0 || levels.calls > 0],
    ["cases", levels.case_contacts > 0 || levels.sms > 0 || levels.calls > 0],
    ["contacts", levels.case_contacts > 0],
    ["leads", levels.sms > 0],
    ["phone", levels.calls > 0],
    ["supervisor", levels.calls >= 3],
    ["search", levels.case_contacts > 0 || levels.sms > 0 || levels.calls > 0],
    ["reports", levels.sms > 0],
    ["audit", levels.audit > 0],
    ["tasks", levels.case_contacts > 0 || levels.sms > 0 || levels.calls > 0],
    ["admin", levels.settings > 0],
    ["settings", true],
  ];
  return places.filter(([, open]) => open).map(([name]) => name);
}

/** Where one begins: the first place of the rail. */
export function homeFor(levels: Schemas["Levels"]): string {
  return PATHS[placesFor(levels)[0] ?? "settings"];
}
