// Listen, Whisper, Barge: one control of three places, by mouse and by arrow keys. The place moves when the server has switched; what
// was asked for meanwhile shows that it waits. An arrow alone never makes somebody heard: it moves the focus, Space or Enter switches.
import { Ear, MessageCircle, Users } from "lucide-react";
import { type KeyboardEvent, type ReactNode, useRef } from "react";
import type { SupervisionMode } from "../../live/model";
import { text } from "../../text/en";
import { classNames, Spinner } from "../../ui";

const w = text.supervisor;
const MODES: readonly SupervisionMode[] = ["listen", "whisper", "barge"];
const ICONS: Record<SupervisionMode, ReactNode> = {
  listen: <Ear aria-hidden="true" size={16} />,
  whisper: <MessageCircle aria-hidden="true" size={16} />,
  barge: <Users aria-hidden="true" size={16} />,
};

type Props = {
  mode: SupervisionMode;
  asked: SupervisionMode | undefined;
  onChoose: (mode: SupervisionMode) => void;
};

export function ModeControl({ mode, asked, onChoose }: Props) {
  const group = useRef<HTMLDivElement>(null);
  const onKeyDown = (event: KeyboardEvent) => {
    const steps: Readonly<Record<string, number>> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };
    const step = steps[event.key];
    const buttons: HTMLElement[] = [...(group.current?.querySelectorAll("button") ?? [])];
    const focused = document.activeElement;
    const here = focused instanceof HTMLElement ? buttons.indexOf(focused) : -1;
    if (step !== undefined && here !== -1) {
      event.preventDefault();
      buttons.at((here + step + buttons.length) % buttons.length)?.focus();
    }
  };
  return (
    <div
      ref={group}
      role="radiogroup"
      aria-label={w.control}
      onKeyDown={onKeyDown}
      className="forced-border inline-flex rounded-md border border-line-strong/50 bg-surface p-0.5"
    >
      {MODES.map((one) => (
        // biome-ignore lint/a11y/useSemanticElements: choosing has an effect on other people, so an arrow key alone must not do it
        <button
          key={one}
          type="button"
          role="radio"
          aria-checked={one === mode}
          aria-busy={one === asked || undefined}
          tabIndex={one === mode ? 0 : -1}
          title={w.modeHint[one]}
          onClick={() => onChoose(one)}
          className={classNames(
            "inline-flex h-8 items-center gap-1.5 rounded-sm px-3 font-medium transition-colors",
            one === mode ? "bg-accent text-on-accent" : "text-ink hover:bg-hover",
          )}
        >
          {one === asked ? <Spinner size={14} /> : ICONS[one]}
          {w.modes[one]}
        </button>
      ))}
    </div>
  );
}
