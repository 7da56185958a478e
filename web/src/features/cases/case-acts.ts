// Opening and changing cases, and what can be chosen for them. The answer passes through the live store like an event. Refuses to guess
// who may beyond hiding what is refused anyway: the server decides.
import { useQuery } from "@tanstack/react-query";
import { type ApiError, api, type Schemas, unwrap } from "../../api/client";
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
  /** Whether teams and people were read. */
  isReady: boolean;
  isFailed: boolean;
  teams: readonly Schemas["TeamRef"][];
  users: readonly Schemas["ColleagueView"][];
  again: () => void;
};

/** Teams and active users, by name. */
export function useCaseChoices(): CaseChoices {
  const { data, isError, refetch } = useQuery<Schemas["ColleaguesView"], ApiError>({
    queryKey: ["colleagues"],
    queryFn: ({ signal }) => unwrap(api.GET("/api/colleagues", { signal })),
  });
  return {
    isReady: data !== undefined,
    isFailed: isError && data === undefined,
    teams: data?.teams ?? [],
    users: data?.users ?? [],
    again: () => void refetch(),
  };
}

/** Who may open and change cases: who manages contacts of cases, or settings. */
export function mayManageCases(levels: Schemas["Levels"]): boolean {
  return levels.case_contacts >= 3 || levels.settings >= 3;
}
