// One person in the contacts panel: a button that narrows the inbox to them, their numbers, "Call", "Text", and a menu of the rest.
// Refuses to fetch: only Elsewhere does, for the chosen one.
import { MessageSquare, MoreHorizontal, Pencil, Phone, UserMinus, UserRound } from "lucide-react";
import { memo, type ReactElement, useLayoutEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import { useContact } from "../../live/hooks";
import type { CaseContactView, Me } from "../../live/model";
import { text } from "../../text/en";
import { Avatar, classNames, IconButton, Menu, type MenuItem, PersonName, plain, sideOfRole } from "../../ui";
import { caseHref, contactHref, LINK, ScreenLink, usePlace } from "../cases/place";
import { reasonNotToCall as whyNotToCall } from "../phone/calling";
import { PhoneLine } from "./phone-line";

const w = text.contacts;

export type ContactRowProps = {
  person: CaseContactView;
  caseNumber: string;
  isChosen: boolean;
  allowed: Me["levels"];
  /** The same object as long as the panel stands, so that a row is drawn anew only when it changed. */
  acts: RowActs;
};

export type RowActs = {
  choose: (person: CaseContactView) => void;
  call: (person: CaseContactView) => void;
  text: (person: CaseContactView) => void;
  changeRole: (person: CaseContactView) => void;
  remove: (person: CaseContactView) => void;
};

export const ContactRow = memo(function ContactRow({ person, caseNumber, isChosen, allowed, acts }: ContactRowProps) {
  const { contact, role } = person;
  const name = plain(contact.name);
  const reasonNotToText =
    allowed.sms < 2 ? w.textForbidden : contact.phones.length === 0 ? w.textNeedsNumber : undefined;
  const reasonNotToCall = whyNotToCall(allowed.calls, contact.phones.length);
  return (
    <li
      className={classNames(
        "relative grid grid-cols-[2rem_minmax(0,1fr)_auto] items-start [contain-intrinsic-size:auto_4rem] [content-visibility:auto] gap-x-3 border-b border-line px-4 py-2.5",
        isChosen ? "bg-hover shadow-[inset_3px_0_0_var(--color-accent)]" : "hover:bg-hover/60",
      )}
    >
      <Avatar name={contact.name} />
      <div className="min-w-0">
        <button
          type="button"
          aria-pressed={isChosen}
          title={w.filterBy(name)}
          onClick={() => acts.choose(person)}
          className="flex min-h-6 w-full items-start text-left before:absolute before:inset-0 focus-visible:outline-none focus-visible:before:outline-2 focus-visible:before:-outline-offset-2 focus-visible:before:outline-accent"
        >
          <PersonName name={contact.name} role={role} whole />
        </button>
        <Numbers person={person} showAll={isChosen} />
        {isChosen ? <Elsewhere contactId={contact.id} caseNumber={caseNumber} /> : null}
      </div>
      <div className="relative z-1 flex items-center gap-0.5">
        <IconButton
          label={text.phone.callTo(name)}
          title={reasonNotToCall === undefined ? text.phone.callTo(name) : undefined}
          noTooltip={reasonNotToCall === undefined}
          icon={<Phone aria-hidden="true" size={16} />}
          reason={reasonNotToCall}
          onClick={() => acts.call(person)}
        />
        <IconButton
          label={w.textTo(name)}
          title={reasonNotToText === undefined ? w.textTo(name) : undefined}
          noTooltip={reasonNotToText === undefined}
          icon={<MessageSquare aria-hidden="true" size={16} />}
          reason={reasonNotToText}
          onClick={() => acts.text(person)}
        />
        <RowMenu person={person} allowed={allowed} acts={acts} />
      </div>
    </li>
  );
});

function Numbers({ person: { contact }, showAll }: { person: CaseContactView; showAll: boolean }) {
  const [isOpen, setOpen] = useState(false);
  const sorted = contact.phones.toSorted((a, b) => Number(b.is_primary) - Number(a.is_primary));
  const shown = isOpen || showAll ? sorted : sorted.slice(0, 1);
  if (sorted.length === 0) {
    return <p className="text-sm text-muted">{w.noNumber}</p>;
  }
  return (
    <>
      <ul className="flex flex-col gap-0.5">
        {shown.map((phone) => (
          <li key={phone.id}>
            <PhoneLine phone={phone} isOneOfMany={sorted.length > 1} isNarrow />
          </li>
        ))}
      </ul>
      {sorted.length > 1 && !showAll ? (
        <button
          type="button"
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
          className="relative z-1 min-h-6 rounded-sm text-sm text-accent hover:underline"
        >
          {isOpen ? w.fewerNumbers : w.moreNumbers(sorted.length - 1)}
        </button>
      ) : null}
    </>
  );
}

/** Fifty menus would cost more than the rest of the panel: a row has one from when it is first asked for. */
function RowMenu({ person, allowed, acts }: Pick<ContactRowProps, "person" | "allowed" | "acts">) {
  const [isAsked, setAsked] = useState(false);
  const button = useRef<HTMLButtonElement>(null);
  useLayoutEffect(() => {
    if (isAsked) {
      button.current?.focus();
      button.current?.click();
    }
  }, [isAsked]);
  const label = w.more(plain(person.contact.name));
  const icon = <MoreHorizontal aria-hidden="true" size={16} />;
  if (!isAsked) {
    return (
      <IconButton
        label={label}
        noTooltip
        icon={icon}
        aria-haspopup="menu"
        aria-expanded={false}
        onClick={() => setAsked(true)}
      />
    );
  }
  const trigger = <IconButton ref={button} label={label} noTooltip icon={icon} />;
  return <LiveMenu person={person} allowed={allowed} acts={acts} trigger={trigger} />;
}

function LiveMenu({
  person,
  allowed,
  acts,
  trigger,
}: Pick<ContactRowProps, "person" | "allowed" | "acts"> & { trigger: ReactElement }) {
  const [, go] = useLocation();
  const place = usePlace();
  const fixed = person.is_client ? w.clientFixed : undefined;
  const items: MenuItem[] = [
    {
      id: "open",
      label: w.openContact,
      icon: <UserRound size={15} />,
      onSelect: () => {
        const href = contactHref(person.contact.id);
        if (place === "app") {
          go(href);
        } else {
          globalThis.open(href, "_blank", "noopener");
        }
      },
    },
    {
      id: "role",
      label: w.changeRole,
      icon: <Pencil size={15} />,
      reason: fixed ?? (allowed.case_contacts < 2 ? w.changeForbidden : undefined),
      onSelect: () => acts.changeRole(person),
    },
    {
      id: "remove",
      label: w.removeFromCase,
      icon: <UserMinus size={15} />,
      danger: true,
      reason: fixed ?? (allowed.case_contacts < 3 ? w.removeForbidden : undefined),
      onSelect: () => acts.remove(person),
    },
  ];
  return <Menu items={items} trigger={trigger} />;
}

/** The same person in other cases, as far as the reader may know of them. */
function Elsewhere({ contactId, caseNumber }: { contactId: string; caseNumber: string }) {
  const { details } = useContact(contactId);
  const others = details?.cases.filter(({ mycase_case_id }) => mycase_case_id !== caseNumber) ?? [];
  if (others.length === 0) {
    return null;
  }
  return (
    <ul className="mt-1 flex flex-col">
      {others.map((other) => (
        <li
          key={other.case_id}
          className={classNames("text-sm", sideOfRole(other.role) === "adverse" ? "text-bad" : "text-muted")}
        >
          <ScreenLink
            href={caseHref(other.mycase_case_id)}
            title={other.case_name}
            className={classNames(LINK, "relative z-1 inline-block min-h-6 text-current wrap-anywhere")}
          >
            {w.elsewhere(other.role, other.mycase_case_id)}
          </ScreenLink>
        </li>
      ))}
    </ul>
  );
}
