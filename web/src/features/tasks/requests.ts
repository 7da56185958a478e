// Follow-up tasks as questions and acts. Events say which tasks changed; what is shown is then read anew (live/live.ts). Refuses to
// show a change before the server made it.
import { useQuery } from "@tanstack/react-query";
import { type ApiError, api, type Schemas, unwrap } from "../../api/client";
import { queryClient, said } from "../../live/requests";

export type TaskView = Schemas["TaskView"];
export type NewTask = Schemas["NewTaskRequest"];
export type TaskChange = Schemas["TaskRequest"];

/** Which tasks; a part that is left out does not narrow. */
export type TasksKey = {
  case_id?: string | undefined;
  contact_id?: string | undefined;
  conversation_id?: string | undefined;
  assignee?: string | undefined;
  status?: "open" | "today" | "overdue" | "done" | undefined;
};

const WHOLE = 200;

export async function tasksPage(key: TasksKey, cursor: string | undefined, limit: number, signal: AbortSignal) {
  return await unwrap(api.GET("/api/tasks", { params: { query: said({ ...key, cursor, limit }) }, signal }));
}

/** The tasks of a case, a person or a conversation, at most 200. */
export function useTasks(key: TasksKey | undefined) {
  return useQuery<readonly TaskView[], ApiError>({
    queryKey: ["tasks", "of", key === undefined ? undefined : said(key)],
    enabled: key !== undefined,
    queryFn: async ({ signal }) => (await tasksPage(key ?? {}, undefined, WHOLE, signal)).items,
  });
}

const MINUTE_MS = 60_000;

/** How many open tasks the reader has; asked every minute, for time alone makes one overdue. */
export function useTaskCounts(isAsked: boolean) {
  return useQuery<Schemas["TaskCountsView"], ApiError>({
    queryKey: ["tasks", "counts"],
    enabled: isAsked,
    refetchInterval: MINUTE_MS,
    queryFn: ({ signal }) => unwrap(api.GET("/api/tasks/counts", { signal })),
  });
}

/** Who can be given a task: in a case, or in none. */
export function useAssignees(caseNumber: string | undefined) {
  return useQuery<readonly Schemas["UserRef"][], ApiError>({
    queryKey: ["assignees", caseNumber],
    queryFn: async ({ signal }) => {
      const query = said({ case_id: caseNumber });
      return (await unwrap(api.GET("/api/tasks/assignees", { params: { query }, signal }))).items;
    },
  });
}

export async function readTask(id: string): Promise<TaskView> {
  return await unwrap(api.GET("/api/tasks/{id}", { params: { path: { id } } }));
}

export async function createTask(task: NewTask): Promise<TaskView> {
  const made = await unwrap(api.POST("/api/tasks", { body: task }));
  await tasksChanged();
  return made;
}

export async function changeTask(id: string, change: TaskChange): Promise<void> {
  await unwrap(api.PATCH("/api/tasks/{id}", { params: { path: { id } }, body: change }));
  await tasksChanged();
}

async function tasksChanged(): Promise<void> {
  await queryClient.invalidateQueries({ queryKey: ["tasks"] });
}
