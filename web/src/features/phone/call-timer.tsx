// Times that count: how long a call goes on, how long somebody has been on hold, how much is left. Hidden from screen readers
// while they count, for nobody wants to hear every second; the length can be asked for by its label.
import { text } from "../../text/en";
import { classNames } from "../../ui";
import { secondsSince } from "./call-words";
import { useNow } from "./use-now";

const w = text.phone;

export function CallTimer({ since, className }: { since: string | null | undefined; className?: string }) {
  const now = useNow(Boolean(since));
  if (!since) {
    return null;
  }
  return (
    <span role="timer" aria-label={w.duration} className={classNames("font-medium tabular-nums", className)}>
      {w.timer(secondsSince(since, now))}
    </span>
  );
}
