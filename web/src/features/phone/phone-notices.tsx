// What stands in the way of the sound of a call, in words and with what to do about it: the microphone, the connection, a call
// whose sound is in another tab.
import type { CallView } from "../../live/model";
import { text } from "../../text/en";
import { Banner, Button } from "../../ui";
import { sentence } from "../cases/use-act";
import type { AudioLeg } from "./audio";
import { nameOf } from "./call-words";
import { phone, takePhoneOver, usePhone } from "./phone";
import { useLeg } from "./use-leg";

const w = text.phone;
const STRIP = "rounded-none border-x-0 border-b-0";

export function CallNotices({ call }: { call: CallView }) {
  const { place, leg } = usePhone();
  const isElsewhere = place.at === "other_tab" || place.at === "other_browser";
  return (
    <>
      {isElsewhere ? (
        <Banner
          tone="ours"
          role="status"
          className={STRIP}
          actions={
            <Button size="sm" onClick={takePhoneOver}>
              {w.takeHere}
            </Button>
          }
        >
          {w.place[place.at]}. {w.elsewhereHint}
        </Banner>
      ) : (
        <LegNotices leg={leg} />
      )}
      {call.outside_line === "lost" ? (
        <Banner tone="warn" role="status" className={STRIP}>
          {w.outsideLost(nameOf(call))}
        </Banner>
      ) : null}
      {call.transfer_to ? (
        <Banner tone="ours" role="status" className={STRIP}>
          {w.ringingAt(call.transfer_to.name)}
        </Banner>
      ) : null}
    </>
  );
}

/** Of one's own part, in a call that one is on or supervises. */
export function LegNotices({ leg }: { leg: AudioLeg | undefined }) {
  const view = useLeg(leg);
  if (leg === undefined || view === undefined) {
    return null;
  }
  const { obstacle } = view;
  if (obstacle !== undefined) {
    const words = w.obstacle[obstacle];
    const isClick = obstacle === "needs_click";
    return (
      <Banner
        tone={isClick ? "warn" : "bad"}
        title={words.title}
        role="alert"
        className={STRIP}
        actions={
          <Button size="sm" onClick={() => phone()?.retry()}>
            {isClick ? w.soundOn : w.tryAgain}
          </Button>
        }
      >
        {obstacle === "refused" && view.error ? sentence(view.error) : words.text}
      </Banner>
    );
  }
  if (view.state === "lost") {
    return (
      <Banner tone="warn" role="status" className={STRIP}>
        {w.lost}
      </Banner>
    );
  }
  return null;
}
