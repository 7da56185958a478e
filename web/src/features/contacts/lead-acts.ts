// Reading and changing leads: they have no events of their own, so TanStack Query keeps them. Creating one: live/acts.ts.
import { useQuery } from "@tanstack/react-query";
import { type ApiError, api, type Schemas, unwrap } from "../../api/client";
import { queryClient } from "../../live/requests";

export type LeadView = Schemas["LeadView"];

export function useLead(id: string) {
  return useQuery<LeadView, ApiError>({
    queryKey: ["leads", "one", id],
    queryFn: ({ signal }) => unwrap(api.GET("/api/leads/{id}", { params: { path: { id } }, signal })),
  });
}

export async function changeLead(id: string, request: Schemas["LeadRequest"]): Promise<LeadView> {
  const changed = await unwrap(api.PATCH("/api/leads/{id}", { params: { path: { id } }, body: request }));
  queryClient.setQueryData(["leads", "one", id], changed);
  void queryClient.invalidateQueries({ queryKey: ["leads", "list"] });
  return changed;
}
