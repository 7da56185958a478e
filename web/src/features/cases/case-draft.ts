// A case as it is being written, and the request that it becomes: of a change only what differs. Pure.
import type { Schemas } from "../../api/client";

type UserRef = Schemas["UserRef"];

export type CaseDraft = {
  number: string;
  name: string;
  status: Schemas["CaseStatus"];
  client: { id: string; name: string } | null;
  /** Undefined where it could not be read which team it is. */
  teamId: string | null | undefined;
  assigned: readonly UserRef[];
};

export const emptyDraft: CaseDraft = { number: "", name: "", status: "open", client: null, teamId: null, assigned: [] };

export function draftOf(found: Schemas["CaseView"], teams: readonly Schemas["TeamRef"][]): CaseDraft {
  const team = teams.find(({ name }) => name === found.team_name);
  return {
    number: found.mycase_case_id,
    name: found.name,
    status: found.status,
    client: found.client_contact_id ? { id: found.client_contact_id, name: found.client_name ?? "" } : null,
    teamId: found.team_name == null ? null : team?.id,
    assigned: found.assigned,
  };
}

export type CaseWrong = { number?: "needed" | "bad"; name?: "needed" };

export function wrongCase({ number, name }: CaseDraft): CaseWrong | undefined {
  const wrong: CaseWrong = {};
  if (number.trim() === "") {
    wrong.number = "needed";
  } else if (!/^[\p{L}\p{N}_-][\p{L}\p{N}_.-]*$/u.test(number.trim())) {
    wrong.number = "bad";
  }
  if (name.trim() === "") {
    wrong.name = "needed";
  }
  return Object.keys(wrong).length > 0 ? wrong : undefined;
}

export function asNewCase(draft: CaseDraft): Schemas["NewCaseRequest"] {
  return {
    mycase_case_id: draft.number.trim(),
    name: draft.name.trim(),
    status: draft.status,
    client_contact_id: draft.client?.id ?? null,
    team_id: draft.teamId ?? null,
    assigned_user_ids: draft.assigned.map(({ id }) => id),
  };
}

/** What differs, or undefined where nothing does. */
export function asChange(before: CaseDraft, after: CaseDraft): Schemas["CaseRequest"] | undefined {
  const request: Schemas["CaseRequest"] = {};
  if (after.name.trim() !== before.name) {
    request.name = after.name.trim();
  }
  if (after.status !== before.status) {
    request.status = after.status;
  }
  if (after.client?.id !== before.client?.id) {
    request.client_contact_id = after.client?.id ?? null;
  }
  if (after.teamId !== undefined && after.teamId !== before.teamId) {
    request.team_id = after.teamId;
  }
  const ids = (draft: CaseDraft) => draft.assigned.map(({ id }) => id).toSorted();
  if (ids(after).join() !== ids(before).join()) {
    request.assigned_user_ids = ids(after);
  }
  return Object.keys(request).length > 0 ? request : undefined;
}
