// The tasks of a conversation: each text and call shows its own, and both can be followed up. Around the whole thread, so that bubbles need
// no questions of their own.
import { ListPlus, ListTodo } from "lucide-react";
import { createContext, type ReactNode, useCallback, useContext, useMemo, useState } from "react";
import { useAllowed } from "../../live/hooks";
import type { CallView, ConversationView, MessageView } from "../../live/model";
import { text } from "../../text/en";
import { classNames, IconButton, plain, UntrustedText } from "../../ui";
import { type TaskView, useTasks } from "./requests";
import { type TaskAbout, TaskDialog } from "./task-dialog";
import { DueBadge, useMayChange } from "./task-row";

const w = text.tasks;

type Known = {
  of: ReadonlyMap<string, readonly TaskView[]>;
  followUp: ((item: MessageView | CallView) => void) | undefined;
  open: (task: TaskView) => void;
};

const nothing: Known = { of: new Map(), followUp: undefined, open: () => {} };
const Context = createContext<Known>(nothing);

export function ThreadTasks({ conversation, children }: { conversation: ConversationView; children: ReactNode }) {
  const { data } = useTasks({ conversation_id: conversation.id });
  const mayMake = useAllowed().case_contacts >= 2;
  const [about, setAbout] = useState<TaskAbout>();
  const [opened, setOpened] = useState<TaskView>();
  const number = conversation.mycase_case_id ?? undefined;
  const followUp = useCallback((item: MessageView | CallView) => setAbout(aboutOf(item, number)), [number]);
  const known = useMemo(
    () => ({ of: byItem(data ?? []), followUp: mayMake ? followUp : undefined, open: setOpened }),
    [data, mayMake, followUp],
  );
  return (
    <Context value={known}>
      {children}
      {about !== undefined ? <TaskDialog about={about} onClose={() => setAbout(undefined)} /> : null}
      {opened !== undefined ? <TaskDialog task={opened} onClose={() => setOpened(undefined)} /> : null}
    </Context>
  );
}

/** Opens the dialog for a text or call; undefined for who may not make tasks. */
export function useFollowUp(): Known["followUp"] {
  return useContext(Context).followUp;
}

function aboutOf(item: MessageView | CallView, number: string | undefined): TaskAbout {
  const which = "body" in item ? { message_id: item.id } : { call_id: item.id };
  return { ...which, case_id: number, contact_id: item.person.contact_id ?? undefined, who: item.person.display_name };
}

function byItem(tasks: readonly TaskView[]): ReadonlyMap<string, readonly TaskView[]> {
  const of = new Map<string, TaskView[]>();
  for (const task of tasks) {
    const item = task.message_id ?? task.call_id;
    if (item) {
      of.set(item, [...(of.get(item) ?? []), task]);
    }
  }
  return of;
}

/** The tasks that follow up a text or call. */
export function ItemTasks({ id }: { id: string }) {
  const { of, open } = useContext(Context);
  const tasks = of.get(id);
  if (tasks === undefined) {
    return null;
  }
  return (
    <ul className="m-0 mt-1 flex max-w-[min(42rem,85cqw)] list-none flex-col gap-1 p-0">
      {tasks.map((task) => (
        <ItemTask key={task.id} task={task} onOpen={open} />
      ))}
    </ul>
  );
}

function ItemTask({ task, onOpen }: { task: TaskView; onOpen: (task: TaskView) => void }) {
  const mayChange = useMayChange(task);
  const isDone = task.status === "done";
  return (
    <li>
      <button
        type="button"
        disabled={!mayChange}
        onClick={() => onOpen(task)}
        aria-label={w.taskOf(plain(task.what))}
        className="inline-flex max-w-full items-center gap-1.5 rounded-md border border-line bg-surface px-2 py-1 text-left text-ink text-xs enabled:hover:bg-hover"
      >
        <ListTodo aria-hidden className="size-3.5 shrink-0 text-muted" />
        <span className={classNames("min-w-0 truncate", isDone && "text-muted line-through")}>
          <UntrustedText text={task.what} />
        </span>
        {isDone ? null : <DueBadge task={task} />}
      </button>
    </li>
  );
}

/** The button of a call; a text has it in its menu. */
export function FollowUpCall({ call }: { call: CallView }) {
  const followUp = useFollowUp();
  if (followUp === undefined) {
    return null;
  }
  return (
    <IconButton
      size="sm"
      label={w.followUpOf(plain(call.person.name))}
      icon={<ListPlus aria-hidden size={14} />}
      onClick={() => followUp(call)}
    />
  );
}
