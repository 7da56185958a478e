// What administration reads and changes: TanStack Query, for the live store has none of it but contact roles, whose events it hears by
// itself. After a change the lists that it touches are read anew.
import { type UseQueryResult, useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { ApiError, api, type Schemas, unwrap } from "../../api/client";

export type User = Schemas["UserView"];
export type Team = Schemas["TeamView"];
export type Role = Schemas["RoleView"];
export type OwnNumber = Schemas["NumberView"];
export type ContactRole = Schemas["ContactRoleView"];
export type Wall = Schemas["ReportedWallView"];
export type Settings = Schemas["SettingsView"];
export type Trial = Schemas["TrialView"];
export type Read<T> = UseQueryResult<T, ApiError>;

type Key = "users" | "teams" | "roles" | "numbers" | "contact-roles" | "settings" | "walls";
const keyOf = (key: Key) => ["admin", key] as const;

export function useUsers(): Read<readonly User[]> {
  return useQuery<readonly User[], ApiError>({
    queryKey: keyOf("users"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/api/users", { signal }))).items,
  });
}

export function useTeams(): Read<readonly Team[]> {
  return useQuery<readonly Team[], ApiError>({
    queryKey: keyOf("teams"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/api/teams", { signal }))).items,
  });
}

export function useRoles(): Read<readonly Role[]> {
  return useQuery<readonly Role[], ApiError>({
    queryKey: keyOf("roles"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/api/roles", { signal }))).items,
  });
}

export function useNumbers(): Read<readonly OwnNumber[]> {
  return useQuery<readonly OwnNumber[], ApiError>({
    queryKey: keyOf("numbers"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/api/numbers", { signal }))).items,
  });
}

export function useAllContactRoles(): Read<readonly ContactRole[]> {
  return useQuery<readonly ContactRole[], ApiError>({
    queryKey: keyOf("contact-roles"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/api/contact-roles", { signal }))).items,
  });
}

export function useWalls(): Read<readonly Wall[]> {
  return useQuery<readonly Wall[], ApiError>({
    queryKey: keyOf("walls"),
    queryFn: async ({ signal }) => (await unwrap(api.GET("/api/walls", { signal }))).items,
  });
}

export function useFirmSettings(): Read<Settings> {
  return useQuery<Settings, ApiError>({
    queryKey: keyOf("settings"),
    queryFn: ({ signal }) => unwrap(api.GET("/api/settings", { signal })),
  });
}

/** A change on the server; the lists of `touches` are read anew when it is done, and when its outcome is not known. */
export function useChange<Input, Output>(touches: readonly Key[], act: (input: Input) => Promise<Output>) {
  const client = useQueryClient();
  return useMutation<Output, ApiError, Input>({
    mutationFn: async (input) => {
      try {
        return await act(input);
      } catch (thrown) {
        throw ApiError.of(thrown);
      }
    },
    onSettled: async (_data, error) => {
      if (!error || error.code === "outcome_unknown" || error.code === "network" || error.code === "not_found") {
        await Promise.all(touches.map((key) => client.invalidateQueries({ queryKey: keyOf(key) })));
      }
    },
  });
}

export const changes = {
  addUser: (body: Schemas["NewUserRequest"]) => unwrap(api.POST("/api/users", { body })),
  changeUser: ({ id, ...body }: Schemas["UserRequest"] & { id: string }) =>
    unwrap(api.PATCH("/api/users/{id}", { params: { path: { id } }, body })),
  addTeam: (body: Schemas["NewTeamRequest"]) => unwrap(api.POST("/api/teams", { body })),
  changeTeam: ({ id, ...body }: Schemas["TeamRequest"] & { id: string }) =>
    unwrap(api.PATCH("/api/teams/{id}", { params: { path: { id } }, body })),
  addRole: (body: Schemas["NewRoleRequest"]) => unwrap(api.POST("/api/roles", { body })),
  changeRole: ({ id, ...body }: Schemas["RoleRequest"] & { id: string }) =>
    unwrap(api.PATCH("/api/roles/{id}", { params: { path: { id } }, body })),
  removeRole: (id: string) => unwrap(api.DELETE("/api/roles/{id}", { params: { path: { id } } })),
  addNumber: (body: Schemas["NewNumberRequest"]) => unwrap(api.POST("/api/numbers", { body })),
  changeNumber: ({ id, ...body }: Schemas["NumberRequest"] & { id: string }) =>
    unwrap(api.PATCH("/api/numbers/{id}", { params: { path: { id } }, body })),
  addContactRole: (body: Schemas["NewContactRoleRequest"]) => unwrap(api.POST("/api/contact-roles", { body })),
  changeContactRole: ({ id, ...body }: Schemas["ContactRoleRequest"] & { id: string }) =>
    unwrap(api.PATCH("/api/contact-roles/{id}", { params: { path: { id } }, body })),
  mergeContactRole: ({ id, into }: { id: string; into: string }) =>
    unwrap(api.POST("/api/contact-roles/{id}/merge", { params: { path: { id } }, body: { into } })),
  unmergeContactRole: (id: string) => unwrap(api.POST("/api/contact-roles/{id}/unmerge", { params: { path: { id } } })),
  buildWall: ({ number, userId }: { number: string; userId: string }) =>
    unwrap(
      api.POST("/api/cases/{mycase_case_id}/walls", {
        params: { path: { mycase_case_id: number } },
        body: { user_id: userId },
      }),
    ),
  removeWall: ({ number, userId }: { number: string; userId: string }) =>
    unwrap(
      api.DELETE("/api/cases/{mycase_case_id}/walls/{user_id}", {
        params: { path: { mycase_case_id: number, user_id: userId } },
      }),
    ),
  changeSettings: (body: Schemas["SettingsRequest"]) => unwrap(api.PATCH("/api/settings", { body })),
  tryWindow: (seconds: number) =>
    unwrap(api.POST("/api/settings/routing-window-trial", { body: { routing_window_seconds: seconds } })),
} as const;
