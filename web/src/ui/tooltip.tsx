// A tooltip: extra clarity for mouse and keyboard. Refuses to hold anything that one has to know: the name stands on the element.

import { Tooltip as Base } from "@base-ui/react/tooltip";
import type { ReactElement } from "react";
import { Kbd } from "./kbd";
import { harmless } from "./untrusted";

export type TooltipProps = {
  label: string;
  shortcut?: readonly string[] | undefined;
  side?: "top" | "bottom" | "left" | "right" | undefined;
  children: ReactElement;
};

export function Tooltip({ label, shortcut, side = "top", children }: TooltipProps) {
  return (
    <Base.Root>
      <Base.Trigger render={children} delay={450} closeOnClick />
      <Base.Portal>
        <Base.Positioner side={side} sideOffset={6} collisionPadding={8} className="z-60">
          <Base.Popup className="fade-motion forced-border pointer-events-none flex max-w-72 items-center gap-2 rounded-sm bg-toast px-2 py-1 text-xs text-on-toast shadow-popup">
            <span className="wrap-anywhere">{harmless(label)}</span>
            {shortcut && shortcut.length > 0 ? <Kbd keys={shortcut} inverted /> : null}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
