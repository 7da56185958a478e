// The phone as a page: where one's calls ring, the devices with a test, and the calls that were, among them the missed ones and the
// voicemails.
import { CircleCheck, Headphones, MonitorSmartphone, PhoneOff, WifiOff } from "lucide-react";
import type { ReactNode } from "react";
import { useAllowed } from "../../live/hooks";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { Button, ForbiddenState, Spinner } from "../../ui";
import { sentence } from "../cases/use-act";
import { DeviceSettings } from "./device-settings";
import type { Place } from "./election";
import { takePhoneOver, usePhone } from "./phone";
import { Recents } from "./recents";

const w = text.phone;

export function PhonePage() {
  const { calls } = useAllowed();
  usePageTitle(w.title);
  if (calls === 0) {
    return <ForbiddenState title={<h1>{text.shell.forbiddenTitle}</h1>} hint={w.page.forbidden} className="h-full" />;
  }
  return (
    <div className="@container/phone h-full overflow-y-auto">
      <div className="mx-auto grid w-full max-w-6xl grid-cols-[minmax(0,1fr)_20rem] gap-5 p-5 @max-[860px]/phone:grid-cols-[minmax(0,1fr)] @max-[860px]/phone:p-3">
        <h1 className="col-span-full text-xl font-semibold">{w.title}</h1>
        <Recents />
        <div className="flex min-w-0 flex-col gap-5">
          {calls >= 2 ? (
            <>
              <Where />
              <DeviceSettings />
            </>
          ) : (
            <p className="text-muted">{w.page.cannotCall}</p>
          )}
        </div>
      </div>
    </div>
  );
}

const ICONS: Record<Place["at"], ReactNode> = {
  electing: <Spinner size={18} />,
  here: <CircleCheck aria-hidden="true" size={18} className="text-ok" />,
  other_tab: <MonitorSmartphone aria-hidden="true" size={18} className="text-muted" />,
  other_browser: <MonitorSmartphone aria-hidden="true" size={18} className="text-muted" />,
  unreachable: <WifiOff aria-hidden="true" size={18} className="text-bad" />,
  refused: <PhoneOff aria-hidden="true" size={18} className="text-bad" />,
};

function Where() {
  const { place } = usePhone();
  const isElsewhere = place.at === "other_tab" || place.at === "other_browser";
  return (
    <section aria-labelledby="phone-where" className="rounded-lg border border-line bg-surface p-4 shadow-card">
      <h2 id="phone-where" className="sr-only">
        {w.page.here}
      </h2>
      <div className="flex items-center gap-3">
        {ICONS[place.at]}
        <p role="status" className="min-w-0 flex-1 font-medium">
          {w.place[place.at]}
        </p>
      </div>
      {place.at === "refused" ? <p className="mt-1 text-sm text-muted">{sentence(place.error)}</p> : null}
      {isElsewhere ? (
        <Button className="mt-3" icon={<Headphones aria-hidden="true" size={16} />} onClick={takePhoneOver}>
          {w.takeHere}
        </Button>
      ) : null}
    </section>
  );
}
