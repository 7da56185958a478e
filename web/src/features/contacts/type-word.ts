// The kind of a contact in words. A kind that is not known shows as it came.
import { text } from "../../text/en";
import { CONTACT_TYPES } from "./new-contact";

export function typeWord(type: string): string {
  const known = CONTACT_TYPES.find((word) => word === type);
  return known === undefined ? type : text.contacts.types[known];
}
