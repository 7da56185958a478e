// What calling somebody has to ask or to say: by which number, that no phone is open, that the microphone is not there. One of it
// stands in the app and one in the frame inside another system.
import { ExternalLink, Phone, Star } from "lucide-react";
import { useState } from "react";
import { text } from "../../text/en";
import { AlertDialog, Button, buttonClass, Dialog, RadioGroup } from "../../ui";
import { ScreenLink } from "../cases/place";
import { useReturnFocus } from "../cases/return-focus";
import { type Asked, closeCalling, place, useCalling, whoIs } from "./calling";

const w = text.phone;

export function CallingHost() {
  const { asked } = useCalling();
  switch (asked?.what) {
    case "number":
      return <NumberDialog asked={asked} />;
    case "no_phone":
      return <NoPhone />;
    case "microphone":
      return <NoMicrophone asked={asked} />;
    case undefined:
      return null;
  }
}

function NumberDialog({ asked: { callee, phones } }: { asked: Extract<Asked, { what: "number" }> }) {
  const [phoneId, setPhoneId] = useState(phones[0]?.id ?? "");
  useReturnFocus();
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={closeCalling}
      title={w.chooseTitle(whoIs(callee))}
      description={w.chooseDescription}
      onSubmit={() => void place(callee, phoneId)}
      footer={
        <>
          <Button onClick={closeCalling}>{w.cancel}</Button>
          <Button type="submit" variant="primary" icon={<Phone aria-hidden="true" size={16} />}>
            {w.call}
          </Button>
        </>
      }
    >
      <RadioGroup
        hideLabel
        label={w.chooseNumber}
        value={phoneId}
        onValueChange={setPhoneId}
        options={phones.map((phone) => ({
          value: phone.id,
          label: (
            <span className="flex flex-wrap items-center gap-x-2">
              <bdi className="font-medium">{phone.number}</bdi>
              {phone.label ? <bdi className="text-muted">{phone.label}</bdi> : null}
              {phone.is_primary ? (
                <span className="inline-flex items-center gap-1 text-sm text-muted">
                  <Star aria-hidden="true" size={12} className="fill-current" />
                  {w.primaryMark}
                </span>
              ) : null}
            </span>
          ),
        }))}
      />
    </Dialog>
  );
}

function NoPhone() {
  useReturnFocus();
  return (
    <AlertDialog
      open
      onOpenChange={closeCalling}
      title={w.noSoftphoneTitle}
      description={w.noSoftphone}
      actions={
        <>
          <Button onClick={closeCalling}>{text.shell.close}</Button>
          <ScreenLink href="/phone" onClick={closeCalling} className={buttonClass("primary")}>
            <ExternalLink aria-hidden="true" size={16} />
            {w.openPhone}
          </ScreenLink>
        </>
      }
    />
  );
}

function NoMicrophone({ asked }: { asked: Extract<Asked, { what: "microphone" }> }) {
  const words = w.obstacle[asked.obstacle];
  useReturnFocus();
  return (
    <AlertDialog
      open
      onOpenChange={closeCalling}
      title={words.title}
      description={`${w.couldNotCall(whoIs(asked.callee))} ${words.text}`}
      actions={
        <>
          <Button onClick={closeCalling}>{text.shell.close}</Button>
          <Button variant="primary" onClick={() => void place(asked.callee, asked.phoneId)}>
            {w.tryAgain}
          </Button>
        </>
      }
    />
  );
}
