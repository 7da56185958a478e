// A first text to somebody with whom there is no conversation yet: a person on a case, a contact or a lead. Once it is sent there
// is one, and whoever shows this goes there.

import { useCaseContacts, useContact } from "../../live/hooks";
import type { ChoicesKey } from "../../live/requests";
import { ComposerForm } from "./composer-form";

export interface NewTextProps {
  readonly caseNumber?: string | undefined;
  readonly caseContactId?: string | null | undefined;
  readonly contactId?: string | null | undefined;
  readonly leadId?: string | null | undefined;
  readonly onSent: (conversationId: string) => void;
  readonly onLeave?: (() => void) | undefined;
}

export function NewText(props: NewTextProps) {
  const { caseNumber, contactId } = props;
  if (caseNumber !== undefined) return <ToCaseContact {...props} caseNumber={caseNumber} />;
  if (contactId) return <ToContact {...props} contactId={contactId} />;
  return <Form {...props} who={undefined} personRole={undefined} />;
}

function ToCaseContact(props: NewTextProps & { caseNumber: string }) {
  const { contacts } = useCaseContacts(props.caseNumber);
  const known = contacts.find((one) =>
    props.caseContactId ? one.id === props.caseContactId : one.contact.id === props.contactId,
  );
  return <Form {...props} who={known?.contact.name} personRole={known?.role} />;
}

function ToContact(props: NewTextProps & { contactId: string }) {
  const { details } = useContact(props.contactId);
  return <Form {...props} who={details?.contact.name} personRole={undefined} />;
}

function Form(props: NewTextProps & { who: string | undefined; personRole: string | undefined }) {
  const { caseNumber, caseContactId, contactId, leadId } = props;
  const key: ChoicesKey =
    caseNumber === undefined
      ? { contact_id: contactId ?? undefined, lead_id: leadId ?? undefined }
      : {
          case_id: caseNumber,
          case_contact_id: caseContactId ?? undefined,
          contact_id: caseContactId ? undefined : (contactId ?? undefined),
        };
  const place = ["new", caseNumber, caseContactId ?? contactId, leadId].filter(Boolean).join(":");
  return (
    <ComposerForm
      place={place}
      choicesKey={key}
      who={props.who}
      contactId={contactId}
      personRole={props.personRole}
      answers={undefined}
      onSent={(message) => props.onSent(message.conversation_id)}
      onLeave={props.onLeave}
      autoFocus
    />
  );
}
