// Words that belong to a place: a banner with acts across it, and a callout that explains beside a form. Passing news: shell/toast.tsx.

import { CircleAlert, CircleCheck, Info, TriangleAlert } from "lucide-react";
import type { ReactNode } from "react";
import type { Tone } from "./badge";
import { classNames } from "./class-names";

const TONES: Record<Tone, string> = {
  neutral: "border-line bg-surface text-ink",
  ours: "border-accent/30 bg-accent-soft text-ink",
  adverse: "border-bad-line bg-bad-soft text-ink",
  warn: "border-warn-line bg-warn-soft text-ink",
  ok: "border-ok-line bg-ok-soft text-ink",
  bad: "border-bad-line bg-bad-soft text-ink",
};

const MARKS: Record<Tone, { icon: typeof Info; color: string }> = {
  neutral: { icon: Info, color: "text-muted" },
  ours: { icon: Info, color: "text-accent" },
  adverse: { icon: TriangleAlert, color: "text-bad" },
  warn: { icon: TriangleAlert, color: "text-warn" },
  ok: { icon: CircleCheck, color: "text-ok" },
  bad: { icon: CircleAlert, color: "text-bad" },
};

export type BannerProps = {
  tone?: Tone | undefined;
  title?: ReactNode;
  children: ReactNode;
  actions?: ReactNode;
  /** Read out when it appears: `status` when there is time, `alert` at once. */
  role?: "status" | "alert" | undefined;
  /** Makes it a landmark of this name. */
  label?: string | undefined;
  className?: string | undefined;
};

export function Banner({ tone = "neutral", title, children, actions, role, label, className }: BannerProps) {
  const Mark = MARKS[tone].icon;
  return (
    <Frame
      label={label}
      role={role ?? (tone === "bad" ? "alert" : undefined)}
      className={classNames("@container/banner min-w-0 rounded-md border px-3 py-2", TONES[tone], className)}
    >
      <div className="flex flex-col gap-2 @min-[30rem]/banner:flex-row @min-[30rem]/banner:items-center">
        <div className="flex min-w-0 flex-1 items-start gap-2">
          <Mark aria-hidden="true" size={16} className={classNames("mt-0.5 shrink-0", MARKS[tone].color)} />
          <div className="min-w-0 wrap-anywhere">
            {title ? <strong className="font-semibold">{title} </strong> : null}
            {children}
          </div>
        </div>
        {actions ? <div className="flex flex-wrap gap-2">{actions}</div> : null}
      </div>
    </Frame>
  );
}

type FrameProps = {
  label: string | undefined;
  role: "status" | "alert" | undefined;
  className: string;
  children: ReactNode;
};

function Frame({ label, role, className, children }: FrameProps) {
  if (label) {
    return (
      <section aria-label={label} className={className}>
        {children}
      </section>
    );
  }
  return (
    <div role={role} className={className}>
      {children}
    </div>
  );
}

export type CalloutProps = {
  tone?: Tone | undefined;
  title?: ReactNode;
  children: ReactNode;
  className?: string | undefined;
};

export function Callout({ tone = "neutral", title, children, className }: CalloutProps) {
  return (
    <aside className={classNames("rounded-md border-l-4 px-3 py-2 text-sm", TONES[tone], className)}>
      {title ? <p className="mb-0.5 font-semibold">{title}</p> : null}
      <div className="text-ink">{children}</div>
    </aside>
  );
}
