// The fields of a contact that is being written: name, kind where it is asked for, numbers with labels, one of them primary. Refuses to
// check numbers: the server knows the firm's country.
import { Plus, Star, X } from "lucide-react";
import { text } from "../../text/en";
import { Button, Field, FieldGroup, IconButton, Input, Select } from "../../ui";
import type { ActState } from "../cases/use-act";
import { blankPhone, CONTACT_TYPES, type NewContact, type NewPhone, type Wrong } from "./new-contact";

const w = text.contacts;
const MOST_NUMBERS = 10;

export type NewContactFieldsProps = {
  value: NewContact;
  onChange: (value: NewContact) => void;
  /** What is missing, once somebody tried to go on. */
  wrong: Wrong | undefined;
  refused: ActState;
  withType?: boolean | undefined;
};

export function NewContactFields({ value, onChange, wrong, refused, withType }: NewContactFieldsProps) {
  const setPhone = (key: string, change: Partial<NewPhone>) =>
    onChange({ ...value, phones: value.phones.map((phone) => (phone.key === key ? { ...phone, ...change } : phone)) });
  return (
    <>
      <Field label={w.name} error={wrong?.name ? w.nameRequired : refused.at("name")}>
        <Input
          autoFocus
          autoComplete="off"
          value={value.name}
          maxLength={200}
          onValueChange={(name) => onChange({ ...value, name })}
        />
      </Field>
      {withType ? (
        <Field label={w.type} error={refused.at("contact_type")}>
          <Select
            label={w.type}
            value={value.type ?? "OTHER"}
            onValueChange={(type) => onChange({ ...value, type: CONTACT_TYPES.find((known) => known === type) })}
            options={CONTACT_TYPES.map((type) => ({ value: type, label: w.types[type] }))}
          />
        </Field>
      ) : null}
      <FieldGroup legend={w.numbers} hint={w.numberHint} error={refused.at("number", "phones", "label")}>
        <ul className="flex flex-col gap-2">
          {value.phones.map((phone, index) => (
            <li key={phone.key} className="flex items-center gap-1.5">
              <Input
                type="tel"
                autoComplete="off"
                aria-label={w.numberNth(index + 1)}
                placeholder={w.number}
                value={phone.number}
                onValueChange={(number) => setPhone(phone.key, { number })}
              />
              <span className="w-28 shrink-0">
                <Input
                  autoComplete="off"
                  aria-label={w.labelNth(index + 1)}
                  placeholder={w.label}
                  maxLength={40}
                  value={phone.label}
                  onValueChange={(label) => setPhone(phone.key, { label })}
                />
              </span>
              {value.phones.length > 1 ? (
                <>
                  <IconButton
                    label={w.makePrimary}
                    aria-pressed={value.primary === phone.key}
                    icon={
                      <Star
                        aria-hidden="true"
                        size={15}
                        className={value.primary === phone.key ? "fill-current" : ""}
                      />
                    }
                    onClick={() => onChange({ ...value, primary: phone.key })}
                  />
                  <IconButton
                    label={w.dropNumber(index + 1)}
                    icon={<X aria-hidden="true" size={15} />}
                    onClick={() => onChange({ ...value, phones: value.phones.filter(({ key }) => key !== phone.key) })}
                  />
                </>
              ) : null}
            </li>
          ))}
        </ul>
        {value.phones.length < MOST_NUMBERS ? (
          <Button
            variant="ghost"
            size="sm"
            className="self-start"
            icon={<Plus aria-hidden="true" size={15} />}
            onClick={() => onChange({ ...value, phones: [...value.phones, blankPhone()] })}
          >
            {w.addNumber}
          </Button>
        ) : null}
      </FieldGroup>
    </>
  );
}
