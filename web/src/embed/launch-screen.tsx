// What the frame shows while it is not signed in: waiting, refused, expired, ended, alone. Each says what is wrong and who can mend it.
import { Link2Off, LockKeyhole, TimerOff } from "lucide-react";
import type { ReactNode } from "react";
import { text } from "../text/en";
import { Button, buttonClass, EmptyState, Spinner } from "../ui";
import type { LaunchState } from "./launch";

const w = text.embed;

export function LaunchScreen({ state, onAgain }: { state: LaunchState | undefined; onAgain: () => void }) {
  const again = <Button onClick={onAgain}>{w.tryAgain}</Button>;
  const say = (title: string, hint: string, icon: ReactNode, action?: ReactNode) => (
    <div role="alert">
      <EmptyState title={title} hint={hint} icon={icon} action={action} />
    </div>
  );
  switch (state?.at) {
    case undefined:
      return (
        <EmptyState
          title={w.aloneTitle}
          hint={w.aloneHint}
          icon={<Link2Off size={20} />}
          action={
            <a href="/inbox" className={buttonClass("primary")}>
              {w.openCasewire}
            </a>
          }
        />
      );
    case "waiting":
    case "signing-in":
    case "in":
      return (
        <div className="flex flex-col items-center gap-2 px-6 py-10 text-center">
          <Spinner label={w.waitingTitle} />
          <p className="text-muted">{w.waitingHint}</p>
        </div>
      );
    case "waiting-long":
      return say(w.waitingLongTitle, w.waitingLongHint, <TimerOff size={20} />, again);
    case "expired":
      return state.again
        ? say(w.expiredTitle, w.expiredAgainHint, <TimerOff size={20} />, again)
        : say(w.expiredTitle, w.expiredHint, <TimerOff size={20} />);
    case "refused":
      return say(w.refusedTitle, w.refusedHint, <LockKeyhole size={20} />, again);
    case "other-origin":
      return say(w.otherOriginTitle, w.otherOriginHint, <LockKeyhole size={20} />);
    case "ended":
      return say(w.endedTitle, w.endedHint, <TimerOff size={20} />, again);
    case "unavailable":
      return say(w.unavailableTitle, w.unavailableHint, <Link2Off size={20} />, again);
  }
}
