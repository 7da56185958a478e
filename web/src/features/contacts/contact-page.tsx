// A person: numbers, cases and roles, leads on one side; their conversations, as far as the reader may see them, on the other. Refuses
// cases and leads that the reader may not know of: the server leaves them out.
import { ArrowLeft, MessageSquarePlus, MessagesSquare, Pencil, Phone, UserX } from "lucide-react";
import { useMemo, useState } from "react";
import { useParams } from "wouter";
import { useAllowed, useContact } from "../../live/hooks";
import type { ContactDetails } from "../../live/model";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import {
  Avatar,
  Badge,
  Button,
  buttonClass,
  classNames,
  EmptyState,
  ErrorState,
  harmless,
  plain,
  SkeletonRows,
} from "../../ui";
import { useAddress } from "../cases/address";
import { DocumentSide, TaskSide } from "../cases/more-sides";
import { Panes } from "../cases/panes";
import { ScreenLink } from "../cases/place";
import { ConversationList } from "../inbox/conversation-list";
import { reasonNotToCall, requestCall } from "../phone/calling";
import { ConversationPane } from "../thread/lazy-pane";
import { ContactCases, ContactLeads } from "./contact-cases";
import { ContactPhones } from "./contact-phones";
import { ContactText } from "./contact-text";
import { EditContactDialog } from "./edit-contact-dialog";
import { typeWord } from "./type-word";

const w = text.contacts;
/** The tabs by their word in the address. */
const TABS: Readonly<Record<string, string>> = { conversations: "list", tasks: "tasks", documents: "documents" };

export function ContactPage() {
  const { id = "" } = useParams<{ id: string }>();
  const { details, status, error, reload } = useContact(id);
  if (status === "loading" && details === undefined) {
    return <SkeletonRows rows={6} />;
  }
  if (status === "gone" || status === "forbidden") {
    return (
      <EmptyState
        className="h-full"
        icon={<UserX size={20} />}
        title={<h1>{w.notFoundTitle}</h1>}
        hint={w.notFoundHint}
        action={
          <ScreenLink href="/contacts" className={buttonClass("secondary")}>
            {w.toContacts}
          </ScreenLink>
        }
      />
    );
  }
  if (details === undefined) {
    return <ErrorState error={error} what={w.contactWhat} onRetry={reload} className="h-full" />;
  }
  return <Shown key={id} details={details} />;
}

function Shown({ details }: { details: ContactDetails }) {
  const { contact } = details;
  usePageTitle(plain(contact.name));
  const { read, change } = useAddress();
  const conv = read("conv");
  const isTexting = read("text") !== undefined && conv === undefined;
  const listKey = useMemo(() => ({ contact_id: contact.id }), [contact.id]);
  const open = (id: string) => change({ conv: id, text: undefined });
  const close = () => change({ conv: undefined, text: undefined });
  return (
    <div className="flex h-full min-h-0 flex-col">
      <ContactHeader
        details={details}
        isReading={conv !== undefined || isTexting}
        onText={() => change({ text: "1", conv: undefined })}
      />
      <Panes
        tabsLabel={w.tabsLabel}
        tab={TABS[read("tab") ?? ""] ?? "side"}
        onTab={(tab) =>
          change({ tab: tab === "list" ? "conversations" : tab === "side" ? undefined : tab }, { replace: true })
        }
        list={{
          label: w.tabConversations,
          content: (
            <>
              <h2 className="px-4 pt-3 pb-2 text-base font-semibold">{w.conversationsHeading}</h2>
              <ConversationList
                listKey={listKey}
                selectedId={conv}
                onSelect={open}
                label={w.conversationsHeading}
                emptyText={w.conversationsEmpty}
              />
            </>
          ),
        }}
        sides={[
          {
            value: "side",
            label: w.tabDetails,
            content: (
              <div className="flex flex-col">
                <ContactPhones contact={contact} />
                <ContactCases cases={details.cases} />
                <ContactLeads leads={details.leads} />
              </div>
            ),
          },
          {
            value: "tasks",
            label: text.tasks.title,
            content: (
              <TaskSide
                place="contact"
                of={{ contact_id: contact.id }}
                about={{ contact_id: contact.id, who: contact.name }}
              />
            ),
          },
          {
            value: "documents",
            label: text.documents.title,
            content: <DocumentSide place={{ contact_id: contact.id }} />,
          },
        ]}
        threadLabel={text.cases.threadLabel}
        thread={
          conv !== undefined
            ? () => <ConversationPane key={conv} conversationId={conv} onClose={close} onOpen={open} />
            : isTexting
              ? () => (
                  <ContactText person={{ name: contact.name, contactId: contact.id }} onFound={open} onClose={close} />
                )
              : undefined
        }
        placeholder={
          <EmptyState
            className="h-full"
            icon={<MessagesSquare size={20} />}
            title={w.chooseConversationTitle}
            hint={w.chooseConversation}
          />
        }
      />
    </div>
  );
}

type HeaderProps = {
  details: ContactDetails;
  /** A thread is open, which takes the room of the acts where there is little. */
  isReading: boolean;
  onText: () => void;
};

function ContactHeader({ details: { contact }, isReading, onText }: HeaderProps) {
  const [isEditing, setEditing] = useState(false);
  const allowed = useAllowed();
  const notToText = allowed.sms < 2 ? w.textForbidden : contact.phones.length === 0 ? w.textNeedsNumber : undefined;
  return (
    <header className="@container/head border-b border-line bg-surface px-4 py-2.5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-2">
        <ScreenLink
          href="/contacts"
          aria-label={w.back}
          title={w.back}
          className="-ml-1.5 inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"
        >
          <ArrowLeft aria-hidden="true" size={18} />
        </ScreenLink>
        <Avatar name={contact.name} />
        <div className="min-w-0 flex-1 basis-40">
          <h1 className="text-lg font-semibold wrap-anywhere">
            <bdi>{harmless(contact.name)}</bdi>
          </h1>
          <Badge>{typeWord(contact.contact_type)}</Badge>
        </div>
        <div className={classNames("flex flex-wrap gap-2", isReading && "@max-[720px]/head:hidden")}>
          <Button
            icon={<Phone aria-hidden="true" size={15} />}
            reason={reasonNotToCall(allowed.calls, contact.phones.length)}
            onClick={() =>
              void requestCall({ name: contact.name, target: { contact_id: contact.id }, phones: contact.phones })
            }
          >
            {text.phone.call}
          </Button>
          <Button icon={<MessageSquarePlus aria-hidden="true" size={16} />} reason={notToText} onClick={onText}>
            {w.textFirst}
          </Button>
          <Button
            icon={<Pencil aria-hidden="true" size={15} />}
            reason={allowed.case_contacts >= 2 ? undefined : w.changeForbidden}
            onClick={() => setEditing(true)}
          >
            {w.edit}
          </Button>
        </div>
      </div>
      {isEditing ? <EditContactDialog contact={contact} onClose={() => setEditing(false)} /> : null}
    </header>
  );
}
