// Small marks: a badge by tone, and an avatar of initials. Which tone a role has: role-badge.tsx.

import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { shown } from "./untrusted";

export type Tone = "neutral" | "ours" | "adverse" | "warn" | "ok" | "bad";

const TONES: Record<Tone, string> = {
  neutral: "border-line bg-bg text-ink",
  ours: "border-transparent bg-accent-soft text-ink",
  adverse: "border-transparent bg-bad-soft text-bad",
  warn: "border-warn-line bg-warn-soft text-warn",
  ok: "border-transparent bg-ok-soft text-ok",
  bad: "border-transparent bg-bad-soft text-bad",
};

export type BadgeProps = {
  tone?: Tone | undefined;
  icon?: ReactNode;
  className?: string | undefined;
  children: ReactNode;
};

export function Badge({ tone = "neutral", icon, className, children }: BadgeProps) {
  return (
    <span
      className={classNames(
        "forced-border inline-flex h-5 align-middle max-w-full shrink-0 items-center gap-1 rounded-sm border px-1.5 text-xs font-medium whitespace-nowrap",
        TONES[tone],
        className,
      )}
    >
      {icon ? (
        <span aria-hidden="true" className="flex shrink-0">
          {icon}
        </span>
      ) : null}
      <span className="min-w-0 truncate">{shown(children)}</span>
    </span>
  );
}

const SIZES = { sm: "size-6 text-[0.625rem]", md: "size-8 text-xs", lg: "size-10 text-sm" } as const;

export type AvatarProps = { name: string; size?: keyof typeof SIZES | undefined; className?: string | undefined };

/** Decoration: the name stands beside it. */
export function Avatar({ name, size = "md", className }: AvatarProps) {
  return (
    <span
      aria-hidden="true"
      className={classNames(
        "forced-border inline-flex shrink-0 items-center justify-center overflow-hidden rounded-full border border-line bg-bg font-semibold text-muted select-none",
        SIZES[size],
        className,
      )}
    >
      {initials(name)}
    </span>
  );
}

/** Up to two letters: of the first word and of the last one; # where there is no letter, as in a number. */
export function initials(name: string): string {
  const words = name.split(/\s+/u).filter((word) => /^[\p{L}]/u.test(word));
  const first = words.at(0);
  const last = words.length > 1 ? words.at(-1) : undefined;
  const letters = [first, last].map((word) => (word === undefined ? "" : (word.match(/^\p{L}\p{M}{0,2}/u)?.[0] ?? "")));
  return letters.join("").toLocaleUpperCase() || "#";
}
