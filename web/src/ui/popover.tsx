// A popover with a title and whatever is to be read or done in it, beside its trigger. Acts alone: menu.tsx.

import { Popover as Base } from "@base-ui/react/popover";
import { X } from "lucide-react";
import type { ReactElement, ReactNode, RefObject } from "react";
import { text } from "../text/en";
import { IconButton } from "./button";
import { classNames } from "./class-names";

export type PopoverProps = {
  trigger: ReactElement;
  title: ReactNode;
  children: ReactNode;
  open?: boolean | undefined;
  onOpenChange?: ((open: boolean) => void) | undefined;
  side?: "top" | "bottom" | "left" | "right" | undefined;
  align?: "start" | "center" | "end" | undefined;
  wide?: boolean | undefined;
  /** What has the focus first; else it is what comes first. */
  initialFocus?: RefObject<HTMLElement | null> | undefined;
};

export function Popover({
  trigger,
  title,
  children,
  open,
  onOpenChange,
  side = "bottom",
  align = "start",
  wide,
  initialFocus,
}: PopoverProps) {
  return (
    <Base.Root {...(open === undefined ? {} : { open })} onOpenChange={(next) => onOpenChange?.(next)}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={6} collisionPadding={8} className="z-50">
          <Base.Popup
            {...(initialFocus === undefined ? {} : { initialFocus })}
            className={classNames(
              "popup-motion forced-border flex max-h-[var(--available-height)] w-[min(22rem,calc(100vw-1rem))] flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-popup outline-none",
              wide && "w-[min(30rem,calc(100vw-1rem))]",
            )}
          >
            <div className="flex items-start gap-2 px-4 pt-3">
              <Base.Title className="min-w-0 flex-1 text-base font-semibold wrap-anywhere">{title}</Base.Title>
              <Base.Close
                render={
                  <IconButton
                    size="sm"
                    label={text.shell.close}
                    noTooltip
                    icon={<X aria-hidden="true" size={14} />}
                    className="-mt-1 -mr-2"
                  />
                }
              />
            </div>
            <div className="min-h-0 overflow-y-auto px-4 pt-1 pb-4">{children}</div>
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
