// Ordinary questions and answers, for what has no events: searches, choices of numbers, receipts, administration. TanStack
// Query keeps them for a moment. Refuses what the live store holds.
import { QueryClient, useQuery } from "@tanstack/react-query";
import { ApiError, api, type Schemas, unwrap } from "../api/client";
import { said } from "./said";

export { said } from "./said";

export const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 10_000,
      gcTime: 120_000,
      refetchOnWindowFocus: true,
      retry: (failures, error) => failures < 2 && ApiError.of(error).isPassing,
    },
    mutations: { retry: false },
  },
});

/** What can be texted from a place: exactly one of a conversation, a person in a case, a contact or a lead. */
export type ChoicesKey = {
  conversation_id?: string | undefined;
  case_id?: string | undefined;
  case_contact_id?: string | undefined;
  contact_id?: string | undefined;
  lead_id?: string | undefined;
};

const keep = <T>(previous: T | undefined): T | undefined => previous;

/** Why a text stands where it does. */
export function useRouting(messageId: string | undefined) {
  return useQuery<Schemas["RoutingView"], ApiError>({
    queryKey: ["routing", messageId],
    enabled: messageId !== undefined,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/omnichannel/messages/{id}/routing", { params: { path: { id: messageId ?? "" } }, signal })),
  });
}

/** Which numbers a text can go to and come from. */
export function useChoices(key: ChoicesKey | undefined) {
  return useQuery<Schemas["ChoicesView"], ApiError>({
    queryKey: ["choices", key === undefined ? undefined : said(key)],
    enabled: key !== undefined,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/omnichannel/choices", { params: { query: said(key ?? {}) }, signal })),
  });
}

export function useCaseSearch(q: string, status?: Schemas["CaseStatus"]) {
  return useQuery<Schemas["Listing_CaseView"], ApiError>({
    queryKey: ["cases", "search", q, status],
    placeholderData: keep,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/cases", { params: { query: said({ q: q.trim(), status, limit: 20 }) }, signal })),
  });
}

export function useContactSearch(q: string) {
  return useQuery<Schemas["Listing_ContactView"], ApiError>({
    queryKey: ["contacts", "search", q],
    placeholderData: keep,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/contacts", { params: { query: said({ q: q.trim(), limit: 20 }) }, signal })),
  });
}

export function useLeadSearch(q: string) {
  return useQuery<Schemas["Listing_LeadView"], ApiError>({
    queryKey: ["leads", "search", q],
    placeholderData: keep,
    queryFn: ({ signal }) =>
      unwrap(api.GET("/api/leads", { params: { query: said({ q: q.trim(), limit: 20 }) }, signal })),
  });
}
