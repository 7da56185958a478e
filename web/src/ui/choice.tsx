// Switches, checkboxes and radio groups, each with its label and, where it needs one, a line that explains it.

import { Checkbox as BaseCheckbox } from "@base-ui/react/checkbox";
import { Radio } from "@base-ui/react/radio";
import { RadioGroup as BaseRadioGroup } from "@base-ui/react/radio-group";
import { Switch as BaseSwitch } from "@base-ui/react/switch";
import { Check } from "lucide-react";
import { type ReactNode, useId } from "react";
import { classNames } from "./class-names";
import { shown } from "./untrusted";

type Toggle = {
  label: ReactNode;
  hint?: ReactNode;
  checked: boolean;
  onCheckedChange: (checked: boolean) => void;
  disabled?: boolean | undefined;
  /** Said to those who cannot see where it stands; the label is hidden. */
  hideLabel?: boolean | undefined;
  className?: string | undefined;
};

export type SwitchProps = Toggle;

export function Switch({ label, hint, checked, onCheckedChange, disabled, hideLabel, className }: SwitchProps) {
  const id = useId();
  return (
    <div className={classNames("flex min-h-8 items-center gap-3", className)}>
      <div className={classNames("min-w-0 flex-1", hideLabel && "sr-only")}>
        <span id={`${id}-label`} className="block text-base">
          {shown(label)}
        </span>
        {hint ? (
          <span id={`${id}-hint`} className="block text-xs text-muted">
            {hint}
          </span>
        ) : null}
      </div>
      <BaseSwitch.Root
        checked={checked}
        onCheckedChange={(next) => onCheckedChange(next)}
        disabled={disabled ?? false}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="forced-border relative inline-flex h-6 w-10 shrink-0 items-center rounded-full border border-line-strong bg-bg p-0.5 transition-colors data-[checked]:border-accent data-[checked]:bg-accent data-[disabled]:cursor-not-allowed data-[disabled]:opacity-55"
      >
        <BaseSwitch.Thumb className="forced-border size-4 rounded-full bg-line-strong transition-transform data-[checked]:translate-x-4 data-[checked]:bg-on-accent" />
      </BaseSwitch.Root>
    </div>
  );
}

export type CheckboxProps = Toggle;

export function Checkbox({ label, hint, checked, onCheckedChange, disabled, hideLabel, className }: CheckboxProps) {
  const id = useId();
  return (
    <div className={classNames("flex min-h-7 items-start gap-2 py-0.5", className)}>
      <BaseCheckbox.Root
        checked={checked}
        onCheckedChange={(next) => onCheckedChange(next)}
        disabled={disabled ?? false}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className="relative mt-0.5 inline-flex size-[1.125rem] shrink-0 items-center justify-center rounded-sm border border-line-strong bg-surface transition-colors before:absolute before:-inset-1 before:content-[''] data-[checked]:border-accent data-[checked]:bg-accent data-[disabled]:cursor-not-allowed data-[disabled]:opacity-55"
      >
        <BaseCheckbox.Indicator className="text-on-accent">
          <Check aria-hidden="true" size={14} strokeWidth={3} />
        </BaseCheckbox.Indicator>
      </BaseCheckbox.Root>
      {/* biome-ignore lint/a11y/useKeyWithClickEvents lint/a11y/noStaticElementInteractions: the keyboard uses the box itself; this only widens the target */}
      <div
        className={classNames("min-w-0 flex-1 select-none", hideLabel && "sr-only", !disabled && "cursor-pointer")}
        onClick={() => (disabled ? undefined : onCheckedChange(!checked))}
      >
        <span id={`${id}-label`} className="block text-base wrap-anywhere">
          {shown(label)}
        </span>
        {hint ? (
          <span id={`${id}-hint`} className="block text-xs text-muted">
            {hint}
          </span>
        ) : null}
      </div>
    </div>
  );
}

export type RadioOption<V extends string> = {
  value: V;
  label: ReactNode;
  hint?: ReactNode;
  disabled?: boolean | undefined;
};

export type RadioGroupProps<V extends string> = {
  label: ReactNode;
  hint?: ReactNode;
  value: V;
  onValueChange: (value: V) => void;
  options: readonly RadioOption<V>[];
  disabled?: boolean | undefined;
  /** Beside each other while there is room. */
  inline?: boolean | undefined;
  hideLabel?: boolean | undefined;
};

export function RadioGroup<V extends string>({
  label,
  hint,
  value,
  onValueChange,
  options,
  disabled,
  inline,
  hideLabel,
}: RadioGroupProps<V>) {
  const id = useId();
  return (
    <div className="min-w-0">
      <div id={`${id}-label`} className={classNames("mb-1 text-sm font-medium", hideLabel && "sr-only")}>
        {shown(label)}
      </div>
      {hint ? (
        <p id={`${id}-hint`} className="mb-1 text-xs text-muted">
          {hint}
        </p>
      ) : null}
      <BaseRadioGroup
        value={value}
        onValueChange={(next) => {
          const chosen = options.find((option) => option.value === next);
          if (chosen) {
            onValueChange(chosen.value);
          }
        }}
        disabled={disabled ?? false}
        aria-labelledby={`${id}-label`}
        aria-describedby={hint ? `${id}-hint` : undefined}
        className={classNames("flex", inline ? "flex-wrap gap-x-5 gap-y-1" : "flex-col gap-1")}
      >
        {options.map((option) => (
          // biome-ignore lint/a11y/noLabelWithoutControl: the control is the radio inside
          <label
            key={option.value}
            className={classNames(
              "flex min-h-7 items-start gap-2 py-0.5",
              !disabled && !option.disabled && "cursor-pointer",
            )}
          >
            <Radio.Root
              value={option.value}
              disabled={option.disabled ?? false}
              className="relative mt-0.5 inline-flex size-[1.125rem] shrink-0 items-center justify-center rounded-full border border-line-strong bg-surface before:absolute before:-inset-1 before:content-[''] data-[checked]:border-accent data-[disabled]:cursor-not-allowed data-[disabled]:opacity-55"
            >
              <Radio.Indicator className="size-2.5 rounded-full bg-accent" />
            </Radio.Root>
            <span className="min-w-0">
              <span className="block text-base">{shown(option.label)}</span>
              {option.hint ? <span className="block text-xs text-muted">{option.hint}</span> : null}
            </span>
          </label>
        ))}
      </BaseRadioGroup>
    </div>
  );
}
