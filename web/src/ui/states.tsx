// What a place shows when it has nothing to show: empty, failed (with the reference that the logs have), forbidden, loading. Refuses a
// bare "error": it says what could not be done, and what to do.

import { CloudOff, Lock } from "lucide-react";
import type { ReactNode } from "react";
import type { ApiError } from "../api/client";
import { text } from "../text/en";
import { Button } from "./button";
import { classNames } from "./class-names";

type Frame = {
  icon?: ReactNode;
  title: ReactNode;
  hint?: ReactNode;
  action?: ReactNode;
  role?: "alert" | undefined;
  className?: string | undefined;
};

function Centered({ icon, title, hint, action, role, className }: Frame) {
  return (
    <div
      role={role}
      className={classNames(
        "flex min-w-0 flex-col items-center justify-center gap-2 px-6 py-10 text-center",
        className,
      )}
    >
      {icon ? (
        <span
          aria-hidden="true"
          className="mb-1 flex size-10 items-center justify-center rounded-full bg-hover text-muted"
        >
          {icon}
        </span>
      ) : null}
      <div className="max-w-prose font-semibold wrap-anywhere">{title}</div>
      {hint ? <div className="max-w-prose text-muted wrap-anywhere">{hint}</div> : null}
      {action ? <div className="mt-2 flex flex-wrap justify-center gap-2">{action}</div> : null}
    </div>
  );
}

export type EmptyStateProps = {
  title: ReactNode;
  hint?: ReactNode;
  action?: ReactNode;
  icon?: ReactNode;
  className?: string | undefined;
};

export function EmptyState(props: EmptyStateProps) {
  return <Centered {...props} />;
}

export type ErrorStateProps = {
  error: ApiError | undefined;
  /** What could not be loaded, as a noun: "Messages", "The case". */
  what: string;
  onRetry?: (() => void) | undefined;
  className?: string | undefined;
};

export function ErrorState({ error, what, onRetry, className }: ErrorStateProps) {
  return (
    <Centered
      role="alert"
      className={className}
      icon={<CloudOff size={20} />}
      title={text.shell.couldNotLoad(what)}
      hint={
        <>
          {error ? <p>{error.code === "network" ? text.shell.networkHint : error.detail || error.title}</p> : null}
          {error?.requestId ? <p className="mt-1 font-mono text-xs">{text.shell.reference(error.requestId)}</p> : null}
        </>
      }
      action={onRetry ? <Button onClick={onRetry}>{text.shell.tryAgain}</Button> : null}
    />
  );
}

export type ForbiddenStateProps = {
  /** What one would need, and who can give it. */
  hint?: ReactNode;
  title?: ReactNode;
  className?: string | undefined;
};

export function ForbiddenState({ title, hint, className }: ForbiddenStateProps) {
  return (
    <Centered
      className={className}
      icon={<Lock size={20} />}
      title={title ?? text.shell.forbiddenTitle}
      hint={hint ?? text.shell.forbiddenHint}
    />
  );
}

export type SkeletonProps = { className?: string | undefined };

/** One grey block in the place of what is to come; several make the shape. Shown after 150 ms. */
export function Skeleton({ className }: SkeletonProps) {
  return <span aria-hidden="true" className={classNames("block animate-pulse rounded-sm bg-hover", className)} />;
}

/** Rows of a list or table that are to come; said once to those who cannot see them. */
export function SkeletonRows({ rows = 6, className }: { rows?: number | undefined; className?: string | undefined }) {
  return (
    <div role="status" className="animate-appear">
      <span className="sr-only">{text.shell.loading}</span>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className={classNames("flex items-center gap-3 border-b border-line px-4 py-3", className)}>
          <Skeleton className="size-8 rounded-full" />
          <div className="flex-1 space-y-2">
            <Skeleton className="h-3 w-2/5" />
            <Skeleton className="h-3 w-4/5" />
          </div>
        </div>
      ))}
    </div>
  );
}
