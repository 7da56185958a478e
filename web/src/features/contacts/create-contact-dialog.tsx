// Creates a contact by itself, on no case yet. Adding to a case: add-contact-dialog.tsx.
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { createContact } from "../../live/acts";
import { queryClient } from "../../live/requests";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, Dialog, plain } from "../../ui";
import { focusWrong, useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";
import { asRequest, blank, type NewContact, wrongOf } from "./new-contact";
import { NewContactFields } from "./new-contact-fields";

const w = text.contacts;
const FIELDS = ["name", "contact_type", "number", "label", "phones"];

export type CreateContactDialogProps = {
  onClose: () => void;
  onCreated: (contact: Schemas["ContactView"]) => void;
};

export function CreateContactDialog({ onClose, onCreated }: CreateContactDialogProps) {
  const [contact, setContact] = useState<NewContact>(() => blank());
  const [tried, setTried] = useState(false);
  useReturnFocus();
  const act = useAct();
  const toasts = useToasts();
  const wrong = wrongOf(contact);
  const submit = async () => {
    setTried(true);
    if (wrong !== undefined) {
      focusWrong();
      return;
    }
    let created: Schemas["ContactView"] | undefined;
    const done = await act.run(async () => {
      created = await createContact(asRequest(contact));
    });
    if (done && created !== undefined) {
      void queryClient.invalidateQueries({ queryKey: ["contacts"] });
      toasts.show({ tone: "ok", text: w.created(plain(created.name)) });
      onClose();
      onCreated(created);
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={w.createTitle}
      onSubmit={submit}
      busy={act.busy}
      dirty={contact.name !== "" && !act.busy}
      footer={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" variant="primary" busy={act.busy}>
            {w.createSubmit}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <NewContactFields
          withType
          value={contact}
          onChange={(next) => {
            setContact(next);
            act.forget();
          }}
          wrong={tried ? wrong : undefined}
          refused={act}
        />
        {act.beyond(...FIELDS) ? <Banner tone="bad">{act.beyond(...FIELDS)}</Banner> : null}
      </div>
    </Dialog>
  );
}
