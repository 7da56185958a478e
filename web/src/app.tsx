// The app: who is signed in, and which screen an address shows inside the shell. Refuses to know what screens do.
import { QueryClientProvider } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Link, Redirect, Route, Switch, useLocation } from "wouter";
import { queryClient } from "./live/requests";
import { routes } from "./routes";
import { CrashBarrier } from "./session/crash-barrier";
import { enter, signOut, useSession } from "./session/session";
import { VersionNotice } from "./session/version-notice";
import { patiently, whenIdle } from "./shell/patience";
import { Shell } from "./shell/shell";
import { text } from "./text/en";
import { buttonClass, EmptyState, ErrorState, SkeletonRows, Spinner } from "./ui";

const w = text.session;

const SignInPage = lazy(() => import("./session/sign-in-page").then((m) => ({ default: m.SignInPage })));
// The first screen goes before the phone, and the phone before everything else.
const PhoneHost = lazy(async () => {
  await whenIdle();
  return await patiently(() => import("./features/phone/phone-host").then((m) => ({ default: m.PhoneHost })));
});
const SignInAgain = lazy(() => import("./session/sign-in-again").then((m) => ({ default: m.SignInAgain })));

export function App() {
  const session = useSession();
  switch (session.at) {
    case "loading":
      return (
        <main className="flex h-full items-center justify-center">
          <Spinner label={w.loading} size={24} />
        </main>
      );
    case "failed":
      return (
        <main className="flex h-full items-center justify-center">
          <ErrorState error={session.error} what={w.product} onRetry={() => void enter()} />
        </main>
      );
    case "signed-out":
      return (
        <Suspense>
          <SignInPage />
        </Suspense>
      );
    case "signed-in":
    case "ended":
      return <SignedIn key={session.me.user_id} />;
  }
}

function SignedIn() {
  const session = useSession();
  return (
    <QueryClientProvider client={queryClient}>
      <Shell
        onSignOut={signOut}
        callBar={
          <>
            <VersionNotice />
            <Suspense>
              <PhoneHost />
            </Suspense>
          </>
        }
      >
        <Screens />
      </Shell>
      {session.at === "ended" ? (
        <Suspense>
          <SignInAgain />
        </Suspense>
      ) : null}
    </QueryClientProvider>
  );
}

function Screens() {
  const [address] = useLocation();
  return (
    <CrashBarrier place={address}>
      <Suspense fallback={<SkeletonRows />}>
        <Switch>
          <Route path="/">
            <Redirect to="/inbox" replace />
          </Route>
          <Route path="/sign-in">
            <Redirect to="/inbox" replace />
          </Route>
          {routes.map(({ path, Screen }) => (
            <Route key={path} path={path}>
              <Screen />
            </Route>
          ))}
          <Route>
            <NotFound />
          </Route>
        </Switch>
      </Suspense>
    </CrashBarrier>
  );
}

function NotFound() {
  useEffect(() => {
    document.title = w.titleOf(w.notFoundTitle);
  }, []);
  return (
    <div className="pt-10">
      <EmptyState
        title={<h1>{w.notFoundTitle}</h1>}
        hint={w.notFoundHint}
        action={
          <Link href="/inbox" className={buttonClass("primary")}>
            {w.toInbox}
          </Link>
        }
      />
    </div>
  );
}
