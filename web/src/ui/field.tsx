// A labelled form field: label, hint and error belong to the control by accessible description, whatever the control is. Inputs of
// text are here too; choices are in select.tsx, combobox.tsx and choice.tsx.

import { Field as Base } from "@base-ui/react/field";
import { CircleAlert } from "lucide-react";
import type { ComponentPropsWithRef, ReactNode } from "react";
import { classNames } from "./class-names";
import { shown } from "./untrusted";

export type FieldProps = {
  label: ReactNode;
  hint?: ReactNode;
  error?: string | null | undefined;
  /** Said after the label, such as "optional". */
  note?: string | undefined;
  className?: string | undefined;
  children: ReactNode;
};

export function Field({ label, hint, error, note, className, children }: FieldProps) {
  return (
    <Base.Root invalid={Boolean(error)} className={classNames("flex min-w-0 flex-col gap-1", className)}>
      <Base.Label className="text-sm font-medium text-ink">
        {shown(label)}
        {note ? <span className="font-normal text-muted"> {note}</span> : null}
      </Base.Label>
      {children}
      {hint ? <Base.Description className="text-xs text-muted">{hint}</Base.Description> : null}
      {error ? (
        <Base.Error match className="flex items-start gap-1.5 text-xs text-bad" role="alert">
          <CircleAlert aria-hidden="true" size={14} className="mt-px shrink-0" />
          <span className="wrap-anywhere">{error}</span>
        </Base.Error>
      ) : null}
    </Base.Root>
  );
}

export type FieldGroupProps = {
  legend: ReactNode;
  hint?: ReactNode;
  error?: string | null | undefined;
  className?: string | undefined;
  children: ReactNode;
};

/** Several controls under one heading, such as checkboxes. */
export function FieldGroup({ legend, hint, error, className, children }: FieldGroupProps) {
  return (
    <fieldset className={classNames("flex min-w-0 flex-col gap-1.5", className)}>
      <legend className="mb-1 text-sm font-medium text-ink">{legend}</legend>
      {hint ? <p className="-mt-1 text-xs text-muted">{hint}</p> : null}
      {children}
      {error ? (
        <p className="flex items-start gap-1.5 text-xs text-bad" role="alert">
          <CircleAlert aria-hidden="true" size={14} className="mt-px shrink-0" />
          <span>{error}</span>
        </p>
      ) : null}
    </fieldset>
  );
}

/** The frame of everything that one types or chooses in. */
export const CONTROL =
  "rounded-md border border-line-strong/70 bg-surface text-ink transition-colors hover:border-line-strong data-[invalid]:border-bad disabled:cursor-not-allowed disabled:opacity-60";

export type InputProps = Omit<ComponentPropsWithRef<"input">, "onChange" | "value" | "defaultValue"> & {
  value: string;
  onValueChange?: ((value: string) => void) | undefined;
  icon?: ReactNode;
};

export function Input({ value, onValueChange, icon, className, type = "text", ...rest }: InputProps) {
  const input = (
    <Base.Control
      {...rest}
      type={type}
      value={value}
      onValueChange={(next) => onValueChange?.(next)}
      className={classNames(
        CONTROL,
        "h-8 read-only:bg-bg w-full min-w-0 px-2.5 text-base",
        icon ? "pl-8" : null,
        className,
      )}
    />
  );
  if (!icon) {
    return input;
  }
  return (
    <span className="relative block min-w-0">
      <span
        aria-hidden="true"
        className="pointer-events-none absolute inset-y-0 left-2.5 z-1 flex items-center text-muted"
      >
        {icon}
      </span>
      {input}
    </span>
  );
}

export type TextAreaProps = Omit<ComponentPropsWithRef<"textarea">, "onChange" | "value" | "defaultValue"> & {
  value: string;
  onValueChange?: ((value: string) => void) | undefined;
};

export function TextArea({ value, onValueChange, className, ref, ...rest }: TextAreaProps) {
  return (
    <Base.Control
      value={value}
      onValueChange={(next) => onValueChange?.(next)}
      className={classNames(CONTROL, "min-h-16 read-only:bg-bg w-full min-w-0 px-2.5 py-1.5 text-base", className)}
      render={<textarea {...rest} ref={ref} />}
    />
  );
}
