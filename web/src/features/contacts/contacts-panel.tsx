// The people of a case: the client first, each with role, numbers and what one can do with them. One request for all of them; only for
// the chosen one their other cases are looked up. Refuses to decide rights: it hides nothing, and says who may.
import { UserPlus } from "lucide-react";
import { useEffect, useId, useMemo, useRef, useState } from "react";
import { useCommands } from "../../keys/registry";
import { useAllowed, useCaseContacts } from "../../live/hooks";
import type { CaseContactView } from "../../live/model";
import { text } from "../../text/en";
import { Button, EmptyState, ErrorState, ForbiddenState, SkeletonRows } from "../../ui";
import { requestCall } from "../phone/calling";
import { AddContactDialog } from "./add-contact-dialog";
import { ChangeRoleDialog } from "./change-role-dialog";
import { ContactRow, type RowActs } from "./contact-row";
import { RemoveContactDialog } from "./remove-contact-dialog";

const w = text.contacts;

export type ContactsPanelProps = {
  caseNumber: string;
  /** Whose conversations alone are shown. */
  chosen: string | undefined;
  onChoose: (contactId: string | undefined) => void;
  onText: (person: CaseContactView) => void;
};

type Asked = { what: "role" | "remove"; person: CaseContactView } | { what: "add" } | undefined;

export function ContactsPanel({ caseNumber, chosen, onChoose, onText }: ContactsPanelProps) {
  const { contacts, status, error, reload } = useCaseContacts(caseNumber);
  const allowed = useAllowed();
  const [asked, setAsked] = useState<Asked>();
  const heading = useId();
  const addButton = useRef<HTMLButtonElement>(null);
  const list = useRef<HTMLUListElement>(null);
  const canAdd = allowed.case_contacts >= 2;
  const close = () => setAsked(undefined);
  const latest = useRef({ chosen, onChoose, onText });
  useEffect(() => {
    latest.current = { chosen, onChoose, onText };
  });
  const acts = useMemo<RowActs>(
    () => ({
      choose: ({ contact }) => latest.current.onChoose(contact.id === latest.current.chosen ? undefined : contact.id),
      call: (person) =>
        void requestCall({
          name: person.contact.name,
          role: person.role,
          target: person.id
            ? { case_id: caseNumber, case_contact_id: person.id }
            : { case_id: caseNumber, contact_id: person.contact.id },
          phones: person.contact.phones,
        }),
      text: (person) => latest.current.onText(person),
      changeRole: (person) => setAsked({ what: "role", person }),
      remove: (person) => setAsked({ what: "remove", person }),
    }),
    [caseNumber],
  );

  useEffect(() => {
    if (chosen !== undefined) {
      list.current?.querySelector(`[aria-pressed="true"]`)?.scrollIntoView({ block: "nearest" });
    }
  }, [chosen]);

  const step = (by: 1 | -1) => {
    const at = contacts.findIndex(({ contact }) => contact.id === chosen);
    const next = at < 0 ? (by === 1 ? 0 : contacts.length - 1) : (at + by + contacts.length) % contacts.length;
    onChoose(contacts[next]?.contact.id);
  };
  useCommands(
    [
      {
        id: "case.next-contact",
        label: text.cases.commandNextContact,
        keys: ["]"],
        scope: "case",
        when: () => contacts.length > 0,
        run: () => step(1),
      },
      {
        id: "case.previous-contact",
        label: text.cases.commandPreviousContact,
        keys: ["["],
        scope: "case",
        when: () => contacts.length > 0,
        run: () => step(-1),
      },
      {
        id: "case.all-contacts",
        label: text.cases.commandAllContacts,
        keys: [],
        scope: "case",
        when: () => chosen !== undefined,
        run: () => onChoose(undefined),
      },
      {
        id: "case.add-contact",
        label: w.commandAdd,
        keys: [],
        scope: "case",
        when: () => canAdd,
        run: () => setAsked({ what: "add" }),
      },
    ],
    [contacts, chosen, canAdd],
  );

  const add = (
    <Button
      ref={addButton}
      size="sm"
      icon={<UserPlus aria-hidden="true" size={15} />}
      reason={canAdd ? undefined : w.changeForbidden}
      onClick={() => setAsked({ what: "add" })}
    >
      {w.addContact}
    </Button>
  );
  return (
    <div className="flex flex-col">
      <div className="sticky top-0 z-1 flex min-h-11 items-center justify-between gap-2 border-b border-line bg-surface px-4 py-2">
        <h2 id={heading} className="text-base font-semibold">
          {w.panel}
          {contacts.length > 0 ? <span className="ml-1.5 font-normal text-muted">{contacts.length}</span> : null}
        </h2>
        {status === "ready" && contacts.length > 0 ? add : null}
      </div>
      {status === "loading" ? <SkeletonRows rows={4} /> : null}
      {status === "error" || status === "gone" ? (
        <ErrorState error={error} what={w.whatContacts} onRetry={reload} />
      ) : null}
      {status === "forbidden" ? <ForbiddenState /> : null}
      {status === "ready" && contacts.length === 0 ? (
        <EmptyState title={w.noContacts} hint={w.noContactsHint} action={add} />
      ) : null}
      <ul ref={list} aria-labelledby={heading} className="empty:hidden">
        {contacts.map((person) => (
          <ContactRow
            key={person.contact.id}
            person={person}
            caseNumber={caseNumber}
            isChosen={person.contact.id === chosen}
            allowed={allowed}
            acts={acts}
          />
        ))}
      </ul>
      {asked?.what === "add" ? <AddContactDialog caseNumber={caseNumber} onClose={close} /> : null}
      {asked?.what === "role" ? (
        <ChangeRoleDialog caseNumber={caseNumber} person={asked.person} onClose={close} />
      ) : null}
      {asked?.what === "remove" ? (
        <RemoveContactDialog
          caseNumber={caseNumber}
          person={asked.person}
          canAddAgain={canAdd}
          onClose={close}
          fallback={addButton}
          onRemoved={() => {
            if (asked.person.contact.id === chosen) {
              onChoose(undefined);
            }
          }}
        />
      ) : null}
    </div>
  );
}
