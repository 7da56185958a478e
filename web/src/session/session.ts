// Who is signed in. Reads it when the page opens, signs in and out, and notices that the sign-in ended while somebody worked:
// then everything stays on the screen and a dialog asks for the password again. Opens and closes the live store. In another
// site's frame the same machine runs on a token (embed/). Refuses to keep anything beyond the tab.
import { useSyncExternalStore } from "react";
import { ApiError, api, tellSignedOut, unwrap } from "../api/client";
import type { Effects } from "../live/live";
import type { Me } from "../live/model";
import { queryClient } from "../live/requests";
import { closeLive, openLive, resumeLive } from "../live/store";
import { setZone } from "../time/zone";

export type Session =
  | { at: "loading" }
  | { at: "failed"; error: ApiError }
  | { at: "signed-out" }
  | { at: "signed-in"; me: Me }
  /** It ended while it was used. */
  | { at: "ended"; me: Me };

let session: Session = { at: "loading" };
const listeners = new Set<() => void>();

function become(next: Session): void {
  session = next;
  for (const listener of listeners) {
    listener();
  }
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function useSession(): Session {
  return useSyncExternalStore(watch, () => session);
}

/** Who is signed in; only the signed-in part of the app may ask. */
export function useSignedIn(): Me {
  const known = useSession();
  if (known.at !== "signed-in" && known.at !== "ended") {
    throw new Error("only the signed-in part of the app may ask who is signed in");
  }
  return known.me;
}

/** Finds out who is signed in, and goes on with them; once more after a new sign-in. */
export async function enter(): Promise<void> {
  if (session.at === "failed") {
    become({ at: "loading" });
  }
  try {
    const { me } = await unwrap(api.GET("/api/session"));
    const before = session;
    if (me === null) {
      if (before.at === "loading") {
        become({ at: "signed-out" });
      }
      return;
    }
    if ((before.at === "signed-in" || before.at === "ended") && before.me.user_id !== me.user_id) {
      // What is on the screen was somebody else's.
      leave();
      location.reload();
      return;
    }
    setZone(me.time_zone);
    if (before.at === "signed-in" || before.at === "ended") {
      become({ at: "signed-in", me });
      resumeLive();
      return;
    }
    openLive(me.user_id, { readerChanged: () => void refreshMe(), othersChanged }, tellSignedOut);
    become({ at: "signed-in", me });
  } catch (thrown) {
    const error = ApiError.of(thrown);
    if (session.at !== "loading") {
      return;
    }
    become(error.status === 401 ? { at: "signed-out" } : { at: "failed", error });
  }
}

/** Signs in; throws ApiError where that is refused. */
export async function signIn(email: string, password: string): Promise<void> {
  await unwrap(api.POST("/api/session", { body: { email, password } }));
  if (session.at === "signed-out") {
    become({ at: "loading" });
  }
  await enter();
}

const farewells = new Set<() => Promise<void>>();

/** What is to be done while one is still signed in, before signing out; its failure keeps nobody. */
export function beforeSignOut(farewell: () => Promise<void>): () => void {
  farewells.add(farewell);
  return () => {
    farewells.delete(farewell);
  };
}

/** Signs out, and forgets what was being written. */
export async function signOut(): Promise<void> {
  await Promise.allSettled([...farewells].map((farewell) => farewell()));
  try {
    await unwrap(api.DELETE("/api/session"));
  } catch (thrown) {
    if (ApiError.of(thrown).status !== 401) {
      throw thrown;
    }
  }
  leave();
}

/** Goes to the sign-in page without asking the server: the sign-in is over. */
export function leave(): void {
  sessionStorage.clear();
  queryClient.clear();
  closeLive();
  become({ at: "signed-out" });
}

/** The sign-in ended while it was used. */
export function sessionEnded(): void {
  if (session.at === "signed-in") {
    become({ at: "ended", me: session.me });
  }
}

let isRefreshing = false;

/** Rights or names changed: who is signed in may be another. */
async function refreshMe(): Promise<void> {
  if (isRefreshing) {
    return;
  }
  isRefreshing = true;
  try {
    const me = await unwrap(api.GET("/api/me"));
    if (session.at === "signed-in" && session.me.user_id === me.user_id) {
      setZone(me.time_zone);
      become({ at: "signed-in", me });
    }
  } catch {
    // The next change of rights, or the next page, asks again.
  } finally {
    isRefreshing = false;
  }
}

const STALE_AFTER: Record<string, readonly string[]> = {
  cases: ["cases", "choices"],
  contacts: ["contacts", "leads", "choices"],
  settings: ["settings", "numbers", "choices", "dispositions"],
  calls: ["agents", "calls"],
  tasks: ["tasks"],
  documents: ["documents"],
};

/** What has no events of its own is read again where a screen shows it. */
function othersChanged(what: Parameters<Effects["othersChanged"]>[0]): void {
  if (what === "settings") {
    void refreshMe();
  }
  const kinds = STALE_AFTER[what];
  void queryClient.invalidateQueries(
    kinds === undefined ? {} : { predicate: ({ queryKey }) => kinds.includes(String(queryKey[0])) },
  );
}
