// Who a conversation is with and in which case, the way back, calling them, and what concerns the whole of it. Links lead to the case
// and to the contact.

import {
  ArrowLeft,
  Ellipsis,
  Eye,
  EyeOff,
  FolderOpen,
  MessageCircleQuestion,
  MoveRight,
  Phone,
  UserRound,
  X,
} from "lucide-react";
import { useLocation } from "wouter";
import { useShortcut } from "../../keys/registry";
import { useAllowed } from "../../live/hooks";
import type { ConversationView } from "../../live/model";
import { text } from "../../text/en";
import { Avatar, IconButton, Menu, type MenuItem, PersonName, plain } from "../../ui";
import { ClippedText } from "../inbox/clipped-text";
import { calleeOf } from "../phone/callee";
import { reasonNotToCall, requestCall } from "../phone/calling";

const words = text.thread;

interface Props {
  readonly conversation: ConversationView;
  /** In a case's own view the case goes without saying. */
  readonly caseNumber: string | undefined;
  readonly showsDismissed: boolean;
  readonly onToggleDismissed: () => void;
  readonly onClose: (() => void) | undefined;
  readonly onWhy: (() => void) | undefined;
  readonly onMove: (() => void) | undefined;
  /** Inside another site's frame there is no other page to go to. */
  readonly isFramed: boolean;
}

export function ConversationHeader(props: Props) {
  const { conversation, caseNumber, onClose } = props;
  const { person } = conversation;
  return (
    <header className="@container/header flex min-h-14 items-center gap-3 border-line border-b bg-surface px-3 py-2">
      {onClose !== undefined && (
        <span className="@min-[720px]/panes:hidden">
          <IconButton label={words.back} icon={<ArrowLeft aria-hidden size={16} />} onClick={onClose} />
        </span>
      )}
      <span className="hidden @min-[26rem]/header:block">
        <Avatar name={person.name} />
      </span>
      <div className="min-w-0 flex-1">
        <h2 className="font-semibold text-base">
          <PersonName name={person.name} role={person.role ?? null} />
        </h2>
        <p className="truncate text-muted text-sm">
          {caseNumber === undefined && conversation.mycase_case_id ? (
            <>
              <ClippedText text={conversation.mycase_case_id} />
              {conversation.case_name ? (
                <>
                  {" · "}
                  <ClippedText text={conversation.case_name} />
                </>
              ) : null}
            </>
          ) : person.number !== person.name ? (
            <ClippedText text={person.number} />
          ) : (
            kindWord(conversation.kind)
          )}
        </p>
      </div>
      <CallThem conversation={conversation} />
      <HeaderMenu {...props} />
      {onClose !== undefined && (
        <span className="hidden @min-[720px]/panes:block">
          <IconButton label={words.close} icon={<X aria-hidden size={16} />} onClick={onClose} />
        </span>
      )}
    </header>
  );
}

function CallThem({ conversation }: { conversation: ConversationView }) {
  const { calls } = useAllowed();
  const keys = useShortcut("thread.call");
  const callee = calleeOf(conversation);
  if (callee === undefined) return null;
  return (
    <IconButton
      label={text.phone.callTo(plain(callee.name))}
      shortcut={keys}
      reason={reasonNotToCall(calls, 1)}
      icon={<Phone aria-hidden size={16} />}
      onClick={() => void requestCall(callee)}
    />
  );
}

function kindWord(kind: ConversationView["kind"]): string {
  if (kind === "lead") return text.inbox.lead;
  return kind === "unknown" ? text.inbox.unknownSender : text.inbox.contact;
}

function HeaderMenu(props: Props) {
  const { conversation, caseNumber, isFramed, onWhy, onMove } = props;
  const [, navigate] = useLocation();
  const keys = { why: useShortcut("thread.why"), move: useShortcut("thread.move") };
  const items: MenuItem[] = [];
  const number = conversation.mycase_case_id;
  const contactId = conversation.person.contact_id;
  if (onWhy !== undefined) {
    items.push({
      id: "why",
      label: words.why,
      icon: <MessageCircleQuestion size={16} />,
      shortcut: keys.why,
      onSelect: onWhy,
    });
  }
  if (onMove !== undefined) {
    const label = conversation.kind === "unknown" ? words.link : words.move;
    items.push({ id: "move", label, icon: <MoveRight size={16} />, shortcut: keys.move, onSelect: onMove });
  }
  if (number && caseNumber === undefined && !isFramed) {
    const go = () => navigate(`/cases/${encodeURIComponent(number)}?conv=${conversation.id}`);
    items.push({ id: "case", label: words.openCase(number), icon: <FolderOpen size={16} />, onSelect: go });
  }
  if (contactId && !isFramed) {
    const go = () => navigate(`/contacts/${contactId}?conv=${conversation.id}`);
    items.push({ id: "contact", label: words.openContact, icon: <UserRound size={16} />, onSelect: go });
  }
  items.push({
    id: "dismissed",
    label: props.showsDismissed ? words.hideDismissed : words.showDismissed,
    icon: props.showsDismissed ? <EyeOff size={16} /> : <Eye size={16} />,
    onSelect: props.onToggleDismissed,
  });
  return (
    <Menu items={items} trigger={<IconButton label={words.actions} icon={<Ellipsis aria-hidden size={16} />} />} />
  );
}
