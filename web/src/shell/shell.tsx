// The frame around every signed-in screen: rail, banners, toasts, palette, shortcut sheet, skip links, the tab's title. A call bar has its
// place at the top of the main column. Refuses to know what the screens show.
import { lazy, type MouseEvent, type ReactNode, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { Link } from "wouter";
import { Reminders } from "../features/tasks/reminders";
import { listen } from "../keys/registry";
import { useAllowed, useCounts, useMe } from "../live/hooks";
import { text } from "../text/en";
import { Banner } from "../ui/banner";
import { buttonClass } from "../ui/button";
import { ConnectionBanner } from "./connection-banner";
import { holdKeys, takeKeys } from "./early-keys";
import { useGlobalCommands } from "./global-commands";
import { patiently } from "./patience";
import { Rail } from "./rail";
import { focusOn, watchRegions } from "./regions";
import { ShellContext } from "./shell-context";
import { useTitleBadge } from "./title";
import { clearToasts, ToastRegion, useToasts } from "./toast";

// Fetched when there is nothing else to do, so that the first screen does not wait for them.
const Palette = lazy(() => patiently(() => import("./palette").then((m) => ({ default: m.Palette }))));
const ShortcutSheet = lazy(() =>
  patiently(() => import("./shortcut-sheet").then((m) => ({ default: m.ShortcutSheet }))),
);
const IDLE_MS = 1_500;

export type ShellProps = {
  children: ReactNode;
  /** Ends the session; what it throws is said in a toast. */
  onSignOut: () => Promise<void>;
  callBar?: ReactNode;
};

export function Shell({ children, onSignOut, callBar }: ShellProps) {
  const [isPaletteOpen, setPaletteOpen] = useState(false);
  const [isSheetOpen, setSheetOpen] = useState(false);
  const hasTexts = useAllowed().sms > 0;
  const toasts = useToasts();
  const [isIdle, setIdle] = useState(false);
  const openPalette = useCallback(() => {
    holdKeys();
    setPaletteOpen(true);
  }, []);
  const movePalette = useCallback((open: boolean) => {
    takeKeys();
    setPaletteOpen(open);
  }, []);
  const openSheet = useCallback(() => setSheetOpen(true), []);
  const signOut = useCallback(() => {
    onSignOut().catch(() => toasts.show({ tone: "bad", text: text.shell.signOutFailed, key: "sign-out" }));
  }, [onSignOut, toasts]);

  const acts = useMemo(() => ({ openSheet, signOut }), [openSheet, signOut]);

  useEffect(() => {
    const timer = setTimeout(() => setIdle(true), IDLE_MS);
    return () => clearTimeout(timer);
  }, []);
  useEffect(listen, []);
  useEffect(watchRegions, []);
  useEffect(() => clearToasts, []);
  useGlobalCommands({ openPalette, openSheet, signOut });

  return (
    <ShellContext value={acts}>
      <div className="@container/app h-full">
        <SkipLinks />
        <div className="grid h-full grid-cols-[3.5rem_minmax(0,1fr)] grid-rows-[minmax(0,1fr)] @max-[720px]/app:grid-cols-[minmax(0,1fr)] @max-[720px]/app:grid-rows-[minmax(0,1fr)_auto]">
          <Rail onPalette={openPalette} onSheet={openSheet} onSignOut={signOut} />
          <div className="flex min-h-0 min-w-0 flex-col">
            <ConnectionBanner />
            <DutyBanner />
            {callBar}
            <main id="main" tabIndex={-1} data-region="main" className="min-h-0 min-w-0 flex-1 outline-none">
              {children}
            </main>
          </div>
        </div>
      </div>
      {hasTexts ? <TitleBadge /> : null}
      <ToastRegion />
      <Reminders />
      <Suspense>
        {isIdle || isPaletteOpen ? <Palette open={isPaletteOpen} onOpenChange={movePalette} /> : null}
      </Suspense>
      <Suspense>
        {isIdle || isSheetOpen ? <ShortcutSheet open={isSheetOpen} onOpenChange={setSheetOpen} /> : null}
      </Suspense>
    </ShellContext>
  );
}

/** Apart, for only who reads texts may ask how many there are. */
function TitleBadge() {
  useTitleBadge(useCounts()?.unclaimed ?? 0);
  return null;
}

function SkipLinks() {
  return (
    <div className="fixed top-2 left-2 z-60 flex gap-2">
      <SkipLink to="main" words={text.shell.skipToMain} />
      <SkipLink to="rail" words={text.shell.skipToRail} />
    </div>
  );
}

function SkipLink({ to, words }: { to: string; words: string }) {
  // The address keeps the view; the focus moves without it.
  const go = (event: MouseEvent) => {
    event.preventDefault();
    const target = document.getElementById(to);
    if (target) {
      focusOn(target);
    }
  };
  return (
    <a href={`#${to}`} onClick={go} className={buttonClass("primary", "md", "not-focus:sr-only shadow-popup")}>
      {words}
    </a>
  );
}

/** Who manages settings has to know of texts that nobody can see to. */
function DutyBanner() {
  const { orphans } = useMe();
  if (orphans === 0) {
    return null;
  }
  return (
    <Banner
      tone="warn"
      className="rounded-none border-x-0 border-t-0"
      actions={
        <Link href="/admin/users" className={buttonClass("secondary", "sm")}>
          {text.shell.orphansAction}
        </Link>
      }
    >
      {text.shell.orphans(orphans)}
    </Banner>
  );
}
