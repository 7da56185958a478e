// The keys of a telephone, for menus at the other end: by mouse, by the page's buttons and by one's own keyboard. Each press is
// sent as it is made, in order. Refuses letters and everything that no telephone has.
import { Grid3x3 } from "lucide-react";
import { type KeyboardEvent, type RefObject, useRef, useState } from "react";
import { ApiError } from "../../api/client";
import { showToast } from "../../shell/toast-store";
import { text } from "../../text/en";
import { IconButton, Popover } from "../../ui";
import { sentence } from "../cases/use-act";
import { act } from "./phone-acts";

const w = text.phone;
const KEYS = ["1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#"] as const;
const LETTERS: Readonly<Record<string, string>> = {
  "2": "ABC",
  "3": "DEF",
  "4": "GHI",
  "5": "JKL",
  "6": "MNO",
  "7": "PQRS",
  "8": "TUV",
  "9": "WXYZ",
};
const MOST_SHOWN = 24;

export function Keypad({ callId, reason }: { callId: string; reason: string | undefined }) {
  const first = useRef<HTMLButtonElement>(null);
  const trigger = <IconButton label={w.keypad} reason={reason} icon={<Grid3x3 aria-hidden="true" size={16} />} />;
  if (reason !== undefined) {
    return trigger;
  }
  return (
    <Popover trigger={trigger} title={w.keypadTitle} align="end" initialFocus={first}>
      <Keys callId={callId} first={first} />
    </Popover>
  );
}

function Keys({ callId, first }: { callId: string; first: RefObject<HTMLButtonElement | null> }) {
  const [pressed, setPressed] = useState("");
  const queue = useRef(Promise.resolve());
  const press = (digit: string) => {
    setPressed((before) => (before + digit).slice(-MOST_SHOWN));
    queue.current = queue.current.then(async () => {
      try {
        await act(callId, { act: "press", digits: digit });
      } catch (thrown) {
        showToast({ tone: "bad", text: sentence(ApiError.of(thrown)), key: "keypad" });
      }
    });
  };
  const onKeyDown = (event: KeyboardEvent) => {
    const digit = KEYS.find((key) => key === event.key);
    if (digit !== undefined && !event.ctrlKey && !event.metaKey && !event.altKey) {
      event.preventDefault();
      press(digit);
    }
  };
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: the buttons inside are the keys; this only lets one type them as well
    <div onKeyDown={onKeyDown}>
      <p className="text-sm text-muted">{w.keypadHint}</p>
      <output
        aria-label={w.pressed}
        className="my-2 flex h-8 items-center justify-end overflow-hidden rounded-md bg-bg px-3 font-mono text-lg tracking-widest"
      >
        {pressed}
      </output>
      <div className="grid grid-cols-3 gap-2">
        {KEYS.map((key) => (
          <button
            key={key}
            ref={key === KEYS[0] ? first : undefined}
            type="button"
            onClick={() => press(key)}
            className="forced-border flex h-12 flex-col items-center justify-center rounded-md border border-line-strong/50 bg-surface text-lg leading-none font-medium transition-colors hover:bg-hover active:bg-accent-soft"
          >
            {key}
            <span aria-hidden="true" className="mt-0.5 h-3 text-[0.625rem] leading-3 font-normal text-muted">
              {LETTERS[key]}
            </span>
          </button>
        ))}
      </div>
    </div>
  );
}
