// The time of day for what counts up or down on the screen, once a second.
import { useEffect, useState } from "react";

export function useNow(isCounting = true): number {
  const [now, setNow] = useState(() => Date.now());
  useEffect(() => {
    if (!isCounting) {
      return;
    }
    setNow(Date.now());
    const timer = setInterval(() => setNow(Date.now()), 1_000);
    return () => clearInterval(timer);
  }, [isCounting]);
  return now;
}
