// Makes a task, or changes one: what, when, whose, with a reminder. What it follows up is given by whoever opens it. Refuses to guess who
// can be assigned: the server names those who would see it.
import { useRef, useState } from "react";
import type { Schemas } from "../../api/client";
import { useMe } from "../../live/hooks";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { day } from "../../time/format";
import { currentZone } from "../../time/zone";
import { Banner, Button, Dialog, Field, Input, plain, Select, type SelectOption } from "../../ui";
import { type CaseChoice, CasePicker } from "../cases/case-picker";
import { focusWrong, useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";
import { daysFrom } from "./due";
import { changeTask, createTask, type NewTask, type TaskView, useAssignees } from "./requests";

const w = text.tasks;
const FIELDS = ["what", "due.on", "due.time", "assignee_id", "case_id"];

/** What a new task is about; a part that is left out is chosen in the dialog, or is none. */
export type TaskAbout = {
  case_id?: string | undefined;
  contact_id?: string | undefined;
  message_id?: string | undefined;
  call_id?: string | undefined;
  /** In words, for who reads the dialog. */
  who?: string | undefined;
};

export type TaskDialogProps = {
  about?: TaskAbout;
  task?: TaskView;
  onClose: () => void;
};

export function TaskDialog({ about = {}, task, onClose }: TaskDialogProps) {
  const me = useMe();
  const today = day(new Date(), currentZone());
  const [what, setWhat] = useState(task?.what ?? "");
  const [on, setOn] = useState(task?.due_on ?? daysFrom(today, 1));
  const [time, setTime] = useState(task?.due_time ?? "");
  const [reminder, setReminder] = useState<number | null>(task === undefined ? 0 : (task.reminder_minutes ?? null));
  const [assignee, setAssignee] = useState(task?.assignee.id ?? me.user_id);
  const [chosen, setChosen] = useState<CaseChoice | null>(null);
  const [tried, setTried] = useState(false);
  const first = useRef<HTMLInputElement>(null);
  useReturnFocus();
  const act = useAct();
  const toasts = useToasts();
  const caseNumber = task?.mycase_case_id ?? about.case_id ?? chosen?.number;
  const isAlone =
    task === undefined && about.case_id === undefined && about.message_id === undefined && about.call_id === undefined;
  const due: Schemas["DueRequest"] = {
    on,
    time: time === "" ? null : time,
    time_zone: task?.time_zone ?? me.time_zone,
  };
  const submit = async () => {
    setTried(true);
    if (what.trim() === "" || on === "") {
      focusWrong();
      return;
    }
    const done = await act.run(() =>
      task === undefined
        ? createTask(asNew({ what, due, reminder, assignee, caseNumber, about }))
        : changeTask(task.id, { what, due, reminder_minutes: reminder, assignee_id: assignee }),
    );
    if (done) {
      toasts.show({ tone: "ok", text: task === undefined ? w.created : w.saved });
      onClose();
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      initialFocus={first}
      title={task !== undefined ? w.editTitle : isAlone ? w.createTitle : w.followUpTitle}
      description={about.who === undefined ? undefined : w.about(plain(about.who))}
      onSubmit={submit}
      busy={act.busy}
      dirty={what !== (task?.what ?? "") && !act.busy}
      footer={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" variant="primary" busy={act.busy}>
            {task === undefined ? w.createSubmit : w.save}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={w.whatLabel} error={act.at("what") ?? (tried && what.trim() === "" ? w.whatRequired : undefined)}>
          <Input
            ref={first}
            value={what}
            onValueChange={setWhat}
            placeholder={w.whatHint}
            maxLength={500}
            autoComplete="off"
          />
        </Field>
        <DueFields
          on={on}
          time={time}
          today={today}
          zone={due.time_zone ?? me.time_zone}
          onOn={setOn}
          onTime={setTime}
          onError={act.at("due.on", "due.time") ?? (tried && on === "" ? w.dueRequired : undefined)}
        />
        <div className="grid gap-4 sm:grid-cols-2">
          <Field label={w.assignee} error={act.at("assignee_id")}>
            <AssigneeSelect caseNumber={caseNumber} known={task?.assignee} value={assignee} onChange={setAssignee} />
          </Field>
          <Field label={w.reminder}>
            <Select
              label={w.reminder}
              value={reminder === null ? "none" : String(reminder)}
              onValueChange={(next) => setReminder(next === "none" ? null : Number(next))}
              options={reminderOptions(time !== "", reminder)}
            />
          </Field>
        </div>
        {isAlone ? (
          <Field label={w.caseLabel} note={w.caseNote} hint={w.caseHint} error={act.at("case_id")}>
            <CasePicker label={w.caseLabel} value={chosen} onChange={setChosen} placeholder={w.casePlaceholder} />
          </Field>
        ) : null}
        {act.beyond(...FIELDS) ? <Banner tone="bad">{act.beyond(...FIELDS)}</Banner> : null}
      </div>
    </Dialog>
  );
}

type Written = {
  what: string;
  due: Schemas["DueRequest"];
  reminder: number | null;
  assignee: string;
  caseNumber: string | undefined;
  about: TaskAbout;
};

function asNew({ what, due, reminder, assignee, caseNumber, about }: Written): NewTask {
  return {
    what,
    due,
    reminder_minutes: reminder,
    assignee_id: assignee,
    case_id: caseNumber ?? null,
    contact_id: about.contact_id ?? null,
    message_id: about.message_id ?? null,
    call_id: about.call_id ?? null,
  };
}

type DueProps = {
  on: string;
  time: string;
  today: string;
  zone: string;
  onOn: (on: string) => void;
  onTime: (time: string) => void;
  onError: string | undefined;
};

function DueFields({ on, time, today, zone, onOn, onTime, onError }: DueProps) {
  const quick = [
    { label: w.quick.today, day: today },
    { label: w.quick.tomorrow, day: daysFrom(today, 1) },
    { label: w.quick.week, day: daysFrom(today, 7) },
  ];
  return (
    <div className="flex flex-col gap-2">
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={w.due} error={onError}>
          <Input type="date" value={on} min="2000-01-01" max="2199-12-31" onValueChange={onOn} />
        </Field>
        <Field label={w.time} note={w.timeNote} hint={time === "" ? undefined : w.zone(zone)}>
          <Input type="time" value={time} onValueChange={onTime} />
        </Field>
      </div>
      {/* biome-ignore lint/a11y/useSemanticElements: a fieldset is for forms; these fill in the field above */}
      <div role="group" aria-label={w.quick.label} className="flex flex-wrap gap-1.5">
        {quick.map((one) => (
          <Button key={one.label} size="sm" aria-pressed={on === one.day} onClick={() => onOn(one.day)}>
            {one.label}
          </Button>
        ))}
      </div>
    </div>
  );
}

function reminderOptions(isTimed: boolean, chosen: number | null): readonly SelectOption[] {
  const usual: SelectOption[] = [
    { value: "none", label: w.reminders.none },
    { value: "0", label: isTimed ? w.reminders.onTime : w.reminders.onDay },
    ...(isTimed ? [{ value: "15", label: w.reminders.quarter }] : []),
    ...(isTimed ? [{ value: "60", label: w.reminders.hour }] : []),
    { value: "1440", label: w.reminders.day },
  ];
  const isUsual = chosen === null || usual.some((option) => option.value === String(chosen));
  return isUsual ? usual : [...usual, { value: String(chosen), label: w.reminders.other(chosen) }];
}

type AssigneeProps = {
  caseNumber: string | undefined;
  known: Schemas["UserRef"] | undefined;
  value: string;
  onChange: (id: string) => void;
};

function AssigneeSelect({ caseNumber, known, value, onChange }: AssigneeProps) {
  const me = useMe();
  const { data } = useAssignees(caseNumber);
  const found = data ?? (known === undefined ? [{ id: me.user_id, name: me.name }] : [known]);
  const others = found.filter(({ id }) => id !== me.user_id);
  const mine = found.some(({ id }) => id === me.user_id)
    ? [{ value: me.user_id, label: w.me, detail: plain(me.name) }]
    : [];
  return (
    <Select
      label={w.assignee}
      value={value}
      onValueChange={onChange}
      placeholder={data === undefined ? w.assigneeLoading : undefined}
      options={[...mine, ...others.map(({ id, name }) => ({ value: id, label: plain(name) }))]}
    />
  );
}
