// The shape of a recording: loudness over time, the first channel upwards and the second downwards, what was played in the accent.
import { useId } from "react";

const WIDTH = 400;
const HALF = 20;
const BARS = 100;

export function Waveform({ peaks, share }: { peaks: readonly (readonly number[])[] | undefined; share: number }) {
  const id = useId();
  const [upper = [], lower = upper] = peaks ?? [];
  const path = `${bars(upper, -1)}${bars(lower, 1)}`;
  const played = Math.max(0, Math.min(1, share)) * WIDTH;
  return (
    <svg
      aria-hidden="true"
      viewBox={`0 0 ${WIDTH} ${HALF * 2}`}
      preserveAspectRatio="none"
      className="absolute inset-0 h-full w-full rounded-sm"
    >
      <clipPath id={id}>
        <rect x={0} y={0} width={played} height={HALF * 2} />
      </clipPath>
      <path d={path} strokeWidth={2.4} strokeLinecap="round" className="stroke-line-strong/60" fill="none" />
      <path
        d={path}
        strokeWidth={2.4}
        strokeLinecap="round"
        className="stroke-accent"
        fill="none"
        clipPath={`url(#${id})`}
      />
      <line x1={played} x2={played} y1={0} y2={HALF * 2} strokeWidth={1.5} className="stroke-accent" />
    </svg>
  );
}

/** Upright bars from the middle, fewer than there are values: of several the loudest counts. */
function bars(values: readonly number[], way: 1 | -1): string {
  const each = Math.max(1, Math.ceil(values.length / BARS));
  const count = Math.ceil(values.length / each);
  let path = "";
  for (let bar = 0; bar < count; bar += 1) {
    const loudest = Math.max(0, ...values.slice(bar * each, (bar + 1) * each));
    // Quiet speech is to be seen too.
    const height = Math.max(0.6, Math.sqrt(Math.min(1, loudest)) * (HALF - 2));
    const x = (((bar + 0.5) * WIDTH) / count).toFixed(1);
    path += `M${x} ${HALF}V${(HALF + way * height).toFixed(1)}`;
  }
  return path;
}
