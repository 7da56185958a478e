// What screens use of the live store. Every hook keeps what it asks for alive while it is mounted, and gives the same object
// until something in it changed. Refuses to write: acts.ts does.
import { useCallback, useMemo, useSyncExternalStore } from "react";
import type { ApiError } from "../api/client";
import { useSignedIn } from "../session/session";
import { ConversationList, listTopic } from "./list";
import { messagesTopic } from "./live";
import type {
  CallView,
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
  Resource,
  SupervisorView,
} from "./model";
import type { Kept } from "./resource";
import { type CallsView, callsTopic } from "./resources";
import { rowTopic } from "./row";
import { currentConnection, live, watchConnection } from "./store";
import { Thread, threadTopic } from "./thread";

const nothing = (): void => {};

/** Conversations, the latest first, page by page. */
export function useList(key: ListKey): ListState {
  const topic = listTopic(key);
  // Equal keys are one list, however often a screen makes the key anew.
  // biome-ignore lint/correctness/useExhaustiveDependencies: the topic stands for the key
  const same = useMemo(() => key, [topic]);
  const subscribe = useCallback(
    (changed: () => void) => {
      const store = live();
      const release = store.lists.use(topic, () => new ConversationList(store, same));
      const stop = store.listen(topic, changed);
      return () => {
        stop();
        release();
      };
    },
    [topic, same],
  );
  return useSyncExternalStore(subscribe, () => live().list(same).snapshot);
}

/** One conversation by its id, whether or not a list shows it. */
export function useConversation(id: string | undefined): ConversationState {
  const subscribe = useCallback(
    (changed: () => void) => {
      if (id === undefined) {
        return nothing;
      }
      const store = live();
      const release = store.resources.holdRow(id);
      const stop = store.listen(rowTopic(id), changed);
      return () => {
        stop();
        release();
      };
    },
    [id],
  );
  return useSyncExternalStore(subscribe, () => (id === undefined ? noConversation : live().resources.row(id).snapshot));
}

const noConversation: ConversationState = { status: "loading" };

/** What stands in a conversation, ascending in time; with what the reader dismissed where that is asked for. */
export function useItems(conversationId: string | undefined, options: { dismissed?: boolean } = {}): ItemsState {
  const withDismissed = options.dismissed === true;
  const subscribe = useCallback(
    (changed: () => void) => {
      if (conversationId === undefined) {
        return nothing;
      }
      const store = live();
      const topic = threadTopic(conversationId);
      const release = store.threads.use(topic, () => new Thread(store, conversationId));
      const stop = store.listen(topic, changed);
      return () => {
        stop();
        release();
      };
    },
    [conversationId],
  );
  return useSyncExternalStore(subscribe, () =>
    conversationId === undefined ? noItems : live().thread(conversationId).snapshot(withDismissed),
  );
}

const noItems: ItemsState = {
  items: [],
  status: "loading",
  hasOlder: false,
  isLoadingOlder: false,
  loadOlder: nothing,
  reload: nothing,
};

/** A text that some thread has. */
export function useMessage(id: string): MessageView | undefined {
  const subscribe = useCallback((changed: () => void) => live().listen(messagesTopic, changed), []);
  return useSyncExternalStore(subscribe, () => live().message(id));
}

type Keep<T> = () => Kept<T>;

function useKept<T>(keep: Keep<T>): Resource<T> {
  const subscribe = useCallback(
    (changed: () => void) => {
      const kept = keep();
      kept.users += 1;
      const stop = live().listen(kept.topic, changed);
      return () => {
        stop();
        kept.users -= 1;
      };
    },
    [keep],
  );
  return useSyncExternalStore(subscribe, () => keep().snapshot);
}

/** How many conversations the views have; in one case, or everywhere. */
export function useCounts(scope: { case_id?: string } = {}): CountsView | undefined {
  const { case_id } = scope;
  return useKept(useCallback(() => live().resources.counts(case_id), [case_id])).value;
}

type Read = { status: ReadStatus | "gone"; error?: ApiError | undefined; reload(): void };

export function useCase(number: string): { case?: CaseView | undefined } & Read {
  const { value, ...read } = useKept(useCallback(() => live().resources.case(number), [number]));
  return { case: value, ...read };
}

export function useCaseContacts(number: string): { contacts: readonly CaseContactView[] } & Read {
  const { value, ...read } = useKept(useCallback(() => live().resources.caseContacts(number), [number]));
  return { contacts: value ?? noContacts, ...read };
}

const noContacts: readonly CaseContactView[] = [];

export function useContact(id: string): { details?: ContactDetails | undefined } & Read {
  const { value, ...read } = useKept(useCallback(() => live().resources.contact(id), [id]));
  return { details: value, ...read };
}

/** The organization's contact roles, in their order, those that are not used any more as well. */
export function useContactRoles(): readonly ContactRoleView[] {
  return useKept(useCallback(() => live().resources.roles(), [])).value ?? noRoles;
}

const noRoles: readonly ContactRoleView[] = [];

export type CallsState = { calls: readonly CallView[] } & Read;

/** The reader's own calls: that they make, that ring at them, that wait for their outcome. */
export function useMyCalls(): CallsState {
  return useCalls("mine");
}

/** All calls under way that the reader may see. */
export function useLiveCalls(): CallsState {
  return useCalls("live");
}

function useCalls(view: CallsView): CallsState {
  const { value, ...read } = useKept(useCallback(() => live().resources.calls(view), [view]));
  return { calls: value ?? noCalls, ...read };
}

const noCalls: readonly CallView[] = [];

/** Who supervises a call, as far as the reader may know. */
export function useSupervisors(callId: string): readonly SupervisorView[] {
  const subscribe = useCallback((changed: () => void) => live().listen(callsTopic("live"), changed), []);
  return useSyncExternalStore(subscribe, () => live().supervisors(callId));
}

/** Who is signed in. */
export function useMe(): Me {
  return useSignedIn();
}

/** The levels of who is signed in: 0 nothing, 1 see, 2 act, 3 manage. */
export function useAllowed(): Me["levels"] {
  return useSignedIn().levels;
}

export function useConnection(): ConnectionState {
  return useSyncExternalStore(watchConnection, currentConnection);
}
