// Merging a contact role into another one: says what happens, and can be taken back from the message that follows. Refuses to merge into a
// role that is not offered.
import { useState } from "react";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Button, Dialog, Field, Select } from "../../ui";
import { type ContactRole, changes, useChange } from "./queries";
import { errorAt, errorBeside } from "./refusal";
import { Refusal } from "./section";

const w = text.admin.contactRoles;

type MergeRoleDialogProps = { role: ContactRole; roles: readonly ContactRole[]; onClose: () => void };

export function MergeRoleDialog({ role, roles, onClose }: MergeRoleDialogProps) {
  const toasts = useToasts();
  const [into, setInto] = useState<string | null>(null);
  const [isTried, setTried] = useState(false);
  const merge = useChange(["contact-roles"], changes.mergeContactRole);
  const undo = useChange(["contact-roles"], changes.unmergeContactRole);
  const choices = roles.filter(({ id, is_active }) => is_active && id !== role.id);
  const submit = () => {
    setTried(true);
    if (into === null) {
      return;
    }
    merge.mutate(
      { id: role.id, into },
      {
        onSuccess: ({ moved, role: target }) => {
          toasts.show({
            tone: "ok",
            text: w.merged(role.name, target.name, moved),
            action: { label: text.shell.undo, run: () => undo.mutateAsync(role.id) },
            key: `contact-role-merge ${role.id}`,
          });
          onClose();
        },
      },
    );
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={w.mergeTitle(role.name)}
      description={w.mergeDescription(role.name)}
      dirty={into !== null}
      busy={merge.isPending}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose} disabled={merge.isPending}>
            {text.shell.cancel}
          </Button>
          <Button type="submit" variant="primary" busy={merge.isPending}>
            {w.merge}
          </Button>
        </>
      }
    >
      <Field
        label={w.mergeInto}
        error={(isTried && into === null ? w.mergeRequired : undefined) ?? errorAt(merge.error, "into")}
      >
        <Select
          label={w.mergeInto}
          placeholder={w.mergeChoose}
          value={into}
          onValueChange={setInto}
          options={choices.map(({ id, name }) => ({ value: id, label: name }))}
        />
      </Field>
      <Refusal>{errorBeside(merge.error, ["into"])}</Refusal>
    </Dialog>
  );
}
