// Renames a contact and changes what kind they are. Names follow everywhere at once. Numbers: contact-phones.tsx.
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { renameContact } from "../../live/acts";
import { queryClient } from "../../live/requests";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, Dialog, Field, Input, plain, Select } from "../../ui";
import { focusWrong, useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";
import { CONTACT_TYPES } from "./new-contact";

const w = text.contacts;

export function EditContactDialog({ contact, onClose }: { contact: Schemas["ContactView"]; onClose: () => void }) {
  const [name, setName] = useState(contact.name);
  const [type, setType] = useState(contact.contact_type);
  const [tried, setTried] = useState(false);
  useReturnFocus();
  const act = useAct();
  const toasts = useToasts();
  const submit = async () => {
    setTried(true);
    const changedName = name.trim() === contact.name ? {} : { name: name.trim() };
    const changedType = type === contact.contact_type ? {} : { contact_type: type };
    const request = { ...changedName, ...changedType };
    if (name.trim() === "") {
      focusWrong();
      return;
    }
    if (Object.keys(request).length === 0) {
      onClose();
      return;
    }
    if (await act.run(() => renameContact(contact.id, request))) {
      void queryClient.invalidateQueries({ queryKey: ["contacts"] });
      toasts.show({ tone: "ok", text: w.saved(plain(name.trim())) });
      onClose();
    }
  };
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={onClose}
      title={w.editTitle(plain(contact.name))}
      onSubmit={submit}
      busy={act.busy}
      footer={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" variant="primary" busy={act.busy}>
            {w.save}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={w.name} error={tried && name.trim() === "" ? w.nameRequired : act.at("name")}>
          <Input autoComplete="off" maxLength={200} value={name} onValueChange={setName} />
        </Field>
        <Field label={w.type} error={act.at("contact_type")}>
          <Select
            label={w.type}
            value={type}
            onValueChange={setType}
            options={CONTACT_TYPES.map((word) => ({ value: word, label: w.types[word] }))}
          />
        </Field>
        {act.beyond("name", "contact_type") ? <Banner tone="bad">{act.beyond("name", "contact_type")}</Banner> : null}
      </div>
    </Dialog>
  );
}
