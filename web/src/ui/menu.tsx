// A menu of acts behind a button. An act that cannot be done now says why. Choices of a value: select.tsx.

import { Menu as Base } from "@base-ui/react/menu";
import { Check } from "lucide-react";
import type { ReactElement, ReactNode } from "react";
import { classNames } from "./class-names";
import { Kbd } from "./kbd";
import { shown } from "./untrusted";

export type MenuItem = {
  id: string;
  label: string;
  icon?: ReactNode;
  shortcut?: readonly string[] | undefined;
  danger?: boolean | undefined;
  disabled?: boolean | undefined;
  /** Why it is disabled. */
  reason?: string | undefined;
  /** Makes it one of several that are on or off. */
  checked?: boolean | undefined;
  /** A line above it, with words if there are any. */
  above?: true | string | undefined;
  onSelect: () => void;
};

export type MenuProps = {
  trigger: ReactElement;
  items: readonly MenuItem[];
  /** Said above the items. */
  header?: ReactNode;
  side?: "top" | "bottom" | "left" | "right" | undefined;
  align?: "start" | "center" | "end" | undefined;
};

const ITEM =
  "flex min-h-8 items-center gap-2 rounded-sm px-2 py-1 text-base outline-none select-none data-[highlighted]:bg-accent-soft data-[disabled]:cursor-not-allowed";

export function Menu({ trigger, items, header, side = "bottom", align = "end" }: MenuProps) {
  return (
    <Base.Root modal={false}>
      <Base.Trigger render={trigger} />
      <Base.Portal>
        <Base.Positioner side={side} align={align} sideOffset={4} collisionPadding={8} className="z-50 outline-none">
          <Base.Popup className="popup-motion forced-border max-h-[var(--available-height)] max-w-80 min-w-48 overflow-y-auto rounded-md border border-line bg-raised p-1 shadow-popup outline-none">
            {header ? <div className="px-2 pt-1 pb-2">{header}</div> : null}
            {items.map((item) => (
              <Entry key={item.id} item={item} />
            ))}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}

function Entry({ item }: { item: MenuItem }) {
  const off = item.disabled ?? item.reason !== undefined;
  const className = classNames(ITEM, item.danger && !off && "text-bad", off && "text-muted");
  const inner = (
    <>
      {item.checked === undefined ? (
        <span aria-hidden="true" className="flex w-4 shrink-0 justify-center">
          {item.icon}
        </span>
      ) : (
        <span aria-hidden="true" className="flex w-4 shrink-0 justify-center text-accent">
          {item.checked ? <Check size={16} /> : null}
        </span>
      )}
      <span className="min-w-0 flex-1">
        <span className="block wrap-anywhere">{shown(item.label)}</span>
        {off && item.reason ? <span className="block text-xs text-muted">{item.reason}</span> : null}
      </span>
      {item.shortcut && item.shortcut.length > 0 ? <Kbd keys={item.shortcut} /> : null}
    </>
  );
  return (
    <>
      {item.above ? <Base.Separator className="my-1 h-px bg-line" /> : null}
      {typeof item.above === "string" ? <div className="px-2 pt-1 pb-0.5 text-xs text-muted">{item.above}</div> : null}
      {item.checked === undefined ? (
        <Base.Item disabled={off} onClick={item.onSelect} className={className}>
          {inner}
        </Base.Item>
      ) : (
        <Base.CheckboxItem checked={item.checked} onCheckedChange={item.onSelect} disabled={off} className={className}>
          {inner}
        </Base.CheckboxItem>
      )}
    </>
  );
}
