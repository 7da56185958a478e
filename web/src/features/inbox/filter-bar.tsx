// The filters of the inbox: a button that opens them, and a chip for each that is on. They combine with every view and with
// the search. Refuses to remember: a filter lives in the address.

import { ListFilter, X } from "lucide-react";
import { lazy, Suspense, useEffect, useState } from "react";
import { useContact, useContactRoles } from "../../live/hooks";
import { patiently } from "../../shell/patience";
import { text } from "../../text/en";
import { IconButton, plain, UntrustedText } from "../../ui";
import type { FilterProps as Props } from "./filter-popover";
import { filtersOn } from "./inbox-url";

const words = text.inbox.filter;
const fetchPopover = () => patiently(() => import("./filter-popover"));
const FilterPopover = lazy(() => fetchPopover().then((m) => ({ default: m.FilterPopover })));
/** After the list and what an open conversation needs. */
const IDLE_MS = 1_000;

function FilterButton({ state, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  // Once it was opened the popover has the button, so that the focus goes back to it.
  const [isUsed, setUsed] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => void fetchPopover(), IDLE_MS);
    return () => clearTimeout(timer);
  }, []);
  const count = filtersOn(state);
  const button = (further: { onClick?: () => void; "aria-haspopup"?: "dialog" }) => (
    <IconButton
      variant={count > 0 ? "primary" : "secondary"}
      label={count === 0 ? text.inbox.filters : text.inbox.filtersOn(count)}
      icon={<ListFilter aria-hidden size={16} />}
      {...further}
    />
  );
  const open = () => {
    setUsed(true);
    setOpen(true);
  };
  const closed = button({ onClick: open, "aria-haspopup": "dialog" });
  if (!isUsed) return closed;
  return (
    <Suspense fallback={closed}>
      <FilterPopover isOpen={isOpen} onOpenChange={setOpen} trigger={button({})} state={state} onChange={onChange} />
    </Suspense>
  );
}

function Chips({ state, onChange }: Props) {
  const roles = useContactRoles();
  if (filtersOn(state) === 0) return null;
  const role = state.role === "client" ? words.client : (roles.find(({ id }) => id === state.role)?.name ?? words.role);
  return (
    <ul className="m-0 flex list-none flex-wrap gap-1.5 p-0">
      {state.case !== undefined && (
        <Chip name={text.inbox.onlyCase(state.case)} onRemove={() => onChange({ case: undefined })} />
      )}
      {state.contact !== undefined && (
        <ContactChip id={state.contact} onRemove={() => onChange({ contact: undefined })} />
      )}
      {state.role !== undefined && <Chip name={role} onRemove={() => onChange({ role: undefined })} />}
      {state.channel !== undefined && (
        <Chip
          name={state.channel === "text" ? words.text : words.call}
          onRemove={() => onChange({ channel: undefined })}
        />
      )}
    </ul>
  );
}

function ContactChip({ id, onRemove }: { id: string; onRemove: () => void }) {
  const name = useContact(id).details?.contact.name ?? words.contact;
  return <Chip name={text.inbox.onlyContact(name)} onRemove={onRemove} />;
}

function Chip({ name, onRemove }: { name: string; onRemove: () => void }) {
  return (
    <li className="inline-flex h-6 max-w-full items-center gap-0.5 rounded-full bg-accent-soft pr-0.5 pl-2 text-ink text-xs">
      <span className="min-w-0 truncate">
        <UntrustedText text={name} />
      </span>
      <button
        type="button"
        aria-label={text.inbox.removeFilter(plain(name))}
        onClick={onRemove}
        className="inline-flex size-6 shrink-0 items-center justify-center rounded-full hover:bg-hover"
      >
        <X aria-hidden size={12} />
      </button>
    </li>
  );
}

export const FilterBar = { Button: FilterButton, Chips };
