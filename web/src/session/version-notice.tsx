// Says that the server has a newer client than this tab, and offers to load it; never by force, for somebody may be writing.
// Asks when the tab is looked at again or the connection came back, at most every few minutes.
import { useEffect, useState } from "react";
import { currentConnection, watchConnection } from "../live/store";
import { text } from "../text/en";
import { Banner, Button } from "../ui";

const AT_MOST_EVERY_MS = 5 * 60_000;
const SCRIPT = /src="(\/assets\/index-[^"]+\.js)"/;

async function isNewer(): Promise<boolean> {
  const running = document.querySelector('script[type="module"][src^="/assets/"]')?.getAttribute("src");
  if (!running) {
    return false;
  }
  try {
    const answer = await fetch("/", {
      cache: "no-cache",
      credentials: "same-origin",
      headers: { accept: "text/html" },
    });
    const script = answer.ok ? SCRIPT.exec(await answer.text())?.[1] : undefined;
    return script !== undefined && script !== running;
  } catch {
    return false;
  }
}

export function VersionNotice() {
  const [isOld, setOld] = useState(false);
  useEffect(() => {
    let askedAt = Date.now();
    let wasLive = true;
    const ask = (): void => {
      if (!document.hidden && Date.now() - askedAt > AT_MOST_EVERY_MS) {
        askedAt = Date.now();
        void isNewer().then((found) => found && setOld(true));
      }
    };
    const connected = (): void => {
      const isLive = currentConnection().state === "live";
      if (isLive && !wasLive) {
        // The server may have been started anew.
        askedAt = 0;
        ask();
      }
      wasLive = isLive;
    };
    document.addEventListener("visibilitychange", ask);
    const stop = watchConnection(connected);
    return () => {
      document.removeEventListener("visibilitychange", ask);
      stop();
    };
  }, []);
  if (!isOld) {
    return null;
  }
  return (
    <div className="px-3 pt-2">
      <Banner
        tone="ours"
        role="status"
        actions={
          <Button size="sm" onClick={() => location.reload()}>
            {text.session.reload}
          </Button>
        }
      >
        {text.session.newVersion}
      </Banner>
    </div>
  );
}
