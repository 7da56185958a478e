// A bar that shows how loud it is. Twelve steps, for the eye sees no more; its value is there for screen readers who ask.
import { classNames } from "../../ui";

const STEPS = 12;

export type LevelMeterProps = { label: string; level: number; tone?: "ok" | "accent"; className?: string };

export function LevelMeter({ label, level, tone = "ok", className }: LevelMeterProps) {
  const lit = litSteps(level);
  return (
    // biome-ignore lint/a11y/useSemanticElements: a meter element cannot be drawn as steps
    <span
      role="meter"
      aria-label={label}
      aria-valuemin={0}
      aria-valuemax={STEPS}
      aria-valuenow={lit}
      className={classNames("inline-flex h-4 items-end gap-0.5", className)}
    >
      {Array.from({ length: STEPS }, (_, step) => (
        <span
          // biome-ignore lint/suspicious/noArrayIndexKey: the steps never change their order
          key={step}
          aria-hidden="true"
          style={{ height: `${35 + (65 * (step + 1)) / STEPS}%` }}
          className={classNames(
            "forced-border w-1 rounded-sm transition-colors duration-75",
            step < lit ? (tone === "ok" ? "bg-ok" : "bg-accent") : "bg-line",
          )}
        />
      ))}
    </span>
  );
}

/** The ear hears loudness by its logarithm: -60 dB is nothing, 0 dB is all. */
export function litSteps(level: number): number {
  if (!(level > 0)) {
    return 0;
  }
  const decibels = 20 * Math.log10(Math.min(1, level));
  return Math.max(0, Math.min(STEPS, Math.round(((decibels + 60) / 60) * STEPS)));
}
