// Chooses a contact by typing a name or digits of a number. Refuses to create one: what stands below the items, such as "Create a new
// contact", comes from whoever shows the picker.
import { type ReactNode, useState } from "react";
import type { Schemas } from "../../api/client";
import { useContactSearch } from "../../live/requests";
import { text } from "../../text/en";
import { Combobox } from "../../ui";
import { useSettled } from "../cases/use-settled";

type ContactView = Schemas["ContactView"];

export type ContactPickerProps = {
  value: ContactView | null;
  onChange: (value: ContactView | null) => void;
  label: string;
  /** Told what is typed, so that it can become a new contact's name. */
  onQuery?: ((query: string) => void) | undefined;
  placeholder?: string | undefined;
  autoFocus?: boolean | undefined;
  footer?: ReactNode;
};

const w = text.contacts;
const contactKey = (contact: ContactView) => contact.id;
const contactLabel = (contact: ContactView) => contact.name;

/** The number by which people tell namesakes apart. */
export function primaryPhone(contact: ContactView): Schemas["PhoneView"] | undefined {
  return contact.phones.find((phone) => phone.is_primary) ?? contact.phones[0];
}

function contactDetail(contact: ContactView): string {
  return primaryPhone(contact)?.number ?? w.noNumber;
}

export function ContactPicker({ value, onChange, label, onQuery, placeholder, autoFocus, footer }: ContactPickerProps) {
  const [query, setQuery] = useState(value?.name ?? "");
  const typed = value !== null && query === value.name ? "" : query;
  const settled = useSettled(typed);
  const found = useContactSearch(settled);
  return (
    <Combobox<ContactView>
      label={label}
      items={found.data?.items ?? []}
      itemKey={contactKey}
      itemLabel={contactLabel}
      itemDetail={contactDetail}
      value={value}
      onValueChange={onChange}
      query={query}
      onQueryChange={(next) => {
        setQuery(next);
        // Leaving the field empties it at once; what was typed is still meant then.
        if (next !== "" || query.length === 1) {
          onQuery?.(next);
        }
      }}
      loading={found.isFetching || settled !== typed}
      empty={found.isError ? w.contactError : w.contactEmpty}
      placeholder={placeholder ?? w.contactPlaceholder}
      autoFocus={autoFocus}
      footer={footer}
    />
  );
}
