// Tabs over panels of the same place. Links between pages are no tabs: they are links.

import { Tabs as Base } from "@base-ui/react/tabs";
import type { ReactNode } from "react";
import { classNames } from "./class-names";

export type TabItem<V extends string> = { value: V; label: string; count?: number | undefined };

export type TabsProps<V extends string> = {
  label: string;
  value: V;
  onValueChange: (value: V) => void;
  items: readonly TabItem<V>[];
  /** `TabPanel`s. */
  children?: ReactNode;
  className?: string | undefined;
};

export function Tabs<V extends string>({ label, value, onValueChange, items, children, className }: TabsProps<V>) {
  return (
    <Base.Root
      value={value}
      onValueChange={(next) => {
        const chosen = items.find((item) => item.value === next);
        if (chosen) {
          onValueChange(chosen.value);
        }
      }}
      className={classNames("flex min-h-0 min-w-0 flex-col", className)}
    >
      <Base.List
        aria-label={label}
        activateOnFocus
        className="flex shrink-0 gap-1 overflow-x-auto border-b border-line px-3"
      >
        {items.map((item) => (
          <Base.Tab
            key={item.value}
            value={item.value}
            className="focus-inset -mb-px inline-flex h-9 shrink-0 items-center gap-1.5 border-b-2 border-transparent px-2 text-base text-muted select-none hover:text-ink data-[active]:border-accent data-[active]:font-medium data-[active]:text-ink"
          >
            {item.label}
            {item.count === undefined ? null : (
              <span className="rounded-full bg-hover px-1.5 text-xs text-muted">{item.count}</span>
            )}
          </Base.Tab>
        ))}
      </Base.List>
      {children}
    </Base.Root>
  );
}

export function TabPanel({
  value,
  className,
  children,
}: {
  value: string;
  className?: string | undefined;
  children: ReactNode;
}) {
  return (
    <Base.Panel value={value} className={classNames("min-h-0 min-w-0 flex-1 outline-none", className)}>
      {children}
    </Base.Panel>
  );
}
