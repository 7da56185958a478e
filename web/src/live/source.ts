// Where the live store reads from, as an interface, so that tests can put a world of their own behind it; and the API as
// such a source. Refuses to keep or retry anything.
import { api, type Schemas, unwrap } from "../api/client";
import type {
  CallView,
  CaseContactView,
  CaseView,
  ContactDetails,
  ContactRoleView,
  ConversationView,
  CountsView,
  ListKey,
  StepLineView,
} from "./model";
import { said } from "./said";

export type Page<T> = { items: readonly T[]; next_cursor?: string | null };
export type ItemView = Schemas["ItemView"];

export interface Source {
  conversations(key: ListKey, cursor: string | undefined, limit: number): Promise<Page<ConversationView>>;
  conversation(id: string): Promise<ConversationView>;
  /** With what the reader dismissed, marked so; the latest first. */
  items(id: string, cursor: string | undefined, limit: number): Promise<Page<ItemView>>;
  steps(id: string): Promise<readonly StepLineView[]>;
  counts(caseNumber: string | undefined): Promise<CountsView>;
  case(number: string): Promise<CaseView>;
  caseContacts(number: string): Promise<readonly CaseContactView[]>;
  contact(id: string): Promise<ContactDetails>;
  contactRoles(): Promise<readonly ContactRoleView[]>;
  /** The reader's own calls, or all under way that they may see. */
  calls(view: "mine" | "live"): Promise<readonly CallView[]>;
}

const by = <T extends object>(path: T) => ({ params: { path } });

export const apiSource: Source = {
  async conversations(key, cursor, limit) {
    const query = said({ ...key, cursor, limit });
    return await unwrap(api.GET("/api/omnichannel/conversations", { params: { query } }));
  },
  async conversation(id) {
    return await unwrap(api.GET("/api/omnichannel/conversations/{id}", by({ id })));
  },
  async items(id, cursor, limit) {
    const query = said({ dismissed: true, cursor, limit });
    return await unwrap(api.GET("/api/omnichannel/conversations/{id}/items", { params: { path: { id }, query } }));
  },
  async steps(id) {
    const { items } = await unwrap(api.GET("/api/omnichannel/conversations/{id}/steps", by({ id })));
    return items;
  },
  async counts(caseNumber) {
    const query = said({ case_id: caseNumber });
    return await unwrap(api.GET("/api/omnichannel/counts", { params: { query } }));
  },
  async case(number) {
    return await unwrap(api.GET("/api/cases/{mycase_case_id}", by({ mycase_case_id: number })));
  },
  async caseContacts(number) {
    const { items } = await unwrap(api.GET("/api/cases/{mycase_case_id}/contacts", by({ mycase_case_id: number })));
    return items;
  },
  async contact(id) {
    return await unwrap(api.GET("/api/contacts/{id}", by({ id })));
  },
  async contactRoles() {
    const { items } = await unwrap(api.GET("/api/contact-roles"));
    return items;
  },
  async calls(view) {
    const items: CallView[] = [];
    let cursor: string | undefined;
    do {
      const query = said({ view, cursor, limit: 100 });
      const page: Page<CallView> = await unwrap(api.GET("/api/calls", { params: { query } }));
      items.push(...page.items);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined);
    return items;
  },
};
