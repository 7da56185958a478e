// Moving a text to another case, to a contact or to a lead; and linking one from an unknown sender, also to a contact that is made
// here. Refuses unclaimed texts: those are claimed.

import { useState } from "react";
import { ApiError, type Schemas } from "../../api/client";
import { createContact, move } from "../../live/acts";
import { useAllowed } from "../../live/hooks";
import type { ContactView, ConversationView, MessageView } from "../../live/model";
import { useLeadSearch } from "../../live/requests";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, Combobox, Dialog, Field, Input, RadioGroup, UntrustedText } from "../../ui";
import { type CaseChoice, CasePicker } from "../cases/case-picker";
import { ContactPicker } from "../contacts/contact-picker";
import { noteOwnAct } from "../inbox/list-order";
import { lookUpAnew, sentence } from "./thread-acts";

const words = text.thread;

type Place = "case" | "contact" | "lead" | "new";

interface Props {
  readonly message: MessageView;
  readonly conversation: ConversationView;
  readonly onClose: () => void;
  readonly onMoved: (conversationId: string) => void;
}

interface Choice {
  readonly place: Place;
  readonly chosenCase: CaseChoice | null;
  readonly sender: ContactView | null;
  readonly contact: ContactView | null;
  readonly lead: Schemas["LeadView"] | null;
  readonly name: string;
}

const NOTHING: Choice = { place: "case", chosenCase: null, sender: null, contact: null, lead: null, name: "" };

export function MoveDialog({ message, conversation, onClose, onMoved }: Props) {
  const toasts = useToasts();
  const { case_contacts: caseContacts } = useAllowed();
  const [choice, setChoice] = useState(NOTHING);
  const [error, setError] = useState<string | undefined>(undefined);
  const [isRunning, setRunning] = useState(false);
  const isUnknown = conversation.kind === "unknown";
  const change = (next: Partial<Choice>) => {
    setError(undefined);
    setChoice((now) => ({ ...now, ...next }));
  };
  const submit = async () => {
    const missing = missingIn(choice);
    if (missing !== undefined) return setError(missing);
    setRunning(true);
    noteOwnAct(conversation.id);
    try {
      const moved = await carryOut(choice, message);
      toasts.show({ tone: "ok", text: words.movedToast(placeName(choice)) });
      await lookUpAnew([message.id]);
      onMoved(moved.conversation_id);
    } catch (thrown) {
      setError(
        thrown instanceof MovedHalfway ? thrown.message : sentence("", thrown).trim() || ApiError.of(thrown).title,
      );
    } finally {
      setRunning(false);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={(open) => !open && onClose()}
      title={isUnknown ? words.linkTitle : words.moveTitle}
      description={isUnknown ? words.linkDescription : words.moveDescription}
      busy={isRunning}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose} disabled={isRunning}>
            {words.cancel}
          </Button>
          <Button type="submit" variant="primary" busy={isRunning}>
            {isRunning ? words.moving : isUnknown ? words.linkButton : words.moveButton}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <blockquote className="m-0 max-h-24 overflow-y-auto rounded-md border-line border-l-4 bg-bg px-3 py-2 text-sm">
          <UntrustedText text={message.body.slice(0, 500)} />
        </blockquote>
        <RadioGroup
          label={words.moveTo}
          inline
          value={choice.place}
          onValueChange={(place) => change({ place })}
          options={places(isUnknown, caseContacts >= 2)}
        />
        <PlaceFields choice={choice} change={change} message={message} isUnknown={isUnknown} />
        {error !== undefined && <Banner tone="bad">{error}</Banner>}
      </div>
    </Dialog>
  );
}

function places(isUnknown: boolean, mayCreate: boolean): { value: Place; label: string }[] {
  return [
    { value: "case", label: words.toCase },
    { value: "contact", label: words.toContact },
    { value: "lead", label: words.toLead },
    ...(isUnknown && mayCreate ? [{ value: "new" as const, label: words.toNewContact }] : []),
  ];
}

interface FieldsProps {
  readonly choice: Choice;
  readonly change: (next: Partial<Choice>) => void;
  readonly message: MessageView;
  readonly isUnknown: boolean;
}

function PlaceFields({ choice, change, message, isUnknown }: FieldsProps) {
  switch (choice.place) {
    case "case":
      return (
        <>
          <CasePicker
            label={words.caseField}
            value={choice.chosenCase}
            onChange={(chosenCase) => change({ chosenCase })}
            except={message.case_number ? [message.case_number] : []}
            autoFocus
          />
          <ContactPicker
            label={isUnknown ? words.contactField : words.contactInCase}
            value={choice.sender}
            onChange={(sender) => change({ sender })}
          />
        </>
      );
    case "contact":
      return (
        <ContactPicker
          label={words.contactField}
          value={choice.contact}
          onChange={(contact) => change({ contact })}
          autoFocus
        />
      );
    case "lead":
      return <LeadPicker value={choice.lead} onChange={(lead) => change({ lead })} />;
    case "new":
      return (
        <>
          <Field label={words.nameField}>
            <Input
              value={choice.name}
              onValueChange={(name) => change({ name })}
              maxLength={200}
              autoComplete="off"
              autoFocus
            />
          </Field>
          <p className="text-muted">
            {words.numberField}: <UntrustedText text={message.person.number} />
          </p>
        </>
      );
  }
}

function LeadPicker({
  value,
  onChange,
}: {
  value: Schemas["LeadView"] | null;
  onChange: (lead: Schemas["LeadView"] | null) => void;
}) {
  const [query, setQuery] = useState("");
  const found = useLeadSearch(value !== null && query === value.contact.name ? "" : query);
  return (
    <Combobox<Schemas["LeadView"]>
      label={words.leadField}
      items={found.data?.items ?? []}
      itemKey={(lead) => lead.id}
      itemLabel={(lead) => lead.contact.name}
      itemDetail={(lead) => lead.contact.phones[0]?.number ?? ""}
      value={value}
      onValueChange={onChange}
      query={query}
      onQueryChange={setQuery}
      loading={found.isFetching}
      empty={words.noLeads}
      autoFocus
    />
  );
}

function missingIn(choice: Choice): string | undefined {
  if (choice.place === "case") return choice.chosenCase === null ? words.chooseCase : undefined;
  if (choice.place === "contact") return choice.contact === null ? words.chooseContact : undefined;
  if (choice.place === "lead") return choice.lead === null ? words.chooseLead : undefined;
  return choice.name.trim() === "" ? words.nameNeeded : undefined;
}

/** The contact stands, the text does not: trying again must not make another one. */
class MovedHalfway extends Error {}

async function carryOut(choice: Choice, message: MessageView): Promise<MessageView> {
  const { chosenCase, sender, contact, lead } = choice;
  if (choice.place === "case" && chosenCase !== null) {
    return move(message.id, { case_id: chosenCase.number, ...(sender === null ? {} : { contact_id: sender.id }) });
  }
  if (choice.place === "lead" && lead !== null) return move(message.id, { lead_id: lead.id });
  if (contact !== null && choice.place === "contact") return move(message.id, { contact_id: contact.id });
  const created = await createContact({ name: choice.name.trim(), phones: [{ number: message.person.number }] });
  try {
    return await move(message.id, { contact_id: created.id });
  } catch (thrown) {
    throw new MovedHalfway(sentence(words.createdButNotMoved, thrown));
  }
}

function placeName(choice: Choice): string {
  if (choice.place === "case") return choice.chosenCase?.number ?? "";
  if (choice.place === "contact") return choice.contact?.name ?? "";
  return choice.place === "lead" ? (choice.lead?.contact.name ?? "") : choice.name.trim();
}
