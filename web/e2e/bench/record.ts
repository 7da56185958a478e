// What was measured, a line of JSON each in the file that CASEWIRE_BENCH_RESULTS names, from which `cargo xtask bench web` makes its
// table; and the few figures that samples come down to. Refuses to fail a bench for a budget: the table says it, and xtask fails.
import { appendFile } from "node:fs/promises";

/** Few samples on little data: to see that it works, not to be believed. */
export const QUICK = process.env.CASEWIRE_BENCH_QUICK === "1";

/** How many of something: a part of it where it only has to be seen to work. */
export function times(full: number): number {
  return QUICK ? Math.max(2, Math.ceil(full / 6)) : full;
}

export type Row = {
  budget: string;
  limit: string;
  measured: string;
  /** Nothing where there is no limit. */
  kept: boolean | null;
};

export async function record(...rows: readonly Row[]): Promise<void> {
  const file = process.env.CASEWIRE_BENCH_RESULTS;
  for (const row of rows) {
    const line = JSON.stringify(row);
    if (file === undefined) process.stdout.write(`${line}\n`);
    else await appendFile(file, `${line}\n`);
  }
}

/** The nearest-rank percentile. */
export function percentile(samples: readonly number[], percent: number): number {
  if (samples.length === 0) throw new Error("nothing was measured");
  const sorted = [...samples].sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil((percent / 100) * sorted.length) - 1)] ?? Number.NaN;
}

export const median = (samples: readonly number[]) => percentile(samples, 50);

/** `12`, `3.4`, `0.56`. */
export function figure(value: number): string {
  return value >= 10 || value === 0 ? value.toFixed(0) : value >= 1 ? value.toFixed(1) : value.toFixed(2);
}

type Limit = { most: number; unit: string; aim?: number };

/** A row for the median or a percentile of times in milliseconds, with the least and the most of them. */
export function timing(budget: string, percent: number, samples: readonly number[], limit?: Limit): Row {
  const value = percentile(samples, percent);
  const name = percent === 50 ? "median" : `p${percent}`;
  const others = percent === 50 ? "" : `, median ${figure(median(samples))}`;
  return {
    budget,
    limit: limit === undefined ? "–" : saidLimit(limit),
    measured: `${figure(value)} ms (${name} of ${samples.length}${others}, most ${figure(Math.max(...samples))})`,
    kept: limit === undefined ? null : value <= limit.most,
  };
}

/** A row for a figure that is what it is. */
export function plainly(budget: string, value: number, limit: Limit, about = ""): Row {
  const said = `${figure(value)}${limit.unit}`;
  return {
    budget,
    limit: saidLimit(limit),
    measured: about === "" ? said : `${said} (${about})`,
    kept: value <= limit.most,
  };
}

function saidLimit({ most, unit, aim }: Limit): string {
  return aim === undefined ? `${most}${unit}` : `${most}${unit} (aim ${aim})`;
}
