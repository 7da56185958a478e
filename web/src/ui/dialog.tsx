// Dialogs: one to fill in or read, and alert dialogs for questions that must be answered. A dialog whose form holds unsaved changes
// asks before it throws them away. Refuses to close while its act runs.

import { AlertDialog as BaseAlert } from "@base-ui/react/alert-dialog";
import { Dialog as Base } from "@base-ui/react/dialog";
import { X } from "lucide-react";
import { type FormEvent, type ReactNode, type RefObject, useState } from "react";
import { text } from "../text/en";
import { Banner } from "./banner";
import { Button, IconButton } from "./button";
import { classNames } from "./class-names";
import { shown } from "./untrusted";

const BACKDROP = "fade-motion fixed inset-0 z-40 bg-overlay";
const VIEWPORT = "fixed inset-0 z-40 flex items-center justify-center overflow-hidden p-3";
const POPUP =
  "popup-motion forced-border flex max-h-full w-full min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-raised text-ink shadow-dialog outline-none";
const WIDTHS = { sm: "max-w-md", md: "max-w-lg", lg: "max-w-2xl" } as const;

export type DialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children: ReactNode;
  footer?: ReactNode;
  size?: keyof typeof WIDTHS | undefined;
  /** Makes the dialog a form; called when it is submitted, by Enter too. */
  onSubmit?: (() => void) | undefined;
  /** Whether something would be lost by closing it. */
  dirty?: boolean | undefined;
  /** Whether its act runs: it stays open. */
  busy?: boolean | undefined;
  initialFocus?: RefObject<HTMLElement | null> | undefined;
};

export function Dialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  footer,
  size = "md",
  onSubmit,
  dirty,
  busy,
  initialFocus,
}: DialogProps) {
  const [asking, setAsking] = useState(false);
  const change = (next: boolean) => {
    if (!next && busy) {
      return;
    }
    if (!next && dirty) {
      setAsking(true);
      return;
    }
    onOpenChange(next);
  };
  const inner = (
    <>
      <div className="min-h-0 flex-1 overflow-y-auto overscroll-contain px-5 py-4">{children}</div>
      {footer ? (
        <div className="flex flex-wrap items-center justify-end gap-2 border-t border-line px-5 py-3">{footer}</div>
      ) : null}
    </>
  );
  return (
    <Base.Root open={open} onOpenChange={change}>
      <Base.Portal>
        <Base.Backdrop className={BACKDROP} />
        <Base.Viewport className={VIEWPORT}>
          <Base.Popup className={classNames(POPUP, WIDTHS[size])} {...(initialFocus ? { initialFocus } : {})}>
            <header className="flex items-start gap-3 px-5 pt-4">
              <div className="min-w-0 flex-1">
                <Base.Title className="text-lg font-semibold wrap-anywhere">{shown(title)}</Base.Title>
                {description ? (
                  <Base.Description className="mt-0.5 text-base text-muted">{shown(description)}</Base.Description>
                ) : null}
              </div>
              <Base.Close
                render={
                  <IconButton
                    size="sm"
                    label={text.shell.close}
                    noTooltip
                    icon={<X aria-hidden="true" size={16} />}
                    className="-mr-1.5"
                  />
                }
              />
            </header>
            {onSubmit ? (
              <form noValidate className="flex min-h-0 flex-1 flex-col" onSubmit={submit(onSubmit, Boolean(busy))}>
                {inner}
              </form>
            ) : (
              inner
            )}
            <ConfirmDialog
              open={asking}
              onOpenChange={setAsking}
              title={text.shell.discardTitle}
              description={text.shell.discardDescription}
              confirmLabel={text.shell.discard}
              cancelLabel={text.shell.keepEditing}
              danger
              onConfirm={() => {
                setAsking(false);
                onOpenChange(false);
              }}
            />
          </Base.Popup>
        </Base.Viewport>
      </Base.Portal>
    </Base.Root>
  );
}

function submit(onSubmit: () => void, busy: boolean) {
  return (event: FormEvent) => {
    event.preventDefault();
    event.stopPropagation();
    if (!busy) {
      onSubmit();
    }
  };
}

export type AlertDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  actions: ReactNode;
};

export function AlertDialog({ open, onOpenChange, title, description, children, actions }: AlertDialogProps) {
  return (
    <BaseAlert.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <BaseAlert.Portal>
        <BaseAlert.Backdrop forceRender className={BACKDROP} />
        <BaseAlert.Viewport className={VIEWPORT}>
          <BaseAlert.Popup className={classNames(POPUP, WIDTHS.sm)}>
            <div className="min-h-0 overflow-y-auto px-5 pt-4 pb-4">
              <BaseAlert.Title className="text-lg font-semibold wrap-anywhere">{shown(title)}</BaseAlert.Title>
              {description ? (
                <BaseAlert.Description className="mt-1 text-base text-muted wrap-anywhere">
                  {description}
                </BaseAlert.Description>
              ) : null}
              {children ? <div className="mt-3">{children}</div> : null}
            </div>
            {actions ? (
              <div className="flex flex-wrap justify-end gap-2 border-t border-line px-5 py-3">{actions}</div>
            ) : null}
          </BaseAlert.Popup>
        </BaseAlert.Viewport>
      </BaseAlert.Portal>
    </BaseAlert.Root>
  );
}

export type ConfirmDialogProps = {
  open: boolean;
  onOpenChange: (open: boolean) => void;
  title: ReactNode;
  description?: ReactNode;
  children?: ReactNode;
  confirmLabel: string;
  cancelLabel?: string | undefined;
  danger?: boolean | undefined;
  busy?: boolean | undefined;
  /** Why it did not work; the dialog stays. */
  error?: string | null | undefined;
  onConfirm: () => void;
};

export function ConfirmDialog({
  open,
  onOpenChange,
  title,
  description,
  children,
  confirmLabel,
  cancelLabel,
  danger,
  busy,
  error,
  onConfirm,
}: ConfirmDialogProps) {
  return (
    <AlertDialog
      open={open}
      onOpenChange={(next) => (busy ? undefined : onOpenChange(next))}
      title={title}
      description={description}
      actions={
        <>
          <Button onClick={() => onOpenChange(false)} disabled={busy}>
            {cancelLabel ?? text.shell.cancel}
          </Button>
          <Button variant={danger ? "danger" : "primary"} busy={busy} onClick={onConfirm}>
            {confirmLabel}
          </Button>
        </>
      }
    >
      {children || error ? (
        <>
          {children}
          {error ? <Banner tone="bad">{error}</Banner> : null}
        </>
      ) : null}
    </AlertDialog>
  );
}
