// Texting a person: their conversation in this place if there is one, else a composer for the first text. Refuses to choose a number:
// the composer asks for it.
import { ArrowLeft } from "lucide-react";
import { useEffect } from "react";
import { useList } from "../../live/hooks";
import type { ListKey } from "../../live/model";
import { text } from "../../text/en";
import { IconButton, PersonName, Spinner } from "../../ui";
import { NewText } from "../composer/new-text";

const w = text.cases;

export type TextedPerson = {
  name: string;
  role?: string | undefined;
  contactId?: string | undefined;
  caseContactId?: string | undefined;
  leadId?: string | undefined;
};

export type ContactTextProps = {
  person: TextedPerson;
  caseNumber?: string | undefined;
  onFound: (conversationId: string) => void;
  onClose: () => void;
};

export function ContactText({ person, caseNumber, onFound, onClose }: ContactTextProps) {
  const { contactId, caseContactId, leadId } = person;
  const key: ListKey =
    caseNumber !== undefined
      ? { case_id: caseNumber, contact_id: contactId }
      : leadId !== undefined
        ? { lead_id: leadId }
        : { contact_id: contactId };
  const { ids, status } = useList(key);
  // Of a contact's conversations none may be taken for another case's: outside of a case a new text is meant.
  const known = caseNumber !== undefined || leadId !== undefined ? ids[0] : undefined;
  useEffect(() => {
    if (known !== undefined) {
      onFound(known);
    }
  }, [known, onFound]);
  if (status === "loading" || known !== undefined) {
    return (
      <div className="flex flex-1 items-center justify-center">
        <Spinner label={w.openingConversation} />
      </div>
    );
  }
  return (
    <div className="flex min-h-0 flex-1 flex-col">
      <div className="flex min-h-12 items-center gap-2 border-b border-line bg-surface px-3 py-2">
        <IconButton label={w.backToList} icon={<ArrowLeft aria-hidden="true" size={16} />} onClick={onClose} />
        <h2 className="min-w-0">
          <PersonName name={person.name} role={person.role} strong />
        </h2>
      </div>
      <div className="flex-1" />
      <NewText
        caseNumber={caseNumber}
        caseContactId={caseContactId}
        contactId={contactId}
        leadId={leadId}
        onSent={onFound}
      />
    </div>
  );
}
