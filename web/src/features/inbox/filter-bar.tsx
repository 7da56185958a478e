// The filters of the inbox: a button that opens them, and a chip for each that is on. They combine with every view and with
// the search. Refuses to remember: a filter lives in the address.

import { ListFilter, X } from "lucide-react";
import { useState } from "react";
import { useContact, useContactRoles } from "../../live/hooks";
import type { ContactView } from "../../live/model";
import { text } from "../../text/en";
import { Button, Field, IconButton, Popover, plain, Select, UntrustedText } from "../../ui";
import { type CaseChoice, CasePicker } from "../cases/case-picker";
import { ContactPicker } from "../contacts/contact-picker";
import { filtersOn, type InboxState } from "./inbox-url";

interface Props {
  readonly state: InboxState;
  readonly onChange: (next: Partial<InboxState>) => void;
}

const words = text.inbox.filter;
const ANY = "any";

function FilterButton({ state, onChange }: Props) {
  const [isOpen, setOpen] = useState(false);
  const count = filtersOn(state);
  const label = count === 0 ? text.inbox.filters : text.inbox.filtersOn(count);
  return (
    <Popover
      open={isOpen}
      onOpenChange={setOpen}
      title={text.inbox.filters}
      align="end"
      trigger={
        <IconButton
          variant={count > 0 ? "primary" : "secondary"}
          label={label}
          icon={<ListFilter aria-hidden size={16} />}
        />
      }
    >
      <FilterForm state={state} onChange={onChange} />
    </Popover>
  );
}

function FilterForm({ state, onChange }: Props) {
  const [chosenCase, setChosenCase] = useState<CaseChoice | null>(
    state.case === undefined ? null : { number: state.case, name: "" },
  );
  const [round, setRound] = useState(0);
  const clear = () => {
    setChosenCase(null);
    setRound(round + 1);
    onChange({ case: undefined, contact: undefined, role: undefined, channel: undefined });
  };
  const roles = useContactRoles();
  const roleOptions = [
    { value: ANY, label: words.anyRole },
    { value: "client", label: words.client },
    ...roles.map((role) => ({ value: role.id, label: role.name })),
  ];
  const channelOptions = [
    { value: ANY, label: words.anyChannel },
    { value: "text", label: words.text },
    { value: "call", label: words.call },
  ];
  return (
    <div className="flex flex-col gap-3">
      <Field label={words.case}>
        <CasePicker
          key={round}
          label={words.case}
          placeholder={words.anyCase}
          value={chosenCase}
          onChange={(chosen) => {
            setChosenCase(chosen);
            onChange({ case: chosen?.number });
          }}
        />
      </Field>
      <Field label={words.contact}>
        <ContactFilter key={round} id={state.contact} onChange={onChange} />
      </Field>
      <Field label={words.role}>
        <Select
          label={words.role}
          value={state.role ?? ANY}
          options={roleOptions}
          onValueChange={(role) => onChange({ role: role === ANY ? undefined : role })}
        />
      </Field>
      <Field label={words.channel}>
        <Select
          label={words.channel}
          value={state.channel ?? ANY}
          options={channelOptions}
          onValueChange={(channel) =>
            onChange({ channel: channel === "text" || channel === "call" ? channel : undefined })
          }
        />
      </Field>
      {filtersOn(state) > 0 && <Button onClick={clear}>{text.inbox.clearFilters}</Button>}
    </div>
  );
}

/** The contact that the address names by id is looked up; the one chosen here is known already. */
function ContactFilter({ id, onChange }: { id: string | undefined; onChange: Props["onChange"] }) {
  const [picked, setPicked] = useState<ContactView | null>(null);
  const choose = (contact: ContactView | null) => {
    setPicked(contact);
    onChange({ contact: contact?.id });
  };
  if (id !== undefined && picked?.id !== id) return <KnownContact id={id} onChoose={choose} />;
  return <ContactPicker label={words.contact} placeholder={words.anyContact} value={picked} onChange={choose} />;
}

function KnownContact({ id, onChoose }: { id: string; onChoose: (contact: ContactView | null) => void }) {
  const contact = useContact(id).details?.contact ?? null;
  return (
    <ContactPicker
      key={contact?.id ?? "loading"}
      label={words.contact}
      placeholder={words.anyContact}
      value={contact}
      onChange={onChoose}
    />
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
