// The button beside a list that makes a new one of its things, and the command that does the same. Refuses to be seen by who may not.
import { type ReactNode, useState } from "react";
import { type Scope, useCommands } from "../../keys/registry";
import { Button } from "../../ui";

export type NewButtonProps = {
  /** The scope of the list, and with it the name of the command: `cases.new`. */
  id: string;
  scope: Scope;
  label: string;
  command: string;
  icon: ReactNode;
  may: boolean;
  /** The dialog, while it is open. */
  children: (close: () => void) => ReactNode;
};

export function NewButton({ id, scope, label, command, icon, may, children }: NewButtonProps) {
  const [isOpen, setOpen] = useState(false);
  useCommands([{ id, label: command, keys: [], scope, when: () => may, run: () => setOpen(true) }], [may]);
  if (!may) {
    return null;
  }
  return (
    <>
      <Button variant="primary" icon={icon} onClick={() => setOpen(true)}>
        {label}
      </Button>
      {isOpen ? children(() => setOpen(false)) : null}
    </>
  );
}
