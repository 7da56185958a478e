// Filing a call in a case, while it goes on or after it.
import { useState } from "react";
import type { CallView } from "../../live/model";
import { text } from "../../text/en";
import { Banner, Button, Dialog } from "../../ui";
import type { CaseChoice } from "../cases/case-picker";
import { useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";
import { CaseOfCall } from "./case-of-call";
import { act } from "./phone-acts";

const w = text.phone;

export function FileDialog({ call, onClose }: { call: CallView; onClose: () => void }) {
  const [choice, setChoice] = useState<CaseChoice | null>(null);
  const doing = useAct();
  useReturnFocus();
  const file = async () => {
    if (choice && (await doing.run(() => act(call.id, { act: "file", mycase_case_id: choice.number })))) {
      onClose();
    }
  };
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={onClose}
      busy={doing.busy}
      title={w.chooseCase}
      onSubmit={() => void file()}
      footer={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" variant="primary" busy={doing.busy} disabled={choice === null}>
            {w.fileIn}
          </Button>
        </>
      }
    >
      {doing.beyond() ? (
        <Banner tone="bad" className="mb-3">
          {doing.beyond()}
        </Banner>
      ) : null}
      <CaseOfCall contactId={call.person.contact_id ?? undefined} value={choice} onChange={setChoice} />
    </Dialog>
  );
}
