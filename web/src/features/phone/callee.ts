// Whom a conversation's call button calls: the person in that case, as a lead, or by themselves. Pure.
import type { ConversationView } from "../../live/model";
import type { Callee } from "./calling";

/** Nobody where nobody knows who it is: an unknown sender is linked first. */
export function calleeOf({ person, mycase_case_id: number, lead_id: lead }: ConversationView): Callee | undefined {
  const who = { name: person.name, role: person.role, contactId: person.contact_id };
  if (!person.contact_id) {
    return undefined;
  }
  if (number) {
    const target = person.case_contact_id
      ? { case_id: number, case_contact_id: person.case_contact_id }
      : { case_id: number, contact_id: person.contact_id };
    return { ...who, target };
  }
  return { ...who, target: lead ? { lead_id: lead } : { contact_id: person.contact_id } };
}
