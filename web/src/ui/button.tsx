// Buttons: with words, and with an icon alone that has a name and a tooltip. A busy button keeps the focus and does nothing; a
// disabled one that has a reason says it on hover and focus instead of leaving the page without a word.

import type { ComponentPropsWithRef, MouseEvent, ReactNode } from "react";
import { classNames } from "./class-names";
import { Spinner } from "./spinner";
import { Tooltip } from "./tooltip";

export type ButtonVariant = "primary" | "secondary" | "ghost" | "danger";
export type ButtonSize = "sm" | "md";

const VARIANTS: Record<ButtonVariant, string> = {
  primary: "border-transparent bg-accent text-on-accent hover:bg-accent-strong",
  secondary:
    "border-line-strong/50 bg-surface text-ink hover:bg-hover aria-pressed:border-accent aria-pressed:bg-accent-soft",
  ghost: "border-transparent bg-transparent text-ink hover:bg-hover",
  danger: "border-transparent bg-bad text-on-bad hover:bg-bad-strong",
};

const SIZES: Record<ButtonSize, string> = { sm: "h-7 gap-1.5 px-2.5 text-sm", md: "h-8 gap-2 px-3 text-base" };
const ICON_SIZES: Record<ButtonSize, string> = { sm: "size-7", md: "size-8" };

const BASE =
  "forced-border inline-flex shrink-0 items-center justify-center rounded-md border font-medium whitespace-nowrap select-none transition-colors data-[popup-open]:bg-hover";
const OFF = "cursor-not-allowed opacity-55";

/** The classes of a button, for links that look like one. */
export function buttonClass(variant: ButtonVariant = "secondary", size: ButtonSize = "md", className?: string): string {
  return classNames(BASE, VARIANTS[variant], SIZES[size], className);
}

type Shared = Omit<ComponentPropsWithRef<"button">, "children"> & {
  variant?: ButtonVariant | undefined;
  size?: ButtonSize | undefined;
  busy?: boolean | undefined;
  icon?: ReactNode;
  /** Why it is disabled; makes it disabled. */
  reason?: string | undefined;
};

export type ButtonProps = Shared & { children: ReactNode };

export function Button({
  variant = "secondary",
  size = "md",
  busy,
  icon,
  reason,
  disabled,
  className,
  children,
  onClick,
  type,
  ...rest
}: ButtonProps) {
  const still = Boolean(busy || reason);
  const button = (
    <button
      {...rest}
      type={type ?? "button"}
      disabled={disabled && !reason}
      aria-disabled={still || disabled || undefined}
      aria-busy={busy || undefined}
      onClick={still ? swallow : onClick}
      className={classNames(
        BASE,
        still || disabled ? VARIANTS[variant].replace(/hover:\S+/g, "") : VARIANTS[variant],
        SIZES[size],
        (disabled || reason) && OFF,
        className,
      )}
    >
      {busy ? <Spinner size={size === "sm" ? 14 : 16} /> : icon}
      {children}
    </button>
  );
  return reason ? <Tooltip label={reason}>{button}</Tooltip> : button;
}

export type IconButtonProps = Shared & {
  label: string;
  icon: ReactNode;
  /** The id of a command, or its keys, shown in the tooltip. */
  shortcut?: readonly string[] | undefined;
  /** Without a tooltip where the place says it already. */
  noTooltip?: boolean | undefined;
};

export function IconButton({
  variant = "ghost",
  size = "md",
  busy,
  icon,
  reason,
  disabled,
  className,
  label,
  shortcut,
  noTooltip,
  onClick,
  type,
  ...rest
}: IconButtonProps) {
  const still = Boolean(busy || reason);
  const button = (
    <button
      {...rest}
      type={type ?? "button"}
      aria-label={label}
      disabled={disabled && !reason}
      aria-disabled={still || disabled || undefined}
      aria-busy={busy || undefined}
      onClick={still ? swallow : onClick}
      className={classNames(
        BASE,
        still || disabled ? VARIANTS[variant].replace(/hover:\S+/g, "") : VARIANTS[variant],
        ICON_SIZES[size],
        (disabled || reason) && OFF,
        className,
      )}
    >
      {busy ? <Spinner size={16} /> : icon}
    </button>
  );
  if (noTooltip) {
    return button;
  }
  return (
    <Tooltip label={reason ?? label} shortcut={reason ? undefined : shortcut}>
      {button}
    </Tooltip>
  );
}

function swallow(event: MouseEvent) {
  event.preventDefault();
  event.stopPropagation();
}
