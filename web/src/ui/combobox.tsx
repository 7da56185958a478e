// A choice among many, found by typing; the items come from outside (a search on the server) and are not filtered here. In a Field
// its visible label is the field's; alone, `label` is its name.

import { Combobox as Base } from "@base-ui/react/combobox";
import { Check, ChevronDown, X } from "lucide-react";
import type { ReactNode } from "react";
import { text } from "../text/en";
import { classNames } from "./class-names";
import { CONTROL } from "./field";
import { keepPageReadable } from "./readable-page";
import { Spinner } from "./spinner";

export type ComboboxProps<T> = {
  label: string;
  items: readonly T[];
  itemLabel: (item: T) => string;
  itemKey: (item: T) => string;
  itemDetail?: ((item: T) => ReactNode) | undefined;
  itemDisabled?: ((item: T) => boolean) | undefined;
  value: T | null;
  onValueChange: (value: T | null) => void;
  query: string;
  onQueryChange: (query: string) => void;
  loading?: boolean | undefined;
  /** What is said when nothing matches, or before one has typed. */
  empty: string;
  placeholder?: string | undefined;
  disabled?: boolean | undefined;
  autoFocus?: boolean | undefined;
  /** Whether one may choose nothing again; true where it is not said. */
  clearable?: boolean | undefined;
  /** Below the items, such as "Create a new contact". */
  footer?: ReactNode;
};

export function Combobox<T>({
  label,
  items,
  itemLabel,
  itemKey,
  itemDetail,
  itemDisabled,
  value,
  onValueChange,
  query,
  onQueryChange,
  loading,
  empty,
  placeholder,
  disabled,
  autoFocus,
  clearable = true,
  footer,
}: ComboboxProps<T>) {
  const listed = value !== null && !items.some((item) => itemKey(item) === itemKey(value)) ? [...items, value] : items;
  return (
    <Base.Root<T>
      items={listed}
      filteredItems={items}
      filter={null}
      value={value}
      onValueChange={(next) => onValueChange(next)}
      inputValue={query}
      onInputValueChange={(next) => onQueryChange(next)}
      itemToStringLabel={itemLabel}
      itemToStringValue={itemKey}
      isItemEqualToValue={(a, b) => itemKey(a) === itemKey(b)}
      disabled={disabled}
      onOpenChange={(open) => {
        if (open) {
          keepPageReadable();
        }
      }}
      autoHighlight
    >
      <Base.InputGroup className="relative block min-w-0">
        <Base.Input
          aria-label={label}
          placeholder={placeholder}
          autoFocus={autoFocus}
          autoComplete="off"
          spellCheck={false}
          className={classNames(CONTROL, "h-8 w-full min-w-0 pr-14 pl-2.5 text-base")}
        />
        <span className="pointer-events-none absolute inset-y-0 right-1 flex items-center">
          {loading ? <Spinner size={14} className="mr-1 text-muted" /> : null}
          {clearable ? (
            <Base.Clear
              aria-label={text.shell.clear}
              className="pointer-events-auto flex size-6 items-center justify-center rounded-sm text-muted hover:bg-hover hover:text-ink"
            >
              <X aria-hidden="true" size={14} />
            </Base.Clear>
          ) : null}
          <ChevronDown aria-hidden="true" size={14} className="mx-1.5 text-muted" />
        </span>
      </Base.InputGroup>
      <Base.Portal>
        <Base.Positioner sideOffset={4} collisionPadding={8} className="z-50 outline-none">
          <Base.Popup
            aria-busy={loading || undefined}
            className="popup-motion forced-border w-[var(--anchor-width)] max-w-[var(--available-width)] rounded-md border border-line bg-raised shadow-popup outline-none"
          >
            <Base.Status className="sr-only">
              {loading ? text.shell.searching : text.shell.found(items.length)}
            </Base.Status>
            <Base.Empty>{loading ? null : <p className="px-3 py-2.5 text-sm text-muted">{empty}</p>}</Base.Empty>
            {loading && items.length === 0 ? (
              <p className="px-3 py-2.5 text-sm text-muted">{text.shell.searching}</p>
            ) : null}
            <Base.List
              aria-label={label}
              className="max-h-[min(18rem,var(--available-height))] overflow-y-auto overscroll-contain p-1 empty:p-0"
            >
              {(item: T) => (
                <Base.Item
                  key={itemKey(item)}
                  value={item}
                  disabled={itemDisabled?.(item) ?? false}
                  className="grid min-h-8 grid-cols-[1fr_1rem] items-center gap-2 rounded-sm px-2 py-1 text-base outline-none select-none data-[disabled]:cursor-not-allowed data-[disabled]:text-muted data-[highlighted]:bg-accent-soft"
                >
                  <span className="min-w-0">
                    <bdi className="block wrap-anywhere">{itemLabel(item)}</bdi>
                    {itemDetail ? <span className="block text-xs text-muted">{itemDetail(item)}</span> : null}
                  </span>
                  <Base.ItemIndicator className="text-accent">
                    <Check aria-hidden="true" size={16} />
                  </Base.ItemIndicator>
                </Base.Item>
              )}
            </Base.List>
            {footer ? <div className="border-t border-line p-1">{footer}</div> : null}
          </Base.Popup>
        </Base.Positioner>
      </Base.Portal>
    </Base.Root>
  );
}
