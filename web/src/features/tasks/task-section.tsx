// The tasks of a case or about a person, beside the thread: open ones in the order in which they are due, then what is done.
import { ListPlus, ListTodo } from "lucide-react";
import { useState } from "react";
import { ApiError } from "../../api/client";
import { useAllowed } from "../../live/hooks";
import { text } from "../../text/en";
import { Button, EmptyState, ErrorState, SkeletonRows } from "../../ui";
import { type TasksKey, type TaskView, useTasks } from "./requests";
import { type TaskAbout, TaskDialog } from "./task-dialog";
import { type RowPlace, TaskRow } from "./task-row";

const w = text.tasks;

export type TaskSectionProps = {
  of: TasksKey;
  about: TaskAbout;
  place: Exclude<RowPlace, "list">;
};

export function TaskSection({ of, about, place }: TaskSectionProps) {
  const [isMaking, setMaking] = useState(false);
  const mayMake = useAllowed().case_contacts >= 2;
  const { data, error, refetch } = useTasks(of);
  const make = mayMake ? (
    <Button size="sm" icon={<ListPlus aria-hidden="true" size={15} />} onClick={() => setMaking(true)}>
      {w.create}
    </Button>
  ) : null;
  return (
    <section aria-label={w.listLabel} className="flex flex-col">
      <header className="flex flex-wrap items-center justify-between gap-2 px-4 pt-3 pb-2">
        <h2 className="text-base font-semibold">{w.title}</h2>
        {data !== undefined && data.length > 0 ? make : null}
      </header>
      {data === undefined && error === null ? <SkeletonRows rows={3} /> : null}
      {data === undefined && error !== null ? (
        <ErrorState error={ApiError.of(error)} what={w.what} onRetry={() => void refetch()} />
      ) : null}
      {data?.length === 0 ? (
        <EmptyState
          icon={<ListTodo size={20} />}
          title={place === "case" ? w.emptyCase : w.emptyContact}
          hint={w.emptyCaseHint}
          action={make}
        />
      ) : null}
      {data !== undefined && data.length > 0 ? (
        <ul>
          {ordered(data).map((task) => (
            <TaskRow key={task.id} task={task} place={place} />
          ))}
        </ul>
      ) : null}
      {isMaking ? <TaskDialog about={about} onClose={() => setMaking(false)} /> : null}
    </section>
  );
}

function ordered(tasks: readonly TaskView[]): readonly TaskView[] {
  return [...tasks.filter((task) => task.status === "open"), ...tasks.filter((task) => task.status === "done")];
}
