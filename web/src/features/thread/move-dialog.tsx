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
import { Banner, Button, Combobox, Dialog, Field, Input, plain, RadioGroup, UntrustedText } from "../../ui";
import { type CaseChoice, CasePicker } from "../cases/case-picker";
import { ContactPicker } from "../contacts/contact-picker";
import { noteOwnAct } from "../inbox/list-order";
import { lookUpAnew, sentence } from "./thread-acts";

const words = text.thread;

type Place = "case" | "contact" | "lead" | "new";

interface Props {
  readonly message: MessageView;
  /** Further texts of the same unknown sender, which mostly belong to the same place. */
  readonly others: readonly MessageView[];
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
  readonly scope: "all" | "one";
}

const NOTHING: Choice = {
  place: "case",
  chosenCase: null,
  sender: null,
  contact: null,
  lead: null,
  name: "",
  scope: "all",
};

export function MoveDialog({ message, others, conversation, onClose, onMoved }: Props) {
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
      const messages = choice.scope === "all" ? [message, ...others] : [message];
      const moved = await carryOut(choice, message, messages);
      toasts.show({ tone: "ok", text: words.movedToast(plain(placeName(choice))), action: wayBack(message) });
      await lookUpAnew(messages.map(({ id }) => id));
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
        {others.length > 0 && (
          <RadioGroup
            label={words.whichToLink}
            inline
            value={choice.scope}
            onValueChange={(scope) => change({ scope })}
            options={[
              { value: "all", label: words.allUnknown(others.length + 1) },
              { value: "one", label: words.thisText },
            ]}
          />
        )}
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
    case "case": {
      const sender = isUnknown ? words.contactField : words.contactInCase;
      return (
        <>
          <Field label={words.caseField}>
            <CasePicker
              label={words.caseField}
              value={choice.chosenCase}
              onChange={(chosenCase) => change({ chosenCase })}
              except={message.case_number ? [message.case_number] : []}
              autoFocus
            />
          </Field>
          <Field label={sender}>
            <ContactPicker label={sender} value={choice.sender} onChange={(contact) => change({ sender: contact })} />
          </Field>
        </>
      );
    }
    case "contact":
      return (
        <Field label={words.contactField}>
          <ContactPicker
            label={words.contactField}
            value={choice.contact}
            onChange={(contact) => change({ contact })}
            autoFocus
          />
        </Field>
      );
    case "lead":
      return (
        <Field label={words.leadField}>
          <LeadPicker value={choice.lead} onChange={(lead) => change({ lead })} />
        </Field>
      );
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

/** A text that came out of a case can be put back there. */
function wayBack(message: MessageView): { label: string; run: () => Promise<unknown> } | undefined {
  const from = message.case_number;
  return from ? { label: words.undo, run: () => move(message.id, { case_id: from }) } : undefined;
}

/** The contact stands, the text does not: trying again must not make another one. */
class MovedHalfway extends Error {}

/** Moves the texts one after the other; the answer is of the one that was asked for, which goes first. */
async function carryOut(choice: Choice, message: MessageView, messages: readonly MessageView[]): Promise<MessageView> {
  const made = choice.place === "new" ? await createContact(newContact(choice, message)) : undefined;
  const to = made === undefined ? destinationOf(choice) : { contact_id: made.id };
  try {
    const [first, ...further] = messages.map((one) => one.id);
    const moved = await move(first ?? message.id, to);
    for (const id of further) await move(id, to);
    return moved;
  } catch (thrown) {
    if (made === undefined) throw thrown;
    throw new MovedHalfway(sentence(words.createdButNotMoved, thrown));
  }
}

function newContact(choice: Choice, message: MessageView): Schemas["NewContactRequest"] {
  return { name: choice.name.trim(), phones: [{ number: message.person.number }] };
}

function destinationOf({ place, chosenCase, sender, contact, lead }: Choice): Schemas["MoveRequest"] {
  if (place === "lead") return { lead_id: lead?.id ?? null };
  if (place === "contact") return { contact_id: contact?.id ?? null };
  return { case_id: chosenCase?.number ?? null, ...(sender === null ? {} : { contact_id: sender.id }) };
}

function placeName(choice: Choice): string {
  if (choice.place === "case") return choice.chosenCase?.number ?? "";
  if (choice.place === "contact") return choice.contact?.name ?? "";
  return choice.place === "lead" ? (choice.lead?.contact.name ?? "") : choice.name.trim();
}
