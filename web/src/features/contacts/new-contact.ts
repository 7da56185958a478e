// A contact as it is being written: what is missing, and the request it becomes. Pure. The server decides whether a number is one.
import type { Schemas } from "../../api/client";

export type NewPhone = { key: string; number: string; label: string };
export type ContactType = "CLIENT" | "PROSPECT" | "LEAD" | "OPPOSING_PARTY" | "WITNESS" | "ATTORNEY" | "OTHER";
export type NewContact = { name: string; type: ContactType | undefined; phones: readonly NewPhone[]; primary: string };
export type Wrong = { name: boolean };

export const CONTACT_TYPES: readonly ContactType[] = [
  "CLIENT",
  "PROSPECT",
  "LEAD",
  "OPPOSING_PARTY",
  "WITNESS",
  "ATTORNEY",
  "OTHER",
];

let lastKey = 0;

export function blankPhone(label = ""): NewPhone {
  lastKey += 1;
  return { key: `phone-${lastKey}`, number: "", label };
}

/** A contact to be; what somebody typed into a search becomes the number if it is one, else the name. */
export function blank(typed = ""): NewContact {
  const isNumber = /^[+(\d][\d\s().-]{5,}$/.test(typed.trim());
  const phone = { ...blankPhone("mobile"), number: isNumber ? typed.trim() : "" };
  return { name: isNumber ? "" : typed.trim(), type: undefined, phones: [phone], primary: phone.key };
}

/** What has to be filled in, or undefined. */
export function wrongOf({ name }: NewContact): Wrong | undefined {
  return name.trim() === "" ? { name: true } : undefined;
}

/** What a person with this role usually is; the firm's own roles say nothing. */
export function typeForRole(role: string): ContactType {
  switch (role) {
    case "Witness":
    case "Expert Witness":
      return "WITNESS";
    case "Opposing Party":
      return "OPPOSING_PARTY";
    case "Opposing Counsel":
      return "ATTORNEY";
    default:
      return "OTHER";
  }
}

/** Rows without a number are left out; the primary one goes first in doubt. */
export function asRequest(contact: NewContact, role = ""): Schemas["NewContactRequest"] {
  const phones = contact.phones.filter(({ number }) => number.trim() !== "");
  const primary = phones.find(({ key }) => key === contact.primary) ?? phones[0];
  return {
    name: contact.name.trim(),
    contact_type: contact.type ?? typeForRole(role),
    phones: phones.map((phone) => ({
      number: phone.number.trim(),
      label: phone.label.trim(),
      is_primary: phone === primary,
    })),
  };
}
