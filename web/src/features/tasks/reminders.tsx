// Reminds of a task when its time has come: the event names it, the reader's own question reads it. Shows nothing of a task that the
// reader may not see any more.
import { useEffect } from "react";
import { useLocation } from "wouter";
import { onReminder } from "../../live/live";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { plain } from "../../ui/untrusted";
import { readTask } from "./requests";

const w = text.shell;

export function Reminders() {
  const toasts = useToasts();
  const [, navigate] = useLocation();
  useEffect(
    () =>
      onReminder((id) => {
        readTask(id).then(
          (task) => {
            const go = { label: w.showTasks, isUndo: false, run: () => navigate("/tasks") };
            toasts.show({ text: w.reminded(plain(task.what)), action: go, key: `reminder:${id}` });
          },
          () => {},
        );
      }),
    [toasts, navigate],
  );
  return null;
}
