// What the filter button of the inbox opens: case, contact, role and channel. A file of its own, for its pickers are much code that no
// list waits for.

import { type ReactElement, useState } from "react";
import { useContact, useContactRoles } from "../../live/hooks";
import type { ContactView } from "../../live/model";
import { text } from "../../text/en";
import { Button, Field, Popover, Select } from "../../ui";
import { type CaseChoice, CasePicker } from "../cases/case-picker";
import { ContactPicker } from "../contacts/contact-picker";
import { filtersOn, type InboxState } from "./inbox-url";

export interface FilterProps {
  readonly state: InboxState;
  readonly onChange: (next: Partial<InboxState>) => void;
}

type Props = FilterProps;

const words = text.inbox.filter;
const ANY = "any";

interface PopoverProps extends FilterProps {
  readonly isOpen: boolean;
  readonly onOpenChange: (open: boolean) => void;
  readonly trigger: ReactElement;
}

export function FilterPopover({ isOpen, onOpenChange, trigger, ...filters }: PopoverProps) {
  return (
    <Popover open={isOpen} onOpenChange={onOpenChange} title={text.inbox.filters} align="end" trigger={trigger}>
      <FilterForm {...filters} />
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
