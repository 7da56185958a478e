// The list of contacts: search by name or digits, a table or cards, and a new contact where rights allow. A contact: contact-page.tsx.
import { UserPlus } from "lucide-react";
import { useLocation } from "wouter";
import { api, type Schemas, unwrap } from "../../api/client";
import { useAllowed } from "../../live/hooks";
import { said } from "../../live/requests";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import { Avatar, type Column, harmless } from "../../ui";
import { useAddress } from "../cases/address";
import { ClearFilters, ListPage, RowLink } from "../cases/list-page";
import { NewButton } from "../cases/new-button";
import { contactHref } from "../cases/place";
import { usePages } from "../cases/use-pages";
import { primaryPhone } from "./contact-picker";
import { CreateContactDialog } from "./create-contact-dialog";
import { PhoneLine } from "./phone-line";
import { typeWord } from "./type-word";

type ContactView = Schemas["ContactView"];
const w = text.contacts;
const PAGE = 50;

export function ContactsPage() {
  const { read } = useAddress();
  const q = read("q");
  const pages = usePages<ContactView>(["contacts", "list", q], (cursor, signal) =>
    unwrap(api.GET("/api/contacts", { params: { query: said({ q, cursor, limit: PAGE }) }, signal })),
  );
  return (
    <ListPage
      words={{
        title: w.title,
        search: w.search,
        searchHint: w.searchHint,
        label: w.listLabel,
        what: w.listWhat,
        forbidden: w.forbidden,
        loadMore: w.loadMore,
        shown: w.shown,
        commandNext: w.commandNext,
        commandPrevious: w.commandPrevious,
        commandSearch: w.commandSearch,
      }}
      scope="contacts"
      pages={pages}
      actions={<NewContact />}
      columns={COLUMNS}
      rowKey={(contact) => contact.id}
      card={(contact) => <ContactCard contact={contact} />}
      empty={
        q === undefined
          ? { title: w.emptyTitle, hint: w.emptyHint }
          : { title: w.emptySearchTitle(q), hint: w.emptySearchHint, action: <ClearFilters label={w.clearSearch} /> }
      }
    />
  );
}

function NewContact() {
  const [, go] = useLocation();
  return (
    <NewButton
      id="contacts.new"
      scope="contacts"
      label={w.create}
      command={w.commandNew}
      icon={<UserPlus aria-hidden="true" size={16} />}
      may={useAllowed().case_contacts >= 2}
    >
      {(close) => <CreateContactDialog onClose={close} onCreated={({ id }) => go(contactHref(id))} />}
    </NewButton>
  );
}

function Numbers({ contact }: { contact: ContactView }) {
  const primary = primaryPhone(contact);
  if (primary === undefined) {
    return <span className="text-muted">{w.noNumber}</span>;
  }
  return (
    <>
      <PhoneLine phone={primary} isOneOfMany={contact.phones.length > 1} />
      {contact.phones.length > 1 ? (
        <span className="block text-xs text-muted">{w.moreNumbers(contact.phones.length - 1)}</span>
      ) : null}
    </>
  );
}

const COLUMNS: readonly Column<ContactView>[] = [
  {
    id: "name",
    header: w.columns.name,
    className: "w-2/5",
    cell: (contact) => (
      <span className="flex items-center gap-2.5">
        <Avatar name={contact.name} size="sm" />
        <RowLink href={contactHref(contact.id)} className="min-w-0 wrap-anywhere">
          <bdi>{harmless(contact.name)}</bdi>
        </RowLink>
      </span>
    ),
  },
  { id: "type", header: w.columns.type, cell: (contact) => typeWord(contact.contact_type) },
  { id: "numbers", header: w.columns.numbers, cell: (contact) => <Numbers contact={contact} /> },
  {
    id: "changed",
    header: w.columns.changed,
    className: "whitespace-nowrap text-muted",
    cell: (contact) => <Time at={contact.updated_at} style="short" />,
  },
];

function ContactCard({ contact }: { contact: ContactView }) {
  return (
    <div className="flex gap-3">
      <Avatar name={contact.name} />
      <div className="min-w-0">
        <RowLink href={contactHref(contact.id)} className="wrap-anywhere">
          <bdi>{harmless(contact.name)}</bdi>
        </RowLink>
        <p className="text-sm text-muted">{typeWord(contact.contact_type)}</p>
        <Numbers contact={contact} />
      </div>
    </div>
  );
}
