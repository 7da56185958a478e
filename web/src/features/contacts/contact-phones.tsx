// A contact's numbers: label, primary mark, opt-out; add, label anew, make primary, remove. Tells who else holds the same number.
// Refuses to change a number itself: another number is another line.
import { MoreHorizontal, Pencil, Plus, Star, Trash2 } from "lucide-react";
import { type RefObject, useId, useRef, useState } from "react";
import type { Schemas } from "../../api/client";
import { addPhone, changePhone, removePhone } from "../../live/acts";
import { useAllowed } from "../../live/hooks";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, Checkbox, ConfirmDialog, Dialog, Field, IconButton, Input, Menu } from "../../ui";
import { focusWrong, useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";
import { AlsoOn } from "./also-on";
import { PhoneLine } from "./phone-line";

type ContactView = Schemas["ContactView"];
type PhoneView = Schemas["PhoneView"];
type Asked = { what: "add" } | { what: "label" | "remove"; phone: PhoneView } | undefined;
const w = text.contacts;

export function ContactPhones({ contact }: { contact: ContactView }) {
  const [asked, setAsked] = useState<Asked>();
  const heading = useId();
  const addButton = useRef<HTMLButtonElement>(null);
  const act = useAct();
  const toasts = useToasts();
  const reason = useAllowed().case_contacts >= 2 ? undefined : w.changeForbidden;
  const close = () => setAsked(undefined);
  const makePrimary = async (phone: PhoneView) => {
    if (await act.run(() => changePhone(contact.id, phone.id, { is_primary: true }))) {
      toasts.show({ tone: "ok", text: w.primarySet(phone.number) });
    }
  };
  const phones = contact.phones.toSorted((a, b) => Number(b.is_primary) - Number(a.is_primary));
  return (
    <section aria-labelledby={heading} className="px-4 py-3">
      <div className="flex items-center justify-between gap-2">
        <h2 id={heading} className="text-base font-semibold">
          {w.numbersHeading}
        </h2>
        <Button
          ref={addButton}
          size="sm"
          icon={<Plus aria-hidden="true" size={15} />}
          reason={reason}
          onClick={() => setAsked({ what: "add" })}
        >
          {w.addNumber}
        </Button>
      </div>
      {act.beyond() ? <Banner tone="bad">{act.beyond()}</Banner> : null}
      {phones.length === 0 ? <p className="mt-1 text-sm text-muted">{w.noNumbers}</p> : null}
      <ul className="mt-1 flex flex-col">
        {phones.map((phone) => (
          <li key={phone.id} className="flex items-center gap-2 py-0.5">
            <div className="min-w-0 flex-1">
              <PhoneLine phone={phone} isOneOfMany={phones.length > 1} />
              <AlsoOn contactId={contact.id} e164={phone.e164} />
            </div>
            <Menu
              trigger={
                <IconButton
                  size="sm"
                  label={w.numberActions(phone.number)}
                  noTooltip
                  icon={<MoreHorizontal aria-hidden="true" size={16} />}
                />
              }
              items={[
                {
                  id: "primary",
                  label: w.makePrimary,
                  icon: <Star size={15} />,
                  reason: phone.is_primary ? w.primaryMark : reason,
                  onSelect: () => void makePrimary(phone),
                },
                {
                  id: "label",
                  label: w.editNumber,
                  icon: <Pencil size={15} />,
                  reason,
                  onSelect: () => setAsked({ what: "label", phone }),
                },
                {
                  id: "remove",
                  label: w.removeNumber,
                  icon: <Trash2 size={15} />,
                  danger: true,
                  reason,
                  onSelect: () => setAsked({ what: "remove", phone }),
                },
              ]}
            />
          </li>
        ))}
      </ul>
      {asked?.what === "add" ? <AddNumberDialog contact={contact} onClose={close} /> : null}
      {asked?.what === "label" ? <LabelDialog contact={contact} phone={asked.phone} onClose={close} /> : null}
      {asked?.what === "remove" ? (
        <RemoveNumberDialog contact={contact} phone={asked.phone} onClose={close} fallback={addButton} />
      ) : null}
    </section>
  );
}

function AddNumberDialog({ contact, onClose }: { contact: ContactView; onClose: () => void }) {
  const [number, setNumber] = useState("");
  const [label, setLabel] = useState("");
  const [isPrimary, setPrimary] = useState(contact.phones.length === 0);
  const [tried, setTried] = useState(false);
  useReturnFocus();
  const act = useAct();
  const toasts = useToasts();
  const submit = async () => {
    setTried(true);
    if (number.trim() === "") {
      focusWrong();
      return;
    }
    const request = { number: number.trim(), label: label.trim(), is_primary: isPrimary };
    if (await act.run(() => addPhone(contact.id, request))) {
      toasts.show({ tone: "ok", text: w.numberAdded });
      onClose();
    }
  };
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={onClose}
      title={w.addNumberTitle(contact.name)}
      onSubmit={submit}
      busy={act.busy}
      footer={<Footer label={w.addNumberSubmit} busy={act.busy} onClose={onClose} />}
    >
      <div className="flex flex-col gap-4">
        <Field
          label={w.number}
          hint={w.numberHint}
          error={tried && number.trim() === "" ? w.numberRequired : act.at("number")}
        >
          <Input
            autoFocus
            type="tel"
            autoComplete="off"
            value={number}
            onValueChange={(next) => {
              setNumber(next);
              act.forget();
            }}
          />
        </Field>
        <Field label={w.label} hint={w.labelHint} error={act.at("label")}>
          <Input autoComplete="off" maxLength={40} value={label} onValueChange={setLabel} />
        </Field>
        {contact.phones.length > 0 ? (
          <Checkbox label={w.makePrimary} checked={isPrimary} onCheckedChange={setPrimary} />
        ) : null}
        {act.beyond("number", "label") ? <Banner tone="bad">{act.beyond("number", "label")}</Banner> : null}
      </div>
    </Dialog>
  );
}

type OfPhone = { contact: ContactView; phone: PhoneView; onClose: () => void };

function LabelDialog({ contact, phone, onClose }: OfPhone) {
  const [label, setLabel] = useState(phone.label);
  useReturnFocus();
  const act = useAct();
  const toasts = useToasts();
  const submit = async () => {
    if (await act.run(() => changePhone(contact.id, phone.id, { label: label.trim() }))) {
      toasts.show({ tone: "ok", text: w.numberSaved });
      onClose();
    }
  };
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={onClose}
      title={w.editNumberTitle(phone.number)}
      onSubmit={submit}
      busy={act.busy}
      footer={<Footer label={w.editNumberSubmit} busy={act.busy} onClose={onClose} />}
    >
      <Field label={w.label} hint={w.labelHint} error={act.at("label") ?? act.beyond("label")}>
        <Input autoComplete="off" maxLength={40} value={label} onValueChange={setLabel} />
      </Field>
    </Dialog>
  );
}

function RemoveNumberDialog({
  contact,
  phone,
  onClose,
  fallback,
}: OfPhone & { fallback: RefObject<HTMLElement | null> }) {
  useReturnFocus(fallback);
  const act = useAct();
  const toasts = useToasts();
  const isOnly = contact.phones.length === 1;
  const remove = async () => {
    if (await act.run(() => removePhone(contact.id, phone.id))) {
      toasts.show({
        text: w.numberRemoved,
        action: {
          label: text.shell.undo,
          run: () => addPhone(contact.id, { number: phone.e164, label: phone.label, is_primary: phone.is_primary }),
        },
      });
      onClose();
    }
  };
  return (
    <ConfirmDialog
      open
      danger
      onOpenChange={onClose}
      title={w.removeNumberTitle(phone.number)}
      description={phone.is_primary && !isOnly ? w.removePrimaryDescription : w.removeNumberDescription}
      confirmLabel={w.removeNumber}
      busy={act.busy}
      error={act.beyond()}
      onConfirm={remove}
    />
  );
}

function Footer({ label, busy, onClose }: { label: string; busy: boolean; onClose: () => void }) {
  return (
    <>
      <Button onClick={onClose}>{w.cancel}</Button>
      <Button type="submit" variant="primary" busy={busy}>
        {label}
      </Button>
    </>
  );
}
