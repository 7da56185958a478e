// Outcome and note of a call that is over, for its agent, from where the call stands.
import { useState } from "react";
import type { CallView } from "../../live/model";
import { showToast } from "../../shell/toast-store";
import { text } from "../../text/en";
import { Banner, Button, Dialog, Field, Select, TextArea } from "../../ui";
import { useReturnFocus } from "../cases/return-focus";
import { useAct } from "../cases/use-act";
import { useDispositions } from "./agents";
import { whoOf } from "./call-words";
import { act } from "./phone-acts";

const w = text.phone;

export function OutcomeDialog({ call, onClose }: { call: CallView; onClose: () => void }) {
  const dispositions = useDispositions();
  const [outcome, setOutcome] = useState(call.disposition ?? "");
  const [note, setNote] = useState(call.note ?? "");
  const [tried, setTried] = useState(false);
  const doing = useAct();
  useReturnFocus();
  const save = async () => {
    setTried(true);
    if (outcome === "") {
      return;
    }
    if (await doing.run(() => act(call.id, { act: "wrap_up", disposition: outcome, note: note.trim() }))) {
      showToast({ tone: "ok", text: w.saved, key: "wrap-up" });
      onClose();
    }
  };
  return (
    <Dialog
      open
      size="sm"
      onOpenChange={onClose}
      title={w.wrapUpOf(whoOf(call))}
      busy={doing.busy}
      dirty={outcome !== (call.disposition ?? "") || note !== (call.note ?? "")}
      onSubmit={() => void save()}
      footer={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" variant="primary" busy={doing.busy}>
            {w.saveWrapUp}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field label={w.outcome} error={tried && outcome === "" ? w.outcomeRequired : doing.at("disposition")}>
          <Select
            label={w.outcome}
            placeholder={w.outcomePlaceholder}
            value={outcome === "" ? null : outcome}
            onValueChange={setOutcome}
            options={(dispositions.data ?? []).map(({ code, label }) => ({ value: code, label }))}
          />
        </Field>
        <Field label={w.note} note={w.optional} error={doing.at("note")}>
          <TextArea rows={4} placeholder={w.notePlaceholder} maxLength={2_000} value={note} onValueChange={setNote} />
        </Field>
        {doing.beyond("disposition", "note") ? <Banner tone="bad">{doing.beyond("disposition", "note")}</Banner> : null}
      </div>
    </Dialog>
  );
}
