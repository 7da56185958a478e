// The tasks of the reader, or of everybody as far as the reader may see them: overdue ones first, then today's, then later ones; and
// what is done. This is the daily list. All of what one chose is in the address.
import { ListPlus, ListTodo } from "lucide-react";
import { useRef, useSyncExternalStore } from "react";
import { useCommands } from "../../keys/registry";
import { useAllowed } from "../../live/hooks";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { currentZone, tick, watchTime } from "../../time/zone";
import { Button, EmptyState, ErrorState, ForbiddenState, SkeletonRows } from "../../ui";
import { useAddress } from "../cases/address";
import { FilterButtons } from "../cases/list-page";
import { NewButton } from "../cases/new-button";
import { type PagesState, usePages } from "../cases/use-pages";
import { grouped } from "./due";
import { type TaskView, tasksPage } from "./requests";
import { TaskDialog } from "./task-dialog";
import { TaskRow } from "./task-row";

const w = text.tasks;
const PAGE = 100;

export function TasksPage() {
  usePageTitle(w.title);
  const { read } = useAddress();
  const isEverybodys = read("of") === "all";
  const status = read("status") === "done" ? "done" : "open";
  const assignee = isEverybodys ? undefined : "me";
  const pages = usePages<TaskView>(["tasks", "list", assignee, status], (cursor, signal) =>
    tasksPage({ assignee, status }, cursor, PAGE, signal),
  );
  const rows = useRef<HTMLDivElement>(null);
  useRowCommands(rows);
  return (
    <div className="flex h-full min-h-0 flex-col">
      <header className="border-b border-line bg-surface px-4 py-3">
        <div className="flex flex-wrap items-center justify-between gap-x-4 gap-y-2">
          <h1 className="text-xl font-semibold">{w.title}</h1>
          <NewTask />
        </div>
        <div className="mt-2.5 flex flex-wrap items-center gap-x-4 gap-y-2">
          <FilterButtons
            name="of"
            label={w.whose}
            options={[
              { value: undefined, label: w.mine },
              { value: "all", label: w.everybody },
            ]}
          />
          <FilterButtons
            name="status"
            label={w.state}
            options={[
              { value: undefined, label: w.toDo },
              { value: "done", label: w.doneTab },
            ]}
          />
        </div>
      </header>
      <div ref={rows} data-region="list" tabIndex={-1} className="min-h-0 flex-1 overflow-y-auto p-4">
        <Found pages={pages} isDone={status === "done"} isEverybodys={isEverybodys} />
      </div>
    </div>
  );
}

type FoundProps = { pages: PagesState<TaskView>; isDone: boolean; isEverybodys: boolean };

function Found({ pages, isDone, isEverybodys }: FoundProps) {
  useSyncExternalStore(watchTime, tick);
  const { status, items, error } = pages;
  if (status === "loading") {
    return <SkeletonRows rows={6} />;
  }
  if (status === "error") {
    return <ErrorState error={error} what={w.what} onRetry={pages.reload} />;
  }
  if (status === "forbidden") {
    return <ForbiddenState hint={w.forbidden} />;
  }
  if (items.length === 0) {
    const title = isDone ? w.emptyDone : isEverybodys ? w.emptyAll : w.emptyMine;
    return <EmptyState icon={<ListTodo size={20} />} title={title} hint={isDone ? w.emptyDoneHint : w.emptyMineHint} />;
  }
  return (
    <div className="mx-auto flex max-w-3xl flex-col gap-5" aria-busy={pages.isStale || undefined}>
      {grouped(items, currentZone(), new Date()).map(({ group, tasks }) => (
        <section key={group} aria-label={w.groups[group]}>
          <h2 className="mb-1.5 flex items-baseline gap-2 text-base font-semibold">
            {w.groups[group]} <span className="text-sm font-normal text-muted">{tasks.length}</span>
          </h2>
          <ul className="overflow-hidden rounded-md border border-line bg-surface shadow-card">
            {tasks.map((task) => (
              <TaskRow key={task.id} task={task} place="list" />
            ))}
          </ul>
        </section>
      ))}
      {pages.hasMore ? (
        <Button size="sm" className="self-start" busy={pages.isLoadingMore} onClick={pages.loadMore}>
          {w.loadMore}
        </Button>
      ) : null}
    </div>
  );
}

function NewTask() {
  return (
    <NewButton
      id="tasks.new"
      scope="tasks"
      label={w.create}
      command={w.commands.new}
      icon={<ListPlus aria-hidden="true" size={16} />}
      may={useAllowed().case_contacts >= 2}
    >
      {(close) => <TaskDialog onClose={close} />}
    </NewButton>
  );
}

/** j and k move from task to task; the box and the links of a row are its own tab stops. */
function useRowCommands(rows: React.RefObject<HTMLElement | null>): void {
  const move = (by: 1 | -1) => {
    const all = [...(rows.current?.querySelectorAll<HTMLElement>("[data-row]") ?? [])];
    const at = all.findIndex((row) => row.contains(document.activeElement));
    const next = at < 0 ? all[by === 1 ? 0 : all.length - 1] : all[Math.min(all.length - 1, Math.max(0, at + by))];
    next?.focus();
    next?.scrollIntoView({ block: "nearest" });
  };
  const command = (id: string, label: string, key: string, by: 1 | -1) => ({
    id,
    label,
    keys: [key],
    scope: "tasks" as const,
    isHidden: true,
    repeats: true,
    run: () => move(by),
  });
  useCommands(
    [command("tasks.next", w.commands.next, "j", 1), command("tasks.previous", w.commands.previous, "k", -1)],
    [],
  );
}
