// What the palette finds: commands by their words, at once; contacts with their numbers, cases and conversations from the server, as far as
// the reader's levels reach. Refuses requests that would be refused.
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { type ApiError, api, type Schemas, unwrap } from "../api/client";
import { keysToShow } from "../keys/chords";
import { type Command, isOn } from "../keys/registry";
import { useAllowed } from "../live/hooks";

const MOST = 6;
const DEBOUNCE_MS = 90;

export type Found = {
  /** The words that this was found for; results of the words before stay until the next ones are there. */
  isFresh: boolean;
  isLoading: boolean;
  hasFailed: boolean;
  /** Whether there is anything that the reader may search. */
  canSearch: boolean;
  contacts: readonly Schemas["ContactView"][];
  cases: readonly Schemas["CaseView"][];
  conversations: readonly Schemas["ConversationView"][];
  messages: Schemas["SearchView"]["messages"]["items"];
};

/** Searches as one types. */
export function useFound(query: string): Found {
  const q = query.trim();
  const settled = useSettled(q, DEBOUNCE_MS);
  const levels = useAllowed();
  const isAsked = settled.length > 0 && q.length > 0;
  const contacts = useQuery<Schemas["Listing_ContactView"], ApiError>({
    queryKey: ["palette", "contacts", settled],
    enabled: isAsked && levels.case_contacts > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/contacts", { params: { query: { q: settled, limit: MOST } }, signal })),
  });
  const cases = useQuery<Schemas["Listing_CaseView"], ApiError>({
    queryKey: ["palette", "cases", settled],
    enabled: isAsked && (levels.case_contacts > 0 || levels.sms > 0 || levels.calls > 0),
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) => unwrap(api.GET("/api/cases", { params: { query: { q: settled, limit: MOST } }, signal })),
  });
  const conversations = useQuery<Schemas["Listing_ConversationView"], ApiError>({
    queryKey: ["palette", "conversations", settled],
    enabled: isAsked && levels.sms > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/omnichannel/conversations", { params: { query: { q: settled, limit: MOST } }, signal })),
  });
  const messages = useQuery<Schemas["SearchView"], ApiError>({
    queryKey: ["palette", "messages", settled],
    enabled: isAsked && levels.sms > 0,
    placeholderData: keepPreviousData,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/search", { params: { query: { q: settled, kinds: "messages", limit: MOST } }, signal })),
  });
  const all = [contacts, cases, conversations, messages];
  const isLoading = isAsked && all.some((one) => one.isFetching && (one.data === undefined || one.isPlaceholderData));
  return {
    isFresh: settled === q && !isLoading,
    isLoading: isLoading || settled !== q,
    canSearch: levels.case_contacts > 0 || levels.sms > 0 || levels.calls > 0,
    hasFailed: isAsked && all.some((one) => one.isError),
    contacts: isAsked ? (contacts.data?.items ?? []) : [],
    cases: isAsked ? (cases.data?.items ?? []) : [],
    conversations: isAsked ? (conversations.data?.items ?? []) : [],
    messages: isAsked ? (messages.data?.messages.items ?? []) : [],
  };
}

/** The value once it has not changed for a moment. */
function useSettled(value: string, ms: number): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms);
    return () => clearTimeout(timer);
  }, [value, ms]);
  return settled;
}

/** Commands every one of whose asked-for words begins a word of their label; all that can be done now where nothing is asked. */
export function matchingCommands(commands: readonly Command[], query: string): readonly Command[] {
  const asked = words(query);
  const seen = new Set<string>();
  return commands.filter((command) => {
    const isNew = !command.isHidden && !seen.has(command.id) && (command.when?.() ?? true);
    const label = words(command.label);
    if (!isNew || !asked.every((word) => label.some((one) => one.startsWith(word)))) {
      return false;
    }
    seen.add(command.id);
    return true;
  });
}

function words(line: string): readonly string[] {
  return line
    .toLocaleLowerCase()
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
}

export function keysOf(command: Command): readonly string[] {
  const keys = command.keys.find(isOn);
  return keys === undefined ? [] : keysToShow(keys);
}
