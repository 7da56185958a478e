// Opening and changing cases, and what can be chosen for them. The answer passes through the live store like an event. Refuses to guess
// who may: users and teams are shown to who sees settings alone, and the server decides the rest.
import { useQuery } from "@tanstack/react-query";
import { type ApiError, api, type Schemas, unwrap } from "../../api/client";
import { useAllowed } from "../../live/hooks";
import { queryClient } from "../../live/requests";
import { live } from "../../live/store";

type CaseView = Schemas["CaseView"];

/** The new case, or undefined where who opened it may not know of it. */
export async function openCase(request: Schemas["NewCaseRequest"]): Promise<CaseView | undefined> {
  const opened: CaseView | undefined = await unwrap(api.POST("/api/cases", { body: request }));
  return settle(opened);
}

/** The case as it is now, or undefined where who changed it may not know of it any more. */
export async function changeCase(number: string, request: Schemas["CaseRequest"]): Promise<CaseView | undefined> {
  const params = { path: { mycase_case_id: number } };
  const changed: CaseView | undefined = await unwrap(
    api.PATCH("/api/cases/{mycase_case_id}", { params, body: request }),
  );
  return settle(changed);
}

function settle(changed: CaseView | undefined): CaseView | undefined {
  const isCase = changed !== undefined && Object.hasOwn(Object(changed), "mycase_case_id");
  if (isCase) {
    live().learn({ type: "case_changed", case: changed });
  }
  void queryClient.invalidateQueries({ queryKey: ["cases"] });
  return isCase ? changed : undefined;
}

export type CaseChoices = {
  /** Whether teams and people could be read at all. */
  canChoose: boolean;
  teams: readonly Schemas["TeamView"][];
  users: readonly Schemas["UserView"][];
};

/** Teams and active users, for who may see them: `settings:1`. */
export function useCaseChoices(): CaseChoices {
  const canChoose = useAllowed().settings >= 1;
  const teams = useQuery<Schemas["Listing_TeamView"], ApiError>({
    queryKey: ["teams", "choices"],
    enabled: canChoose,
    queryFn: ({ signal }) => unwrap(api.GET("/api/teams", { signal })),
  });
  const users = useQuery<Schemas["Listing_UserView"], ApiError>({
    queryKey: ["users", "choices"],
    enabled: canChoose,
    queryFn: ({ signal }) => unwrap(api.GET("/api/users", { signal })),
  });
  return {
    canChoose,
    teams: teams.data?.items ?? [],
    users: (users.data?.items ?? []).filter(({ is_active }) => is_active),
  };
}

/** Who may open and change cases: who manages contacts of cases, or settings. */
export function mayManageCases(levels: Schemas["Levels"]): boolean {
  return levels.case_contacts >= 3 || levels.settings >= 3;
}
