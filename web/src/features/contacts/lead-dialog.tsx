// Makes somebody a lead: a known contact or a new one. That a contact has an open lead already stands at the contact field.
import { UserPlus } from "lucide-react";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { createLead } from "../../live/acts";
import { queryClient } from "../../live/requests";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, Dialog, Field, plain } from "../../ui";
import { focusWrong, useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";
import { ContactPicker } from "./contact-picker";
import type { LeadView } from "./lead-acts";
import { asRequest, blank, type NewContact, wrongOf } from "./new-contact";
import { NewContactFields } from "./new-contact-fields";

const w = text.contacts;
const FIELDS = ["contact_id", "contact", "name", "number", "label", "phones"];

export function LeadDialog({ onClose, onCreated }: { onClose: () => void; onCreated: (lead: LeadView) => void }) {
  const [contact, setContact] = useState<Schemas["ContactView"] | null>(null);
  const [created, setCreated] = useState<NewContact>();
  const [query, setQuery] = useState("");
  const [tried, setTried] = useState(false);
  useReturnFocus();
  const act = useAct();
  const toasts = useToasts();
  const wrong = created === undefined ? undefined : wrongOf(created);
  const submit = async () => {
    setTried(true);
    if (created === undefined ? contact === null : wrong !== undefined) {
      focusWrong();
      return;
    }
    const request: Schemas["NewLeadRequest"] =
      created === undefined
        ? { contact_id: contact?.id ?? null }
        : { contact: asRequest({ ...created, type: created.type ?? "LEAD" }) };
    let lead: LeadView | undefined;
    const done = await act.run(async () => {
      lead = await createLead(request);
    });
    if (done && lead !== undefined) {
      void queryClient.invalidateQueries({ queryKey: ["leads"] });
      toasts.show({ tone: "ok", text: w.leadCreated(plain(lead.contact.name)) });
      onClose();
      onCreated(lead);
    }
  };
  const exists = act.error?.code === "already_exists";
  const missing = tried && contact === null ? w.contactRequired : undefined;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={w.leadCreateTitle}
      description={w.leadCreateDescription}
      onSubmit={submit}
      busy={act.busy}
      dirty={created !== undefined && created.name !== "" && !act.busy}
      footer={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" variant="primary" busy={act.busy}>
            {w.leadCreateSubmit}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {created === undefined ? (
          <>
            <Field label={w.contact} error={exists ? w.leadExists : (act.at("contact_id", "contact") ?? missing)}>
              <ContactPicker
                label={w.contact}
                value={contact}
                autoFocus
                onQuery={setQuery}
                onChange={(next) => {
                  setContact(next);
                  act.forget();
                }}
              />
            </Field>
            <Button
              variant="ghost"
              size="sm"
              className="-mt-2 max-w-full self-start"
              icon={<UserPlus aria-hidden="true" size={15} />}
              onClick={() => setCreated(blank(contact === null ? query : ""))}
            >
              {w.createInstead}
            </Button>
          </>
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
        {!exists && act.beyond(...FIELDS) ? <Banner tone="bad">{act.beyond(...FIELDS)}</Banner> : null}
      </div>
    </Dialog>
  );
}
