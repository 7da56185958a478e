// The case view inside another system's page: no rail, the case named by the address, news to the host. Refuses every other screen: links
// open Casewire in a tab of its own.
import { useEffect } from "react";
import { useParams } from "wouter";
import { CaseView } from "../features/cases/case-view";
import { PlaceProvider } from "../features/cases/place";
import { EmbeddedPhone } from "../features/phone/embedded-phone";
import { listen } from "../keys/registry";
import { useCounts } from "../live/hooks";
import { ConnectionBanner } from "../shell/connection-banner";
import { watchRegions } from "../shell/regions";
import { ToastRegion } from "../shell/toast";
import { text } from "../text/en";
import { EmptyState } from "../ui";
import type { Handshake } from "./handshake";

const w = text.embed;
/** What the case view likes to have, in pixels; a host that follows gives it. */
const GOOD_HEIGHT = 720;

export function EmbeddedCase({ handshake }: { handshake: Handshake }) {
  const { number } = useParams<{ number?: string }>();
  useEffect(listen, []);
  useEffect(watchRegions, []);
  useEffect(() => handshake.height(GOOD_HEIGHT), [handshake]);
  return (
    <PlaceProvider value="embed">
      <div className="flex h-full min-h-0 flex-col">
        <ConnectionBanner />
        <EmbeddedPhone />
        <main
          id="main"
          tabIndex={-1}
          data-region="main"
          aria-label={w.landmark}
          className="min-h-0 flex-1 outline-none"
        >
          {number === undefined ? (
            <EmptyState title={w.noCaseTitle} hint={w.noCaseHint} />
          ) : (
            <>
              <Unread number={number} handshake={handshake} />
              <CaseView key={number} number={number} />
            </>
          )}
        </main>
      </div>
      <ToastRegion />
    </PlaceProvider>
  );
}

/** Tells the host how many conversations of the case have unclaimed texts. */
function Unread({ number, handshake }: { number: string; handshake: Handshake }) {
  const count = useCounts({ case_id: number })?.unclaimed ?? undefined;
  useEffect(() => {
    if (count !== undefined) {
      handshake.unreadCount(count);
    }
  }, [count, handshake]);
  return null;
}
