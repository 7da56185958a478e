// A chart of a report as plain SVG: bars side by side or stacked, by the rows of its table. Drawn for those who see; the table below holds
// the same numbers for everybody. Refuses a library, and more than four colours.
import { useId } from "react";
import { classNames } from "../../ui";

export type Series = { name: string; values: readonly (number | null)[] };
export type ChartProps = {
  title: string;
  labels: readonly string[];
  series: readonly Series[];
  /** What a value is as words. */
  words: (value: number) => string;
  isStacked?: boolean | undefined;
  /** A line that the bars should reach. */
  aim?: number | undefined;
  /** The top of the scale; the largest value where it is not said. */
  top?: number | undefined;
};

const FILLS = ["fill-accent", "fill-ok", "fill-warn", "fill-muted"] as const;
const SWATCHES = ["bg-accent", "bg-ok", "bg-warn", "bg-muted"] as const;
const [WIDTH, HEIGHT, LEFT, BOTTOM, ABOVE] = [800, 240, 64, 24, 10];
const LABELS = 8;

/** Steps of a scale: round numbers from nothing to at least the largest value. */
export function scale(largest: number, steps = 4): readonly number[] {
  if (largest <= 0) {
    return [0, 1];
  }
  const rough = largest / steps;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 2.5, 5, 10].map((times) => times * power).find((size) => size >= rough) ?? power * 10;
  return Array.from({ length: Math.ceil(largest / step) + 1 }, (_, index) => index * step);
}

export function Chart({ title, labels, series, words, isStacked = false, aim, top }: ChartProps) {
  const id = useId();
  const shown = series.filter(({ values }) => values.some((value) => (value ?? 0) > 0));
  const sums = labels.map((_, row) => series.reduce((sum, { values }) => sum + (values[row] ?? 0), 0));
  const single = series.flatMap(({ values }) => values.map((value) => value ?? 0));
  const ticks = scale(top ?? Math.max(0, ...(isStacked ? sums : single)));
  const highest = ticks.at(-1) ?? 1;
  const room = (WIDTH - LEFT) / Math.max(1, labels.length);
  const y = (value: number) => ABOVE + (HEIGHT - ABOVE - BOTTOM) * (1 - Math.min(value, highest) / highest);
  const every = Math.ceil(labels.length / LABELS);
  return (
    <figure className="min-w-0 rounded-md border border-line bg-surface p-3">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} role="img" aria-labelledby={id} className="h-auto w-full">
        <title id={id}>{title}</title>
        {ticks.map((tick) => (
          <g key={tick} className="text-line">
            <line x1={LEFT} x2={WIDTH} y1={y(tick)} y2={y(tick)} stroke="currentColor" strokeWidth="1" />
            <text x={LEFT - 8} y={y(tick) + 4} textAnchor="end" className="fill-muted text-[11px]">
              {words(tick)}
            </text>
          </g>
        ))}
        {labels.map((label, row) => (
          <g key={label}>
            {bars(shown, row, isStacked).map(({ name, from, to, place, of }) => (
              <rect
                key={name}
                x={LEFT + room * row + room * 0.12 + (room * 0.76 * place) / of}
                width={Math.max(1, (room * 0.76) / of - 1)}
                y={y(to)}
                height={Math.max(0, y(from) - y(to))}
                rx="1.5"
                className={FILLS[series.findIndex((one) => one.name === name) % FILLS.length]}
              />
            ))}
            {row % every === 0 ? (
              <text x={LEFT + room * (row + 0.5)} y={HEIGHT - 7} textAnchor="middle" className="fill-muted text-[11px]">
                {label}
              </text>
            ) : null}
          </g>
        ))}
        {aim === undefined ? null : (
          <line
            x1={LEFT}
            x2={WIDTH}
            y1={y(aim)}
            y2={y(aim)}
            strokeWidth="1.5"
            strokeDasharray="6 4"
            className="stroke-warn"
          />
        )}
      </svg>
      {series.length > 1 ? (
        <figcaption className="mt-1 flex flex-wrap gap-x-4 gap-y-1 text-sm text-muted">
          {series.map(({ name }, index) => (
            <span key={name} className="inline-flex items-center gap-1.5">
              <span
                aria-hidden="true"
                className={classNames("forced-border size-2.5 rounded-sm", SWATCHES[index % SWATCHES.length])}
              />
              {name}
            </span>
          ))}
        </figcaption>
      ) : null}
    </figure>
  );
}

type Bar = { name: string; from: number; to: number; place: number; of: number };

/** The bars of a row: each on the one before, or beside it. */
export function bars(series: readonly Series[], row: number, isStacked: boolean): readonly Bar[] {
  let below = 0;
  return series.map(({ name, values }, index) => {
    const value = values[row] ?? 0;
    const from = isStacked ? below : 0;
    below += value;
    return { name, from, to: from + value, place: isStacked ? 0 : index, of: isStacked ? 1 : series.length };
  });
}
