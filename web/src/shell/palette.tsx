// The palette: one place, by Ctrl+K, for commands, people with their numbers, cases, conversations and what can be undone. Enter before the
// server has answered opens the first thing found when it has. Commands: keys/registry.ts; searching: palette-search.ts.
import { Autocomplete } from "@base-ui/react/autocomplete";
import { Dialog } from "@base-ui/react/dialog";
import {
  BriefcaseBusiness,
  CornerDownLeft,
  MessageSquareText,
  Phone,
  Search,
  TerminalSquare,
  TextSearch,
  Undo2,
  UserRound,
} from "lucide-react";
import { type KeyboardEvent, type ReactNode, useEffect, useRef, useState } from "react";
import { useLocation } from "wouter";
import type { Schemas } from "../api/client";
import { requestCall } from "../features/phone/calling";
import { useRegisteredCommands } from "../keys/registry";
import { useAllowed } from "../live/hooks";
import { text } from "../text/en";
import { Kbd } from "../ui/kbd";
import { Marked } from "../ui/marked";
import { PersonName } from "../ui/person-name";
import { Spinner } from "../ui/spinner";
import { harmless, plain } from "../ui/untrusted";
import { takeKeys } from "./early-keys";
import { keysOf, matchingCommands, useFound } from "./palette-search";
import { undo, useRecentActions } from "./toast-store";

type Entry = {
  id: string;
  icon: ReactNode;
  label: ReactNode;
  words: string;
  detail?: ReactNode;
  end?: ReactNode;
  run: () => void;
};
type Group = { value: string; items: Entry[] };
type PressInPalette = KeyboardEvent & { preventBaseUIHandler: () => void };

export function Palette({ open, onOpenChange }: { open: boolean; onOpenChange: (open: boolean) => void }) {
  return (
    <Dialog.Root open={open} onOpenChange={(next) => onOpenChange(next)}>
      <Dialog.Portal>
        <Dialog.Backdrop className="fade-motion fixed inset-0 z-40 bg-overlay" />
        <Dialog.Viewport className="fixed inset-0 z-40 flex items-start justify-center overflow-hidden px-3 pt-[min(12vh,6rem)] pb-3">
          <Dialog.Popup
            aria-label={text.shell.palette.title}
            className="popup-motion forced-border flex max-h-full w-full max-w-xl min-w-0 flex-col overflow-hidden rounded-lg border border-line bg-raised shadow-dialog outline-none"
          >
            <Content onClose={() => onOpenChange(false)} />
          </Dialog.Popup>
        </Dialog.Viewport>
      </Dialog.Portal>
    </Dialog.Root>
  );
}

function Content({ onClose }: { onClose: () => void }) {
  const [query, setQuery] = useState("");
  const found = useFound(query);
  const groups = useGroups(query, found);
  const highlighted = useRef<Entry | undefined>(undefined);
  const [isAwaited, setAwaited] = useState(false);

  const first = groups[0]?.items[0];
  const run = (entry: Entry) => {
    onClose();
    // After the dialog has given the focus back, so that what runs may take it.
    setTimeout(entry.run, 0);
  };
  const runLatest = useRef(run);
  runLatest.current = run;
  useEffect(() => {
    if (isAwaited && found.isFresh) {
      setAwaited(false);
      if (first) {
        runLatest.current(first);
      }
    }
  }, [isAwaited, found.isFresh, first]);

  const takeEarly = () => {
    const early = takeKeys();
    setQuery((known) => known + early.typed);
    setAwaited((known) => known || early.isEntered);
  };
  const onKeyDown = (event: PressInPalette) => {
    if (event.key !== "Enter" || event.nativeEvent.isComposing) {
      return;
    }
    // To search for everything is always offered: it is no answer yet.
    const isAwaiting = found.isLoading && (first === undefined || first.id === "search");
    if (isAwaiting || highlighted.current === undefined) {
      event.preventDefault();
      event.preventBaseUIHandler();
      setAwaited(true);
    }
  };

  return (
    <Autocomplete.Root
      open
      inline
      mode="none"
      items={groups}
      value={query}
      onValueChange={(next, { reason }) => {
        if (reason !== "item-press") {
          setAwaited(false);
          setQuery(next);
        }
      }}
      itemToStringValue={(entry: Entry) => entry.words}
      onItemHighlighted={(entry) => {
        highlighted.current = entry;
      }}
      autoHighlight="always"
      keepHighlight
    >
      <div className="flex items-center gap-3 border-b border-line px-4">
        {found.isLoading ? (
          <Spinner size={18} className="text-muted" />
        ) : (
          <Search aria-hidden="true" size={18} className="shrink-0 text-muted" />
        )}
        <Autocomplete.Input
          aria-label={text.shell.palette.title}
          placeholder={text.shell.palette.placeholder}
          spellCheck={false}
          onKeyDown={onKeyDown}
          onFocus={takeEarly}
          className="h-12 min-w-0 flex-1 bg-transparent text-lg outline-none"
        />
        <Dialog.Close className="sr-only">{text.shell.close}</Dialog.Close>
      </div>
      <Autocomplete.Status className="sr-only">
        {found.isLoading
          ? text.shell.searching
          : text.shell.found(groups.reduce((sum, group) => sum + group.items.length, 0))}
      </Autocomplete.Status>
      <Autocomplete.Empty>
        {groups.length === 0 && !found.isLoading ? (
          <p className="px-4 py-6 text-muted wrap-anywhere">{text.shell.palette.nothing(query.trim())}</p>
        ) : null}
      </Autocomplete.Empty>
      {found.hasFailed ? (
        <p className="border-b border-line px-4 py-2 text-sm text-bad">{text.shell.palette.failed}</p>
      ) : null}
      <Autocomplete.List
        aria-label={text.shell.palette.title}
        className="max-h-[min(60dvh,28rem)] min-h-0 scroll-py-1 overflow-y-auto overscroll-contain p-1 empty:p-0"
      >
        {(group: Group) => (
          <Autocomplete.Group key={group.value} items={group.items} className="pb-1">
            <Autocomplete.GroupLabel className="px-3 pt-2 pb-1 text-xs font-medium text-muted select-none">
              {group.value}
            </Autocomplete.GroupLabel>
            <Autocomplete.Collection>
              {(entry: Entry) => (
                <Autocomplete.Item
                  key={entry.id}
                  value={entry}
                  onClick={() => run(entry)}
                  className="group/entry flex min-h-10 items-center gap-3 rounded-md px-3 py-1.5 outline-none select-none data-[highlighted]:bg-accent-soft"
                >
                  <span aria-hidden="true" className="flex w-5 shrink-0 justify-center text-muted">
                    {entry.icon}
                  </span>
                  <span className="min-w-0 flex-1">
                    <span className="block truncate">{entry.label}</span>
                    {entry.detail ? (
                      <span className="block text-sm text-muted wrap-anywhere">{entry.detail}</span>
                    ) : null}
                  </span>
                  {entry.end}
                </Autocomplete.Item>
              )}
            </Autocomplete.Collection>
          </Autocomplete.Group>
        )}
      </Autocomplete.List>
      <p className="flex items-center gap-4 border-t border-line bg-bg px-4 py-2 text-xs text-muted">
        <Hint keys={["↑", "↓"]} words={text.shell.palette.choose} />
        <Hint keys={["Enter"]} words={text.shell.palette.openIt} />
        <Hint keys={["Esc"]} words={text.shell.palette.closeIt} />
        <CornerDownLeft aria-hidden="true" size={14} className="ml-auto" />
      </p>
    </Autocomplete.Root>
  );
}

function Hint({ keys, words }: { keys: readonly string[]; words: string }) {
  return (
    <span className="inline-flex items-center gap-1.5">
      <Kbd keys={keys} />
      {words}
    </span>
  );
}

function useGroups(query: string, found: ReturnType<typeof useFound>): Group[] {
  const commands = useRegisteredCommands();
  const recent = useRecentActions();
  const mayCall = useAllowed().calls >= 2;
  const [, navigate] = useLocation();
  const isAsking = query.trim() !== "";
  const offered = matchingCommands(commands, query).filter((command) => command.id !== "palette");
  const groups: Group[] = [
    {
      value: text.shell.palette.recent,
      items: isAsking
        ? []
        : recent.slice(0, 5).map((action) => ({
            id: `recent ${action.id}`,
            icon: <Undo2 size={16} />,
            label: text.shell.palette.undo(action.text),
            words: action.text,
            run: () => void undo(action.id),
          })),
    },
    {
      value: text.shell.palette.commands,
      items: offered.slice(0, isAsking ? 5 : 30).map((command) => ({
        id: `command ${command.id}`,
        icon: <TerminalSquare size={16} />,
        label: command.label,
        words: command.label,
        end: <Kbd keys={keysOf(command)} />,
        run: command.run,
      })),
    },
    { value: text.shell.palette.contacts, items: found.contacts.map((contact) => contactEntry(contact, navigate)) },
    {
      value: text.shell.palette.calls,
      items: mayCall ? found.contacts.filter((contact) => contact.phones.length > 0).map(callEntry) : [],
    },
    { value: text.shell.palette.cases, items: found.cases.map((one) => caseEntry(one, navigate)) },
    {
      value: text.shell.palette.conversations,
      items: found.conversations.map((one) => conversationEntry(one, navigate)),
    },
    { value: text.shell.palette.messages, items: found.messages.map((one) => messageEntry(one, navigate)) },
    {
      value: text.search.title,
      items: isAsking && found.canSearch ? [searchEntry(query.trim(), navigate)] : [],
    },
  ];
  return groups.filter((group) => group.items.length > 0);
}

type Navigate = (to: string) => void;

function searchEntry(query: string, navigate: Navigate): Entry {
  return {
    id: "search",
    icon: <Search size={16} />,
    label: text.search.searchAll(query),
    words: query,
    run: () => navigate(`/search?q=${encodeURIComponent(query)}`),
  };
}

function messageEntry(one: Schemas["SearchView"]["messages"]["items"][number], navigate: Navigate): Entry {
  return {
    id: `${one.message_id} ${one.conversation_id}`,
    icon: <TextSearch size={16} />,
    label: <PersonName name={one.person.name || one.person.number} role={one.person.role} />,
    words: one.snippet.text,
    detail: (
      <span className="line-clamp-2">
        {one.mycase_case_id ? <span>{one.mycase_case_id} · </span> : null}
        <Marked snippet={one.snippet} />
      </span>
    ),
    run: () => navigate(`/inbox?conv=${encodeURIComponent(one.conversation_id)}`),
  };
}

function contactEntry(contact: Schemas["ContactView"], navigate: Navigate): Entry {
  const [primary, ...others] = [...contact.phones].sort((a, b) => Number(b.is_primary) - Number(a.is_primary));
  return {
    id: contact.id,
    icon: <UserRound size={16} />,
    label: <bdi className="font-medium">{harmless(contact.name)}</bdi>,
    words: contact.name,
    detail: primary ? (
      <>
        <span className="text-ink">{primary.number}</span>
        {primary.label ? <span> {primary.label}</span> : null}
        {others[0] ? <span> · {others[0].number}</span> : null}
        {others.length > 1 ? <span> {text.shell.palette.moreNumbers(others.length - 1)}</span> : null}
      </>
    ) : (
      text.shell.palette.noNumber
    ),
    run: () => navigate(`/contacts/${encodeURIComponent(contact.id)}`),
  };
}

function callEntry(contact: Schemas["ContactView"]): Entry {
  return {
    id: `call ${contact.id}`,
    icon: <Phone size={16} />,
    label: text.phone.command.callNamed(plain(contact.name)),
    words: text.phone.command.callNamed(contact.name),
    run: () => void requestCall({ name: contact.name, target: { contact_id: contact.id }, phones: contact.phones }),
  };
}

function caseEntry(one: Schemas["CaseView"], navigate: Navigate): Entry {
  return {
    id: one.id,
    icon: <BriefcaseBusiness size={16} />,
    label: <bdi className="font-medium">{harmless(one.name)}</bdi>,
    words: `${one.mycase_case_id} ${one.name}`,
    detail: text.shell.palette.caseLine(one.mycase_case_id, text.shell.palette.status[one.status]),
    run: () => navigate(`/cases/${encodeURIComponent(one.mycase_case_id)}`),
  };
}

function conversationEntry(one: Schemas["ConversationView"], navigate: Navigate): Entry {
  return {
    id: one.id,
    icon: <MessageSquareText size={16} />,
    label: <PersonName name={one.person.name || one.person.number} role={one.person.role} />,
    words: one.person.display_name,
    detail: (
      <span className="line-clamp-1">
        {one.mycase_case_id ? <span>{one.mycase_case_id} · </span> : null}
        <bdi>{harmless(one.preview)}</bdi>
      </span>
    ),
    run: () => navigate(`/inbox?conv=${encodeURIComponent(one.id)}`),
  };
}
