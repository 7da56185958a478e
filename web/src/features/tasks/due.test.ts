// When a task is due, in words and groups, where the reader is.
import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/types";
import { daysFrom, dueWords, grouped, groupOf } from "./due";

const ZONE = "America/New_York";
const NOW = new Date("2026-12-10T15:00:00Z");

function task(more: Partial<Schemas["TaskView"]>): Schemas["TaskView"] {
  const nobody = { id: "usr_1", name: "Pat" };
  return {
    id: "task_1",
    what: "Call back",
    status: "open",
    due_on: "2026-12-10",
    due_at: "2026-12-11T05:00:00.000000Z",
    time_zone: ZONE,
    assignee: nobody,
    created_by: nobody,
    created_at: "2026-12-01T00:00:00Z",
    updated_at: "2026-12-01T00:00:00Z",
    ...more,
  };
}

describe("a task that is due", () => {
  it("on a whole day is of that day until it ends", () => {
    expect(groupOf(task({}), ZONE, NOW)).toBe("today");
    expect(groupOf(task({}), ZONE, new Date("2026-12-11T04:59:59Z"))).toBe("today");
    expect(groupOf(task({}), ZONE, new Date("2026-12-11T05:00:00Z"))).toBe("overdue");
    expect(dueWords(task({}), ZONE, NOW)).toBe("today");
  });

  it("at a time is overdue from then on, and told by the reader's clocks", () => {
    const timed = task({ due_time: "09:30", due_at: "2026-12-10T14:30:00.000000Z" });
    expect(groupOf(timed, ZONE, NOW)).toBe("overdue");
    expect(dueWords(timed, ZONE, NOW)).toBe("today, 9:30 AM");
    expect(dueWords(timed, "America/Los_Angeles", NOW)).toBe("today, 6:30 AM");
    const tomorrow = task({ due_time: "09:30", due_on: "2026-12-11", due_at: "2026-12-11T14:30:00.000000Z" });
    expect(groupOf(tomorrow, ZONE, NOW)).toBe("later");
    expect(dueWords(tomorrow, ZONE, NOW)).toBe("tomorrow, 9:30 AM");
  });

  it("another day is named by it, and by its year where that is another", () => {
    expect(dueWords(task({ due_on: "2026-12-24" }), ZONE, NOW)).toBe("Dec 24");
    expect(dueWords(task({ due_on: "2027-01-04" }), ZONE, NOW)).toBe("Jan 4, 2027");
    expect(dueWords(task({ due_on: "2026-12-09" }), ZONE, NOW)).toBe("yesterday");
  });

  it("stands in its group, and groups without any are left out", () => {
    const later = task({ id: "task_2", due_on: "2026-12-24", due_at: "2026-12-25T05:00:00Z" });
    const done = task({ id: "task_3", status: "done" });
    expect(grouped([done, later, task({})], ZONE, NOW).map(({ group }) => group)).toEqual(["today", "later", "done"]);
  });
});

it("days are counted over the ends of months and years", () => {
  expect(daysFrom("2026-12-31", 1)).toBe("2027-01-01");
  expect(daysFrom("2028-02-28", 1)).toBe("2028-02-29");
  expect(daysFrom("2026-12-10", 7)).toBe("2026-12-17");
});
