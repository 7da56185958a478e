// When a task is due, in words and in groups: overdue, today, later. Pure; the moment of now and the reader's zone come in.
import type { Schemas } from "../../api/types";
import { text } from "../../text/en";
import { clock, day } from "../../time/format";

type TaskView = Schemas["TaskView"];
const words = text.tasks;
const DAY_MS = 24 * 60 * 60_000;
const near = new Intl.RelativeTimeFormat("en-US", { numeric: "auto" });

export type Group = "overdue" | "today" | "later" | "done";

export function groupOf(task: TaskView, zone: string, now: Date): Group {
  if (task.status === "done") {
    return "done";
  }
  if (Date.parse(task.due_at) <= now.getTime()) {
    return "overdue";
  }
  return dayOf(task, zone) <= day(now, task.due_time ? zone : task.time_zone) ? "today" : "later";
}

/** The day it is due: as it was written for a whole day, where the reader is for a time. */
function dayOf(task: TaskView, zone: string): string {
  return task.due_time ? day(new Date(task.due_at), zone) : task.due_on;
}

/** "today", "tomorrow, 9:30 AM", "Dec 24", "Dec 24, 2027". */
export function dueWords(task: TaskView, zone: string, now: Date): string {
  const on = dayOf(task, zone);
  const named = dayWords(on, day(now, task.due_time ? zone : task.time_zone));
  return task.due_time ? words.atTime(named, clock(new Date(task.due_at), zone)) : named;
}

/** A day beside today, both as 2026-12-24. */
export function dayWords(on: string, today: string): string {
  const apart = Math.round((Date.parse(on) - Date.parse(today)) / DAY_MS);
  if (Math.abs(apart) <= 1) {
    return near.format(apart, "day");
  }
  const year = on.slice(0, 4) === today.slice(0, 4) ? {} : ({ year: "numeric" } as const);
  return new Intl.DateTimeFormat("en-US", { month: "short", day: "numeric", timeZone: "UTC", ...year }).format(
    new Date(`${on}T00:00:00Z`),
  );
}

/** The day so many days after today, as 2026-12-24. */
export function daysFrom(today: string, days: number): string {
  return new Date(Date.parse(`${today}T00:00:00Z`) + days * DAY_MS).toISOString().slice(0, 10);
}

/** Tasks in their groups, in the order in which they came; empty groups are left out. */
export function grouped(
  tasks: readonly TaskView[],
  zone: string,
  now: Date,
): readonly { group: Group; tasks: readonly TaskView[] }[] {
  const order: readonly Group[] = ["overdue", "today", "later", "done"];
  return order
    .map((group) => ({ group, tasks: tasks.filter((task) => groupOf(task, zone, now) === group) }))
    .filter((one) => one.tasks.length > 0);
}
