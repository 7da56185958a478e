// Gives a contact another role in a case. Refuses the client, whose role is fixed by the case itself.
import { useState } from "react";
import { changeCaseContactRole } from "../../live/acts";
import type { CaseContactView } from "../../live/model";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, Dialog, Field, plain } from "../../ui";
import { useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";
import { RoleSelect, useRoleNames } from "./role-select";

const w = text.contacts;

export function ChangeRoleDialog({
  caseNumber,
  person,
  onClose,
}: {
  caseNumber: string;
  person: CaseContactView;
  onClose: () => void;
}) {
  const [role, setRole] = useState<string | null>(person.contact_role_id ?? null);
  useReturnFocus();
  const act = useAct();
  const toasts = useToasts();
  const names = useRoleNames();
  const name = plain(person.contact.name);
  const save = async () => {
    if (role === null || role === person.contact_role_id) {
      onClose();
      return;
    }
    if (await act.run(() => changeCaseContactRole(caseNumber, person.id ?? "", role))) {
      toasts.show({ tone: "ok", text: w.roleChanged(name, names.get(role) ?? "") });
      onClose();
    }
  };
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={onClose}
      title={w.changeRoleTitle(name)}
      description={w.changeRoleDescription}
      onSubmit={save}
      busy={act.busy}
      footer={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" variant="primary" busy={act.busy}>
            {w.changeRoleSave}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-3">
        <Field label={w.role} error={act.at("contact_role_id")}>
          <RoleSelect value={role} onChange={setRole} keep={person.contact_role_id} />
        </Field>
        {act.beyond("contact_role_id") ? <Banner tone="bad">{act.beyond("contact_role_id")}</Banner> : null}
      </div>
    </Dialog>
  );
}
