// The embedded app: a session from the host's launch token, then the case. When the session ends while somebody works, everything stays
// on the screen, drafts too, until the host has handed over a new token. Refuses a sign-in form: nobody types a password in a frame.
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, type ReactNode, Suspense, useEffect, useRef } from "react";
import { Route, Switch } from "wouter";
import { queryClient } from "../live/requests";
import { CrashBarrier } from "../session/crash-barrier";
import { type Session, useSession } from "../session/session";
import { text } from "../text/en";
import { AlertDialog, EmptyState, SkeletonRows } from "../ui";
import type { Handshake } from "./handshake";
import type { LaunchState } from "./launch";
import { LaunchScreen } from "./launch-screen";
import { useLaunch } from "./use-launch";

const w = text.embed;

// Fetched while the host hands over its token.
const fetched = import("./embedded-case").then((m) => ({ default: m.EmbeddedCase }));
fetched.catch(() => {});
const EmbeddedCase = lazy(() => fetched);

export function EmbedApp() {
  const { state, handshake, askAgain } = useLaunch();
  const session = useSession();
  if (session.at !== "signed-in" && session.at !== "ended") {
    return (
      <OwnHeight handshake={handshake}>
        <LaunchScreen state={shownOf(state, session.at)} onAgain={askAgain} />
      </OwnHeight>
    );
  }
  return (
    <QueryClientProvider client={queryClient}>
      <CrashBarrier place={session.me.user_id}>
        <Switch>
          <Route path="/embed/cases/:number?">
            <Suspense fallback={<SkeletonRows />}>
              <EmbeddedCase key={session.me.user_id} handshake={handshake} />
            </Suspense>
          </Route>
          <Route>
            <EmptyState title={w.noCaseTitle} hint={w.noCaseHint} />
          </Route>
        </Switch>
      </CrashBarrier>
      <AlertDialog open={session.at === "ended"} onOpenChange={() => {}} title={w.endedTitle} actions={null}>
        <LaunchScreen state={state} onAgain={askAgain} />
      </AlertDialog>
    </QueryClientProvider>
  );
}

/** A session stands, yet who it is of could not be read. */
function shownOf(state: LaunchState | undefined, session: Session["at"]): LaunchState | undefined {
  return state?.at === "in" && session !== "loading" ? { at: "unavailable" } : state;
}

/** Tells the host how high these few words are. */
function OwnHeight({ handshake, children }: { handshake: Handshake; children: ReactNode }) {
  const place = useRef<HTMLDivElement>(null);
  useEffect(() => {
    const element = place.current;
    if (element === null) {
      return;
    }
    const observer = new ResizeObserver(() => handshake.height(element.scrollHeight));
    observer.observe(element);
    return () => observer.disconnect();
  }, [handshake]);
  return (
    <main ref={place} aria-label={w.landmark}>
      {children}
    </main>
  );
}
