// Which screen an address shows. Every screen is a file of its own that is fetched when it is first needed; the one that the
// page opens with is fetched at once, beside the question who is signed in.
import { type ComponentType, lazy } from "react";

type Screen = ComponentType<object>;
type Load = () => Promise<{ default: Screen }>;

const screen = (load: () => Promise<Screen>): Load => {
  let loading: Promise<{ default: Screen }> | undefined;
  return () => {
    loading ??= load().then((found) => ({ default: found }));
    return loading;
  };
};

const inbox = screen(() => import("./features/inbox/inbox-page").then((m) => m.InboxPage));
const cases = screen(() => import("./features/cases/cases-page").then((m) => m.CasesPage));
const caseView = screen(() => import("./features/cases/case-page").then((m) => m.CasePage));
const contacts = screen(() => import("./features/contacts/contacts-page").then((m) => m.ContactsPage));
const contact = screen(() => import("./features/contacts/contact-page").then((m) => m.ContactPage));
const leads = screen(() => import("./features/contacts/leads-page").then((m) => m.LeadsPage));
const lead = screen(() => import("./features/contacts/lead-page").then((m) => m.LeadPage));
const phone = screen(() => import("./features/phone/phone-page").then((m) => m.PhonePage));
const supervisor = screen(() => import("./features/supervisor/supervisor-page").then((m) => m.SupervisorPage));
const search = screen(() => import("./features/search/search-page").then((m) => m.SearchPage));
const reports = screen(() => import("./features/reports/reports-page").then((m) => m.ReportsPage));
const tasks = screen(() => import("./features/tasks/tasks-page").then((m) => m.TasksPage));
const admin = screen(() => import("./features/admin/admin").then((m) => m.AdminScreen));
const audit = screen(() => import("./features/audit/audit-page").then((m) => m.AuditPage));
const activity = screen(() => import("./features/audit/activity-page").then((m) => m.ActivityPage));
const record = screen(() => import("./features/record/record-page").then((m) => m.RecordPage));
const settings = screen(() => import("./features/settings/settings").then((m) => m.SettingsScreen));

const table: readonly (readonly [path: string, load: Load])[] = [
  ["/inbox", inbox],
  ["/cases", cases],
  ["/cases/:number", caseView],
  ["/cases/:number/activity", activity],
  ["/cases/:number/communications", record],
  ["/contacts", contacts],
  ["/contacts/:id", contact],
  ["/leads", leads],
  ["/leads/:id", lead],
  ["/phone", phone],
  ["/supervisor", supervisor],
  ["/search", search],
  ["/reports", reports],
  ["/reports/:name", reports],
  ["/tasks", tasks],
  ["/admin", admin],
  ["/admin/:section", admin],
  ["/audit", audit],
  ["/settings", settings],
];

export const routes = table.map(([path, load]) => ({ path, Screen: lazy(load) }));

/** Begins to fetch the screen of an address. */
export function fetchScreen(address: string): void {
  const found = table.find(([path]) => new RegExp(`^${path.replace(/:[a-z]+/g, "[^/]+")}/?$`).test(address));
  void (found?.[1] ?? inbox)().catch(() => {});
}
