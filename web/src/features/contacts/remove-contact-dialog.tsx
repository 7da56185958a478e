// Asks before a contact leaves a case, and offers to add them again right after. History stays as it is.
import type { RefObject } from "react";
import { addCaseContact, removeCaseContact } from "../../live/acts";
import type { CaseContactView } from "../../live/model";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { ConfirmDialog, plain } from "../../ui";
import { useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";

const w = text.contacts;

export type RemoveContactDialogProps = {
  caseNumber: string;
  person: CaseContactView;
  canAddAgain: boolean;
  onClose: () => void;
  onRemoved: () => void;
  /** Where the focus goes when the row is gone. */
  fallback: RefObject<HTMLElement | null>;
};

export function RemoveContactDialog({
  caseNumber,
  person,
  canAddAgain,
  onClose,
  onRemoved,
  fallback,
}: RemoveContactDialogProps) {
  useReturnFocus(fallback);
  const act = useAct();
  const toasts = useToasts();
  const { contact, contact_role_id } = person;
  const name = plain(contact.name);
  const remove = async () => {
    if (!(await act.run(() => removeCaseContact(caseNumber, person.id ?? "")))) {
      return;
    }
    const again =
      canAddAgain && contact_role_id != null
        ? {
            label: w.addAgain,
            run: () => addCaseContact(caseNumber, { contact_id: contact.id, contact_role_id }),
          }
        : undefined;
    toasts.show({ text: w.removed(name), ...(again ? { action: again } : {}) });
    onClose();
    onRemoved();
  };
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={onClose}
      title={w.removeTitle(name)}
      description={w.removeDescription}
      confirmLabel={w.remove}
      busy={act.busy}
      error={act.beyond()}
      onConfirm={remove}
    />
  );
}
