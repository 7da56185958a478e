// A case and everything said in it: header, its own inbox, the open conversation, its contacts. All of what one chose is in the address.
// Used by the page of the app and by the embedded view alike. Refuses to show anything of a case once access to it ended.
import { FolderX, MessageSquare, MessagesSquare } from "lucide-react";
import { useEffect, useRef } from "react";
import { useCommands } from "../../keys/registry";
import { useAllowed, useCase, useCaseContacts } from "../../live/hooks";
import type { CaseView as CaseData } from "../../live/model";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { Banner, Button, buttonClass, EmptyState, ErrorState, plain, Skeleton, SkeletonRows } from "../../ui";
import { ContactText } from "../contacts/contact-text";
import { ContactsPanel } from "../contacts/contacts-panel";
import { ConversationPane, useReadyPane } from "../thread/lazy-pane";
import { useAddress } from "./address";
import { CaseHeader } from "./case-header";
import { CASE_VIEWS, CaseInbox } from "./case-inbox";
import { DocumentSide, TaskSide } from "./more-sides";
import { Panes } from "./panes";
import { ScreenLink, usePlace } from "./place";

const w = text.cases;

export function CaseView({ number }: { number: string }) {
  useReadyPane();
  const { case: found, status, error, reload } = useCase(number);
  // Asked for beside the case itself, not after it.
  useCaseContacts(number);
  const known = useRef<string>(undefined);
  useEffect(() => {
    if (found !== undefined) {
      known.current = found.mycase_case_id;
    }
  }, [found]);
  if (status === "loading" && found === undefined) {
    return <Loading />;
  }
  if (status === "gone" || status === "forbidden") {
    return <NoCase number={number} wasHere={known.current === number} />;
  }
  if (found === undefined) {
    return <ErrorState error={error} what={w.caseWhat} onRetry={reload} className="h-full" />;
  }
  return <Shown key={found.mycase_case_id} found={found} />;
}

function Shown({ found }: { found: CaseData }) {
  const number = found.mycase_case_id;
  usePageTitle(w.documentTitle(number, plain(found.name)));
  const { read, change } = useAddress();
  const { contacts } = useCaseContacts(number);
  const allowed = useAllowed();
  const conv = read("conv");
  const contactId = read("contact");
  const person = contacts.find(({ contact }) => contact.id === contactId);
  const isTexting = read("text") !== undefined && person !== undefined && conv === undefined;
  const view = CASE_VIEWS.find((name) => name === read("view")) ?? "all";
  const closeThread = () => change({ conv: undefined, text: undefined });
  const textTo = (id: string) => change({ contact: id, text: "1", conv: undefined });
  const open = (id: string) => change({ conv: id, text: undefined });
  const narrow = (id: string | undefined) => change({ contact: id, conv: undefined, text: undefined, tab: undefined });
  const isOpen = conv !== undefined || isTexting;
  useCommands(
    [
      {
        id: "case.back",
        label: w.backToList,
        keys: ["Escape"],
        scope: "case",
        isHidden: true,
        when: () => isOpen,
        run: () => (focusRow(conv) ? undefined : closeThread()),
      },
    ],
    [isOpen, conv],
  );
  return (
    <div className="flex h-full min-h-0 flex-col">
      <CaseHeader found={found} isReading={isOpen} />
      {found.status === "closed" ? (
        <div className="border-b border-line bg-surface px-4 py-2">
          <Banner>{w.closedBanner}</Banner>
        </div>
      ) : null}
      <Panes
        tabsLabel={w.tabsLabel}
        tab={read("tab") ?? "list"}
        onTab={(tab) => change({ tab: tab === "list" ? undefined : tab }, { replace: true })}
        list={{
          label: w.inboxHeading,
          content: (
            <CaseInbox
              caseNumber={number}
              view={view}
              onView={(next) => change({ view: next === "all" ? undefined : next })}
              only={contactId === undefined ? undefined : { id: contactId, name: plain(person?.contact.name ?? "") }}
              onEverybody={() => change({ contact: undefined, text: undefined })}
              selectedId={conv}
              onSelect={open}
              canText={allowed.sms >= 2}
              emptyAction={
                person !== undefined && allowed.sms >= 2 && person.contact.phones.length > 0 ? (
                  <Button
                    icon={<MessageSquare aria-hidden="true" size={15} />}
                    onClick={() => textTo(person.contact.id)}
                  >
                    {text.contacts.textTo(plain(person.contact.name))}
                  </Button>
                ) : null
              }
            />
          ),
        }}
        sides={[
          {
            value: "contacts",
            label: w.contactsHeading,
            count: contacts.length > 0 ? contacts.length : undefined,
            content: (
              <ContactsPanel
                caseNumber={number}
                chosen={contactId}
                onChoose={narrow}
                onText={({ contact }) => textTo(contact.id)}
              />
            ),
          },
          {
            value: "tasks",
            label: text.tasks.title,
            content: <TaskSide place="case" of={{ case_id: number }} about={{ case_id: number }} />,
          },
          {
            value: "documents",
            label: text.documents.title,
            content: <DocumentSide place={{ case_id: number }} />,
          },
        ]}
        threadLabel={w.threadLabel}
        thread={
          conv !== undefined
            ? () => (
                <ConversationPane
                  key={conv}
                  conversationId={conv}
                  caseNumber={number}
                  onClose={closeThread}
                  onOpen={open}
                  showDismissed={view === "dismissed"}
                />
              )
            : isTexting
              ? () => (
                  <ContactText
                    key={person.contact.id}
                    person={{
                      name: person.contact.name,
                      role: person.role,
                      contactId: person.contact.id,
                      caseContactId: person.id ?? undefined,
                    }}
                    caseNumber={number}
                    onFound={(id) => change({ conv: id, text: undefined }, { replace: true })}
                    onClose={closeThread}
                  />
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

/** Where list and thread stand side by side, Esc goes to the row; else it closes the thread. */
function focusRow(conversation: string | undefined): boolean {
  const found =
    conversation === undefined
      ? null
      : document.querySelector<HTMLElement>(`[data-conversation="${CSS.escape(conversation)}"]`);
  if (found === null || found.offsetParent === null || found === document.activeElement) {
    return false;
  }
  found.focus();
  return true;
}

function NoCase({ number, wasHere }: { number: string; wasHere: boolean }) {
  usePageTitle(w.notFoundTitle);
  const place = usePlace();
  return (
    <EmptyState
      className="h-full"
      icon={<FolderX size={20} />}
      title={<h1>{wasHere ? w.goneTitle : w.notFoundTitle}</h1>}
      hint={wasHere ? w.goneHint : w.notFoundHint(number)}
      action={
        place === "app" ? (
          <ScreenLink href="/cases" className={buttonClass("secondary")}>
            {w.toCases}
          </ScreenLink>
        ) : null
      }
    />
  );
}

function Loading() {
  return (
    <div className="flex h-full flex-col">
      <div className="animate-appear flex flex-col gap-2 border-b border-line bg-surface px-4 py-3">
        <Skeleton className="h-4 w-64 max-w-full" />
        <Skeleton className="h-3 w-96 max-w-full" />
      </div>
      <SkeletonRows rows={6} />
    </div>
  );
}
