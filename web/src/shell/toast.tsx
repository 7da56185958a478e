// Toasts, drawn at the bottom left: read out politely, held while one points at them, works in them or looks at another tab, reached by
// F6, also while a dialog is open. What they are and how long they stay: toast-store.ts.

import { CircleAlert, CircleCheck, X } from "lucide-react";
import { useEffect, useMemo, useState } from "react";
import { createPortal } from "react-dom";
import { text } from "../text/en";
import { classNames } from "../ui/class-names";
import { harmless } from "../ui/untrusted";
import {
  dismissToast,
  holdToasts,
  runToastAction,
  showToast,
  type Toast,
  type ToastRequest,
  useToastList,
} from "./toast-store";

export { clearToasts, type ToastRequest, undo } from "./toast-store";

export function useToasts(): { show: (request: ToastRequest) => void } {
  return useMemo(() => ({ show: showToast }), []);
}

/** Once per page: the shell has it, and so has the embedded view. */
export function ToastRegion() {
  const toasts = useToastList();
  const [isPointed, setPointed] = useState(false);
  const [isFocused, setFocused] = useState(false);
  const [isAway, setAway] = useState(document.hidden);

  useEffect(() => {
    const look = () => setAway(document.hidden);
    document.addEventListener("visibilitychange", look);
    return () => document.removeEventListener("visibilitychange", look);
  }, []);

  const isEmpty = toasts.length === 0;
  useEffect(() => holdToasts(!isEmpty && (isPointed || isFocused || isAway)), [isEmpty, isPointed, isFocused, isAway]);

  return createPortal(
    <section
      aria-label={text.shell.notifications}
      aria-live="polite"
      aria-relevant="additions text"
      tabIndex={-1}
      data-region={isEmpty ? undefined : "toasts"}
      className={classNames(
        "fixed bottom-3 left-[4.25rem] z-70 flex w-[min(26rem,calc(100vw-1.5rem))] flex-col gap-2 rounded-md outline-none max-[720px]:bottom-16 max-[720px]:left-3",
        isEmpty && "pointer-events-none",
      )}
      onPointerEnter={() => setPointed(true)}
      onPointerLeave={() => setPointed(false)}
      onFocus={() => setFocused(true)}
      onBlur={(event) => setFocused(event.currentTarget.contains(event.relatedTarget))}
    >
      {toasts.map((toast) => (
        <ToastCard key={toast.id} toast={toast} />
      ))}
    </section>,
    document.body,
  );
}

const MARKS = {
  neutral: null,
  ok: <CircleCheck aria-hidden="true" size={16} className="mt-0.5 shrink-0" />,
  bad: <CircleAlert aria-hidden="true" size={16} className="mt-0.5 shrink-0" />,
} as const;

const ACT =
  "inline-flex h-7 shrink-0 items-center rounded-sm px-2 font-semibold text-toast-accent underline underline-offset-2 outline-toast-accent hover:no-underline";

function ToastCard({ toast }: { toast: Toast }) {
  const { action } = toast;
  return (
    <div
      data-toast
      className="forced-border flex max-w-full items-start gap-2 self-start rounded-md bg-toast py-1.5 pr-1.5 pl-3.5 text-base text-on-toast shadow-popup"
    >
      <span className="flex min-w-0 items-start gap-2 py-1">
        {MARKS[toast.tone]}
        <span className="min-w-0 wrap-anywhere">{harmless(toast.text)}</span>
      </span>
      {action ? (
        <button type="button" className={ACT} onClick={() => runToastAction(toast).then(nothing, nothing)}>
          {action.label}
        </button>
      ) : null}
      <button
        type="button"
        aria-label={text.shell.dismissToast}
        className="inline-flex size-7 shrink-0 items-center justify-center rounded-sm opacity-80 outline-toast-accent hover:opacity-100"
        onClick={() => dismissToast(toast.id)}
      >
        <X aria-hidden="true" size={14} />
      </button>
    </div>
  );
}

function nothing(): void {}
