// Says when what one sees may be old: after two seconds without the live connection, and for a moment when it is back, with what came in
// meanwhile. Refuses to hide what was loaded: everything stays readable.
import { CloudOff, RefreshCw, Wifi } from "lucide-react";
import { useEffect, useRef, useState } from "react";
import { useConnection } from "../live/hooks";
import { text } from "../text/en";
import { timeWords } from "../time/time";
import { classNames } from "../ui/class-names";

const PATIENCE_MS = 2_000;
const BACK_MS = 6_000;

type Shown = "nothing" | "away" | "back";

export function ConnectionBanner() {
  const { state, upTo, missed } = useConnection();
  const shown = useShown(state === "live");
  const at = upTo === undefined ? undefined : timeWords(upTo, "clock");
  const words = wordsFor(shown, state, at, missed ?? 0);
  const Icon = shown === "back" ? Wifi : state === "offline" ? CloudOff : RefreshCw;
  return (
    <div role="status" className={classNames("shrink-0", words === null && "sr-only")}>
      {words === null ? null : (
        <p
          className={classNames(
            "flex items-center gap-2 border-b px-4 py-1.5 text-base",
            shown === "back" ? "border-ok-line bg-ok-soft text-ink" : "border-warn-line bg-warn-soft text-ink",
          )}
        >
          <Icon
            aria-hidden="true"
            size={16}
            className={classNames("shrink-0", shown === "back" ? "text-ok" : "text-warn")}
          />
          {words}
        </p>
      )}
    </div>
  );
}

function wordsFor(shown: Shown, state: string, at: string | undefined, missed: number): string | null {
  if (shown === "nothing") {
    return null;
  }
  if (shown === "back") {
    return text.shell.backOnlineMissed(missed);
  }
  // The browser knows whether it has a network at all; where it has one, it is the server that is away.
  if (state === "offline" && !navigator.onLine) {
    return at === undefined ? text.shell.offline : text.shell.offlineUpTo(at);
  }
  return at === undefined ? text.shell.reconnecting : text.shell.reconnectingUpTo(at);
}

/** Waits before it speaks, and speaks of coming back only where it had spoken before. */
function useShown(isLive: boolean): Shown {
  const [shown, setShown] = useState<Shown>("nothing");
  const said = useRef(false);
  useEffect(() => {
    if (!isLive) {
      const timer = setTimeout(() => {
        said.current = true;
        setShown("away");
      }, PATIENCE_MS);
      return () => clearTimeout(timer);
    }
    if (!said.current) {
      setShown("nothing");
      return undefined;
    }
    said.current = false;
    setShown("back");
    const timer = setTimeout(() => setShown("nothing"), BACK_MS);
    return () => clearTimeout(timer);
  }, [isLive]);
  return shown;
}
