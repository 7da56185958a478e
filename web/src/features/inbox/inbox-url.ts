// The state of the inbox as its address has it, so that a link, a reload and the back button bring the same view. Pure.
// Refuses what it does not know: an unknown word is as if it were not there.

import type { ListKey } from "../../live/model";

export const VIEWS = ["all", "mine", "unclaimed", "unknown", "attention", "dismissed"] as const;
export type View = (typeof VIEWS)[number];

/** What the address says: which list, and which conversation is open. */
export interface InboxState {
  readonly view: View;
  readonly conv?: string | undefined;
  readonly q?: string | undefined;
  readonly case?: string | undefined;
  readonly contact?: string | undefined;
  readonly role?: string | undefined;
  readonly channel?: "text" | "call" | undefined;
}

export type InboxFilter = "q" | "case" | "contact" | "role" | "channel";

export function parseInbox(search: string): InboxState {
  const params = new URLSearchParams(search);
  const word = (name: string) => params.get(name) || undefined;
  const channel = word("channel");
  return {
    view: VIEWS.find((view) => view === params.get("view")) ?? "all",
    conv: word("conv"),
    q: word("q"),
    case: word("case"),
    contact: word("contact"),
    role: word("role"),
    channel: channel === "text" || channel === "call" ? channel : undefined,
  };
}

/** The address of a state, without what is as usual. */
export function inboxHref(state: InboxState): string {
  const params = new URLSearchParams();
  if (state.view !== "all") params.set("view", state.view);
  for (const name of ["q", "case", "contact", "role", "channel", "conv"] as const) {
    const value = state[name];
    if (value !== undefined && value !== "") params.set(name, value);
  }
  const search = params.toString();
  return search === "" ? "/inbox" : `/inbox?${search}`;
}

/** The list that a state shows. */
export function listKeyOf(state: InboxState): ListKey {
  const key: ListKey = { view: state.view };
  if (state.q !== undefined) key.q = state.q;
  if (state.case !== undefined) key.case_id = state.case;
  if (state.contact !== undefined) key.contact_id = state.contact;
  if (state.role !== undefined) key.role = state.role;
  if (state.channel !== undefined) key.channel = state.channel;
  return key;
}

export function filtersOn(state: InboxState): number {
  return [state.case, state.contact, state.role, state.channel].filter((value) => value !== undefined).length;
}
