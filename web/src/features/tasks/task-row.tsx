// One task in a list: done or not, what, when, whose, and the way to what it is about. Refuses to be changed by who may not: the server
// says so, and the row says it on.
import { CalendarClock, Pencil } from "lucide-react";
import { useState, useSyncExternalStore } from "react";
import { useAllowed, useMe } from "../../live/hooks";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { currentZone, tick, watchTime } from "../../time/zone";
import { Badge, Checkbox, classNames, IconButton, plain, UntrustedText } from "../../ui";
import { caseHref, contactHref, LINK, ScreenLink } from "../cases/place";
import { sentence } from "../thread/thread-acts";
import { dueWords, groupOf } from "./due";
import { changeTask, type TaskView } from "./requests";
import { TaskDialog } from "./task-dialog";

const w = text.tasks;

/** What stands around a row, and need not be said in it. */
export type RowPlace = "list" | "case" | "contact";

export function TaskRow({ task, place }: { task: TaskView; place: RowPlace }) {
  const [isEditing, setEditing] = useState(false);
  const { toggle, isBusy } = useToggle(task);
  const mayChange = useMayChange(task);
  const isDone = task.status === "done";
  const what = plain(task.what);
  return (
    <li
      data-row={task.id}
      tabIndex={-1}
      className="flex items-start gap-2.5 border-b border-line px-4 py-2.5 last:border-b-0 focus-within:bg-accent-soft focus:bg-accent-soft"
    >
      <Checkbox
        hideLabel
        label={isDone ? w.reopen(what) : w.markDone(what)}
        checked={isDone}
        disabled={isBusy || !mayChange}
        onCheckedChange={() => void toggle()}
        className="-mt-0.5"
      />
      <div className="min-w-0 flex-1">
        <p className={classNames("wrap-anywhere", isDone && "text-muted line-through")}>
          <UntrustedText text={task.what} />
        </p>
        <TaskMeta task={task} place={place} />
      </div>
      {mayChange ? (
        <IconButton
          size="sm"
          label={w.edit(what)}
          icon={<Pencil aria-hidden="true" size={14} />}
          onClick={() => setEditing(true)}
        />
      ) : null}
      {isEditing ? <TaskDialog task={task} onClose={() => setEditing(false)} /> : null}
    </li>
  );
}

function TaskMeta({ task, place }: { task: TaskView; place: RowPlace }) {
  const me = useMe();
  const number = task.mycase_case_id;
  return (
    <p className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-1 text-sm text-muted">
      <DueBadge task={task} />
      {task.assignee.id !== me.user_id ? <span>{w.assignedTo(plain(task.assignee.name))}</span> : null}
      {place !== "case" && number ? (
        <ScreenLink href={`${caseHref(number)}?tab=tasks`} className={LINK}>
          {w.inCase(number)}
        </ScreenLink>
      ) : null}
      {place !== "contact" && task.contact_id && task.contact_name ? (
        <ScreenLink href={contactHref(task.contact_id)} className={LINK}>
          <bdi>{plain(task.contact_name)}</bdi>
        </ScreenLink>
      ) : null}
      <SourceLink task={task} />
      {task.done_by ? <span>{w.doneWord(plain(task.done_by.name))}</span> : null}
    </p>
  );
}

/** The way to the text or call that a task follows up, while it stands in the task's case. */
function SourceLink({ task }: { task: TaskView }) {
  const { conversation_id: conversation, mycase_case_id: number } = task;
  if (!conversation) {
    return null;
  }
  const href = number ? `${caseHref(number)}?conv=${conversation}` : `/inbox?conv=${conversation}`;
  return (
    <ScreenLink href={href} className={LINK}>
      {task.call_id ? w.openCall : w.openText}
    </ScreenLink>
  );
}

/** When it is due; renders anew as time goes by. */
export function DueBadge({ task }: { task: TaskView }) {
  useSyncExternalStore(watchTime, tick);
  const now = new Date();
  const zone = currentZone();
  const group = groupOf(task, zone, now);
  const when = dueWords(task, zone, now);
  const tone = group === "overdue" ? "bad" : group === "today" ? "warn" : "neutral";
  return (
    <Badge tone={tone} icon={<CalendarClock size={12} />}>
      <time dateTime={task.due_at}>{group === "overdue" ? w.overdue(when) : w.dueWord(when)}</time>
    </Badge>
  );
}

/** Its assignee, its maker, or who acts in its case. */
export function useMayChange(task: TaskView): boolean {
  const me = useMe();
  const { case_contacts } = useAllowed();
  return case_contacts >= 2 || task.assignee.id === me.user_id || task.created_by.id === me.user_id;
}

/** Marks a task done or open again, with the way back. */
export function useToggle(task: TaskView) {
  const [isBusy, setBusy] = useState(false);
  const toasts = useToasts();
  const isDone = task.status === "done";
  const set = (status: "open" | "done") => changeTask(task.id, { status });
  const toggle = async () => {
    setBusy(true);
    try {
      await set(isDone ? "open" : "done");
      const undo = { label: text.shell.undo, run: () => set(isDone ? "done" : "open") };
      const what = plain(task.what);
      toasts.show({ text: isDone ? w.reopened(what) : w.done(what), action: undo, key: `task:${task.id}` });
    } catch (error) {
      toasts.show({ tone: "bad", text: sentence(w.failed, error) });
    } finally {
      setBusy(false);
    }
  };
  return { toggle, isBusy };
}
