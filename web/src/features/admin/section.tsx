// The frame of a section: heading, what it is for, its main act, and the states of what it reads. Refuses to show an act to who may only
// look without saying why.
import { Plus } from "lucide-react";
import type { ReactNode } from "react";
import { useAllowed } from "../../live/hooks";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { Banner, Button, ErrorState, ForbiddenState, Skeleton } from "../../ui";
import type { Read } from "./queries";

/** Whether the reader may change anything here. */
export function useCanChange(): boolean {
  return useAllowed().settings >= 3;
}

/** Why not, for buttons. */
export function useReadOnlyReason(): string | undefined {
  return useCanChange() ? undefined : text.admin.readOnlyReason;
}

export type SectionProps = { title: string; hint: ReactNode; action?: ReactNode; children: ReactNode };

export function Section({ title, hint, action, children }: SectionProps) {
  usePageTitle(text.admin.pageTitle(title));
  return (
    <div className="mx-auto flex w-full max-w-5xl min-w-0 flex-col gap-4 p-5 @max-[720px]/admin:p-3">
      <header className="flex flex-wrap items-start gap-x-4 gap-y-2">
        <div className="min-w-0 flex-1 basis-64">
          <h2 className="text-xl font-semibold">{title}</h2>
          <p className="max-w-prose text-muted">{hint}</p>
        </div>
        {action}
      </header>
      {useCanChange() ? null : (
        <Banner title={text.admin.readOnlyTitle} role="status">
          {text.admin.readOnly}
        </Banner>
      )}
      {children}
    </div>
  );
}

export type LoadedProps<T> = { read: Read<T>; what: string; skeleton?: ReactNode; children: (data: T) => ReactNode };

/** What was read, or why it is not there. What was read before stays while it is read anew. */
export function Loaded<T>({ read, what, skeleton, children }: LoadedProps<T>) {
  if (read.data !== undefined) {
    return (
      <>
        {read.isError ? (
          <Banner tone="warn" role="status">
            {text.shell.couldNotLoad(what)}
          </Banner>
        ) : null}
        {children(read.data)}
      </>
    );
  }
  if (read.isError) {
    return read.error.code === "forbidden" ? (
      <ForbiddenState hint={text.admin.forbidden} />
    ) : (
      <ErrorState error={read.error} what={what} onRetry={() => read.refetch()} />
    );
  }
  return skeleton ?? <TableSkeleton />;
}

/** The shape of a table. */
export function TableSkeleton({ rows = 6 }: { rows?: number }) {
  return (
    <div role="status" className="animate-appear overflow-hidden rounded-md border border-line bg-surface">
      <span className="sr-only">{text.shell.loading}</span>
      <div className="flex h-8 items-center border-b border-line bg-bg px-3">
        <Skeleton className="h-2.5 w-24" />
      </div>
      {Array.from({ length: rows }, (_, row) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
        <div key={row} className="flex h-12 items-center gap-3 border-b border-line px-3 last:border-b-0">
          <Skeleton className="size-8 rounded-full" />
          <Skeleton className="h-3 w-1/4" />
          <Skeleton className="ml-auto h-3 w-1/3" />
        </div>
      ))}
    </div>
  );
}

/** The shape of a form. */
export function FormSkeleton({ fields = 3 }: { fields?: number }) {
  return (
    <div role="status" className="animate-appear flex max-w-lg flex-col gap-5">
      <span className="sr-only">{text.shell.loading}</span>
      {Array.from({ length: fields }, (_, field) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: the fields are all alike
        <div key={field} className="space-y-1.5">
          <Skeleton className="h-3 w-28" />
          <Skeleton className="h-8 w-full rounded-md" />
        </div>
      ))}
    </div>
  );
}

/** The main act of a section whose things can be added. */
export function AddButton({ label, onAdd }: { label: string; onAdd: () => void }) {
  return (
    <Button variant="primary" icon={<Plus aria-hidden="true" size={16} />} reason={useReadOnlyReason()} onClick={onAdd}>
      {label}
    </Button>
  );
}

/** A refusal above the buttons of a dialog. */
export function Refusal({ children }: { children: string | undefined }) {
  return children ? (
    <Banner tone="bad" className="mt-4">
      {children}
    </Banner>
  ) : null;
}
