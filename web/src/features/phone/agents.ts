// Colleagues and what they are doing, as the server says. Read anew when a call changes, and every few seconds while a screen
// shows them: a tab that is closed has no event of its own.
import { useQuery } from "@tanstack/react-query";
import { type ApiError, api, type Schemas, unwrap } from "../../api/client";

export type Agent = Schemas["AgentView"];
const EVERY_MS = 5_000;

export function useAgents() {
  return useQuery<readonly Agent[], ApiError>({
    queryKey: ["agents"],
    refetchInterval: EVERY_MS,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/api/agents", { signal }))).items,
  });
}

/** The outcomes that the firm offers. */
export function useDispositions() {
  return useQuery<readonly Schemas["Disposition"][], ApiError>({
    queryKey: ["dispositions"],
    staleTime: 5 * 60_000,
    queryFn: async ({ signal }) => (await unwrap(api.GET("/api/call-dispositions", { signal }))).items,
  });
}
