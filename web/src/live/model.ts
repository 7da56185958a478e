// What the live store keeps and what its hooks give: types alone. How it changes: reduce.ts; how lists follow from it:
// membership.ts.
import type { ApiError, Schemas } from "../api/client";

export type ConversationView = Schemas["ConversationView"];
export type MessageView = Schemas["MessageView"];
export type StepLineView = Schemas["StepLineView"];
export type PersonView = Schemas["PersonView"];
export type CountsView = Schemas["CountsView"];
export type CaseView = Schemas["CaseView"];
export type CaseContactView = Schemas["CaseContactView"];
export type ContactView = Schemas["ContactView"];
export type ContactDetails = Schemas["ContactDetails"];
export type ContactRoleView = Schemas["ContactRoleView"];
export type CallView = Schemas["CallView"];
export type RecordingView = Schemas["RecordingView"];
export type SupervisionMode = Schemas["Mode"];
export type SupervisorView = Schemas["SupervisorView"];
export type Me = Schemas["Me"];

/** An event as the description has it; the socket adds a number and a time, which `access_changed` may lack. */
export type LiveEvent = Schemas["Event"] & { seq?: number; at?: string };

export type ViewName = "all" | "mine" | "unclaimed" | "unknown" | "attention" | "dismissed";

/** Which conversations; a part that is left out does not narrow. `case_id` is the firm's number of the case. */
export type ListKey = {
  view?: ViewName | undefined;
  case_id?: string | undefined;
  contact_id?: string | undefined;
  lead_id?: string | undefined;
  q?: string | undefined;
  role?: string | undefined;
  channel?: "text" | "call" | undefined;
};

export type ReadStatus = "loading" | "ready" | "error" | "forbidden";

export type ListState = {
  ids: readonly string[];
  status: ReadStatus;
  error?: ApiError | undefined;
  hasMore: boolean;
  /** Whether the next page is on its way. */
  isLoadingMore: boolean;
  /** How many rows ever left; who they were is asked for, so that nothing goes through the whole list at every change. */
  leftCount: number;
  /** Who left after so many had, up to so many; some of them may be back. */
  leftBetween(from: number, to: number): readonly string[];
  /** Whether the list has the row now. */
  has(id: string): boolean;
  loadMore(): void;
  reload(): void;
};

export type ConversationState = {
  conversation?: ConversationView | undefined;
  status: "loading" | "ready" | "error" | "gone";
  error?: ApiError | undefined;
};

export type Item =
  | { kind: "text"; message: MessageView }
  | { kind: "call"; call: CallView }
  | { kind: "step"; step: StepLineView };

export type ItemsState = {
  /** Ascending in time. */
  items: readonly Item[];
  status: ReadStatus | "gone";
  error?: ApiError | undefined;
  hasOlder: boolean;
  isLoadingOlder: boolean;
  loadOlder(): void;
  reload(): void;
};

/** One thing that was read: absent while loading, kept while it is read anew. */
export type Resource<T> = {
  value?: T | undefined;
  status: ReadStatus | "gone";
  error?: ApiError | undefined;
  reload(): void;
};

export type ConnectionState = {
  state: "connecting" | "live" | "catching_up" | "offline";
  /** Up to when everything is shown, while it is not live. */
  upTo?: string | undefined;
  /** How many texts came in that were missed, while catching up and for a moment after. */
  missed?: number | undefined;
};
