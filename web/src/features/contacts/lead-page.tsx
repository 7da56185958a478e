// A lead: the conversation with a person before there is a case, their numbers, status, and who sees to it.
import { ArrowLeft, MessagesSquare, Phone, UserX } from "lucide-react";
import { useMemo } from "react";
import { useParams } from "wouter";
import { ApiError } from "../../api/client";
import { useAllowed, useContact, useList, useMe } from "../../live/hooks";
import { usePageTitle } from "../../shell/title";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import {
  Avatar,
  Banner,
  Button,
  buttonClass,
  EmptyState,
  ErrorState,
  harmless,
  plain,
  Select,
  SkeletonRows,
} from "../../ui";
import { useAddress } from "../cases/address";
import { Panes } from "../cases/panes";
import { contactHref, LINK, ScreenLink } from "../cases/place";
import { useAct } from "../cases/use-act";
import { ConversationList } from "../inbox/conversation-list";
import { reasonNotToCall, requestCall } from "../phone/calling";
import { ConversationPane } from "../thread/lazy-pane";
import { leadStatusWord } from "./contact-cases";
import { ContactPhones } from "./contact-phones";
import { ContactText } from "./contact-text";
import { changeLead, type LeadView, useLead } from "./lead-acts";
import { StatusBadge } from "./leads-page";

const w = text.contacts;
const STATUSES = ["open", "converted", "closed"] as const;

export function LeadPage() {
  const { id = "" } = useParams<{ id: string }>();
  const { data, error, refetch } = useLead(id);
  if (data !== undefined) {
    return <Shown key={id} lead={data} />;
  }
  if (error === null) {
    return <SkeletonRows rows={6} />;
  }
  const refused = ApiError.of(error);
  if (refused.status !== 404 && refused.status !== 403) {
    return <ErrorState error={refused} what={w.leadWhat} onRetry={() => void refetch()} className="h-full" />;
  }
  return (
    <EmptyState
      className="h-full"
      icon={<UserX size={20} />}
      title={<h1>{w.leadNotFoundTitle}</h1>}
      hint={w.leadNotFoundHint}
      action={
        <ScreenLink href="/leads" className={buttonClass("secondary")}>
          {w.leadToList}
        </ScreenLink>
      }
    />
  );
}

function Shown({ lead }: { lead: LeadView }) {
  const { read, change } = useAddress();
  usePageTitle(plain(lead.contact.name));
  const listKey = useMemo(() => ({ lead_id: lead.id }), [lead.id]);
  const { ids, status } = useList(listKey);
  const allowed = useAllowed();
  const conv = read("conv") ?? ids[0];
  const onTab = (tab: string) => change({ tab: tab === "side" ? "details" : undefined }, { replace: true });
  const canText = allowed.sms >= 2 && lead.contact.phones.length > 0;
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="flex flex-wrap items-center gap-3 border-b border-line bg-surface px-4 py-2.5">
        <ScreenLink
          href="/leads"
          aria-label={w.leadBack}
          title={w.leadBack}
          className="-ml-1.5 inline-flex size-8 shrink-0 items-center justify-center rounded-md text-muted hover:bg-hover hover:text-ink"
        >
          <ArrowLeft aria-hidden="true" size={18} />
        </ScreenLink>
        <Avatar name={lead.contact.name} />
        <div className="min-w-0 flex-1">
          <h1 className="text-lg font-semibold wrap-anywhere">
            <bdi>{harmless(lead.contact.name)}</bdi>
          </h1>
          <StatusBadge lead={lead} />
        </div>
        <Button
          icon={<Phone aria-hidden="true" size={15} />}
          reason={reasonNotToCall(allowed.calls, lead.contact.phones.length)}
          onClick={() =>
            void requestCall({
              name: lead.contact.name,
              target: { lead_id: lead.id },
              phones: lead.contact.phones,
            })
          }
        >
          {text.phone.call}
        </Button>
      </header>
      <Panes
        tabsLabel={w.tabsLabel}
        tab={read("tab") === "details" ? "side" : "list"}
        onTab={onTab}
        list={{
          label: w.tabConversations,
          content: (
            <>
              <h2 className="px-4 pt-3 pb-2 text-base font-semibold">{w.conversationsHeading}</h2>
              <ConversationList
                listKey={listKey}
                selectedId={conv}
                onSelect={(id) => change({ conv: id })}
                label={w.conversationsHeading}
                emptyText={w.leadConversationEmpty}
              />
            </>
          ),
        }}
        sides={[{ value: "side", label: w.tabDetails, content: <Details lead={lead} /> }]}
        threadLabel={text.cases.threadLabel}
        thread={(room) => {
          // With room for one, list and details come first; a conversation opens when it is chosen.
          if (conv !== undefined && (room !== "one" || read("conv") !== undefined)) {
            return <ConversationPane key={conv} conversationId={conv} onClose={() => change({ conv: undefined })} />;
          }
          if (status === "ready" && canText && (room !== "one" || read("text") !== undefined)) {
            return (
              <ContactText
                person={{ name: lead.contact.name, leadId: lead.id }}
                onFound={(id) => change({ conv: id, text: undefined }, { replace: true })}
                onClose={() => change({ text: undefined })}
              />
            );
          }
          return undefined;
        }}
        placeholder={
          <EmptyState className="h-full" icon={<MessagesSquare size={20} />} title={w.leadConversationEmpty} />
        }
      />
    </div>
  );
}

function Details({ lead }: { lead: LeadView }) {
  const me = useMe();
  const act = useAct();
  const toasts = useToasts();
  const canChange = useAllowed().case_contacts >= 2;
  // The contact as it is told live; the lead holds it as of when it was read.
  const contact = useContact(lead.contact.id).details?.contact ?? lead.contact;
  const isMine = lead.assigned_user?.id === me.user_id;
  const setStatus = async (status: string) => {
    if (await act.run(() => changeLead(lead.id, { status }))) {
      toasts.show({ tone: "ok", text: w.leadStatusSaved(leadStatusWord(status)) });
    }
  };
  const assign = async () => {
    if (await act.run(() => changeLead(lead.id, { assigned_user_id: isMine ? null : me.user_id }))) {
      toasts.show({ tone: "ok", text: isMine ? w.leadGivenBack : w.leadTaken });
    }
  };
  return (
    <div className="flex flex-col">
      <dl className="flex flex-col gap-3 border-b border-line px-4 py-3">
        <div>
          <dt className="text-sm text-muted">{w.leadChangeStatus}</dt>
          <dd className="mt-1 max-w-56">
            {canChange ? (
              <Select
                label={w.leadChangeStatus}
                value={lead.status}
                disabled={act.busy}
                onValueChange={(status) => void setStatus(status)}
                options={STATUSES.map((status) => ({ value: status, label: w.leadStatuses[status] }))}
              />
            ) : (
              leadStatusWord(lead.status)
            )}
          </dd>
        </div>
        <div>
          <dt className="text-sm text-muted">{w.leadAssignee}</dt>
          <dd className="mt-1 flex flex-wrap items-center gap-2">
            <bdi>{lead.assigned_user ? plain(lead.assigned_user.name) : w.leadNobody}</bdi>
            {canChange ? (
              <Button size="sm" busy={act.busy} onClick={() => void assign()}>
                {isMine ? w.leadUnassign : w.leadAssignMe}
              </Button>
            ) : null}
          </dd>
        </div>
        <div>
          <dt className="sr-only">{w.contact}</dt>
          <dd>
            <ScreenLink href={contactHref(lead.contact.id)} className={`${LINK} inline-block min-h-6`}>
              {w.leadOpenContact}
            </ScreenLink>
          </dd>
        </div>
      </dl>
      {act.beyond() ? <Banner tone="bad">{act.beyond()}</Banner> : null}
      <ContactPhones contact={contact} />
    </div>
  );
}
