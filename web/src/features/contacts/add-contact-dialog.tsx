// "Add Contact": somebody known or somebody new joins a case with a role. The refusal of a duplicate stands at the contact field, in the
// requirement's words. Refuses to guess who is meant: a name alone never picks a contact.
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { addCaseContact } from "../../live/acts";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, Dialog, Field, plain } from "../../ui";
import { focusWrong, useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";
import { ContactPicker } from "./contact-picker";
import { asRequest, blank, type NewContact, wrongOf } from "./new-contact";
import { NewContactFields } from "./new-contact-fields";
import { RoleSelect, useRoleNames } from "./role-select";

const w = text.contacts;
/** Fields of the request that this form shows. */
const FIELDS = ["contact_id", "contact_role_id", "name", "number", "label", "phones", "contact"];

export function AddContactDialog({ caseNumber, onClose }: { caseNumber: string; onClose: () => void }) {
  const [contact, setContact] = useState<Schemas["ContactView"] | null>(null);
  const [created, setCreated] = useState<NewContact>();
  const [query, setQuery] = useState("");
  const [role, setRole] = useState<string | null>(null);
  const [tried, setTried] = useState(false);
  useReturnFocus();
  const act = useAct();
  const toasts = useToasts();
  const names = useRoleNames();
  const wrong = created === undefined ? undefined : wrongOf(created);
  const incomplete = role === null || (created === undefined ? contact === null : wrong !== undefined);

  const submit = async () => {
    setTried(true);
    if (incomplete || role === null) {
      focusWrong();
      return;
    }
    const roleName = names.get(role) ?? "";
    const who = created === undefined ? { contact_id: contact?.id ?? null } : { contact: asRequest(created, roleName) };
    if (await act.run(() => addCaseContact(caseNumber, { ...who, contact_role_id: role }))) {
      toasts.show({ tone: "ok", text: w.added(plain(created?.name ?? contact?.name ?? ""), roleName) });
      onClose();
    }
  };
  const isDuplicate = act.error?.code === "contact_already_associated";
  const contactError = isDuplicate
    ? w.alreadyAssociated
    : (act.at("contact_id", "contact") ?? (tried && contact === null ? w.contactRequired : undefined));
  const beyond = isDuplicate ? undefined : act.beyond(...FIELDS);
  const typed = contact === null ? query.trim() : "";
  const create = () => setCreated(blank(typed));
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={w.addTitle(caseNumber)}
      description={w.addDescription}
      onSubmit={submit}
      busy={act.busy}
      dirty={created !== undefined && created.name !== "" && !act.busy}
      footer={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" variant="primary" busy={act.busy}>
            {act.busy ? w.adding : w.add}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {created === undefined ? (
          <Field label={w.contact} error={contactError}>
            <ContactPicker
              label={w.contact}
              value={contact}
              autoFocus
              onQuery={setQuery}
              onChange={(next) => {
                setContact(next);
                act.forget();
              }}
              footer={
                typed === "" ? null : (
                  <Button
                    variant="ghost"
                    size="sm"
                    className="w-full justify-start whitespace-normal"
                    icon={<UserPlus aria-hidden="true" size={15} />}
                    onClick={create}
                  >
                    {w.createNamed(plain(typed))}
                  </Button>
                )
              }
            />
          </Field>
        ) : (
          <>
            <NewContactFields
              value={created}
              onChange={(next) => {
                setCreated(next);
                act.forget();
              }}
              wrong={tried ? wrong : undefined}
              refused={act}
            />
            <Button variant="ghost" size="sm" className="self-start" onClick={() => setCreated(undefined)}>
              {w.chooseInstead}
            </Button>
          </>
        )}
        {created === undefined ? (
          <Button
            variant="ghost"
            size="sm"
            className="-mt-2 max-w-full self-start"
            icon={<UserPlus aria-hidden="true" size={15} />}
            onClick={create}
          >
            {w.createInstead}
          </Button>
        ) : null}
        <Field
          label={w.role}
          error={act.at("contact_role_id") ?? (tried && role === null ? w.roleRequired : undefined)}
        >
          <RoleSelect value={role} onChange={setRole} />
        </Field>
        {beyond ? <Banner tone="bad">{beyond}</Banner> : null}
      </div>
    </Dialog>
  );
}
