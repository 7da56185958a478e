// A choice of one among a few. In a Field its visible label is the field's; alone, `label` is its name. Many choices: combobox.tsx.
// Base UI would add an inline style element here, which the content security policy refuses: style.css has its rules instead.

import { CSPProvider } from "@base-ui/react/csp-provider";
import { Select as Base } from "@base-ui/react/select";
import { Check, ChevronDown } from "lucide-react";
import type { ReactNode } from "react";
import { classNames } from "./class-names";
import { CONTROL } from "./field";
import { harmless } from "./untrusted";

export type SelectOption = {
  value: string;
  label: string;
  detail?: string | undefined;
  disabled?: boolean | undefined;
};

export type SelectProps = {
  value: string | null;
  onValueChange: (value: string) => void;
  options: readonly SelectOption[];
  label: string;
  placeholder?: string | undefined;
  disabled?: boolean | undefined;
  readOnly?: boolean | undefined;
  size?: "sm" | "md" | undefined;
  icon?: ReactNode;
  className?: string | undefined;
};

export function Select({
  value,
  onValueChange,
  options,
  label,
  placeholder,
  disabled,
  readOnly,
  size = "md",
  icon,
  className,
}: SelectProps) {
  const chosen = options.find((option) => option.value === value);
  return (
    <CSPProvider disableStyleElements>
      <Base.Root
        value={value}
        onValueChange={(next) => {
          if (next !== null) {
            onValueChange(next);
          }
        }}
        items={options}
        modal={false}
        disabled={disabled}
        readOnly={readOnly}
      >
        <Base.Trigger
          aria-label={label}
          className={classNames(
            CONTROL,
            "focus-inset inline-flex w-full min-w-0 items-center justify-between gap-1.5 text-left data-[popup-open]:border-accent",
            size === "sm" ? "h-7 px-2 text-sm" : "h-8 px-2.5 text-base",
            (disabled || readOnly) && "cursor-not-allowed bg-bg opacity-80",
            className,
          )}
        >
          {icon ? <span className="shrink-0 text-muted">{icon}</span> : null}
          <Base.Value className="min-w-0 flex-1 truncate">
            {() => (chosen ? harmless(chosen.label) : <span className="text-muted">{placeholder ?? ""}</span>)}
          </Base.Value>
          <Base.Icon className="shrink-0 text-muted">
            <ChevronDown aria-hidden="true" size={14} />
          </Base.Icon>
        </Base.Trigger>
        <Base.Portal>
          <Base.Positioner
            align="start"
            sideOffset={4}
            alignItemWithTrigger={false}
            collisionPadding={8}
            className="z-50 outline-none"
          >
            <Base.Popup className="popup-motion forced-border max-h-[min(22rem,var(--available-height))] min-w-[var(--anchor-width)] max-w-[min(28rem,var(--available-width))] overflow-y-auto overscroll-contain rounded-md border border-line bg-raised p-1 shadow-popup outline-none">
              <Base.List aria-label={label}>
                {options.map((option) => (
                  <Base.Item
                    key={option.value}
                    value={option.value}
                    disabled={option.disabled ?? false}
                    className="grid min-h-8 grid-cols-[1fr_1rem] items-center gap-2 rounded-sm px-2 py-1 text-base outline-none select-none data-[disabled]:cursor-not-allowed data-[disabled]:text-muted data-[highlighted]:bg-accent-soft"
                  >
                    <span className="min-w-0">
                      <Base.ItemText className="block wrap-anywhere">{harmless(option.label)}</Base.ItemText>
                      {option.detail ? <span className="block text-xs text-muted">{option.detail}</span> : null}
                    </span>
                    <Base.ItemIndicator className="text-accent">
                      <Check aria-hidden="true" size={16} />
                    </Base.ItemIndicator>
                  </Base.Item>
                ))}
              </Base.List>
            </Base.Popup>
          </Base.Positioner>
        </Base.Portal>
      </Base.Root>
    </CSPProvider>
  );
}
