// After a call: what came of it, a note, and its case where it has none yet. The time that the firm gives is shown; when it is over
// calls ring again, and nothing that was written is lost.
import { ClipboardPen } from "lucide-react";
import { useEffect, useState } from "react";
import type { CallView } from "../../live/model";
import { showToast } from "../../shell/toast-store";
import { text } from "../../text/en";
import { Banner, Button, Field, Select, TextArea } from "../../ui";
import type { CaseChoice } from "../cases/case-picker";
import { useAct } from "../cases/use-act";
import { useDispositions } from "./agents";
import { lengthOf, secondsUntil, whoOf } from "./call-words";
import { CaseOfCall } from "./case-of-call";
import { act } from "./phone-acts";
import { useNow } from "./use-now";

const w = text.phone;

export function WrapUp({ call, onLater }: { call: CallView; onLater: () => void }) {
  return (
    <section
      aria-label={w.wrapUpOf(whoOf(call))}
      data-region="call-bar"
      tabIndex={-1}
      className="@container/wrapup border-b border-line bg-surface outline-none"
    >
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 border-b border-line bg-warn-soft px-4 py-2">
        <ClipboardPen aria-hidden="true" size={16} className="text-warn" />
        <h2 className="font-semibold">{w.wrapUpOf(whoOf(call))}</h2>
        <span className="text-sm text-muted">{endSentence(call)}</span>
        <Left until={call.wrap_up_until} />
      </div>
      <WrapUpForm call={call} onDone={onLater} onLater={onLater} />
    </section>
  );
}

function endSentence(call: CallView): string {
  const words: Readonly<Record<string, string>> = w.howEnded;
  const said = words[call.status] ?? "";
  return call.status === "completed" ? `${said} ${lengthOf(call.duration_seconds)}` : said;
}

function Left({ until }: { until: string | null | undefined }) {
  const left = secondsUntil(until, useNow());
  return (
    <span className="ml-auto text-sm" role={left === 0 ? "status" : "timer"}>
      {left === 0 ? w.wrapUpOver : w.wrapUpLeft(w.timer(left))}
    </span>
  );
}

type FormProps = { call: CallView; onDone: () => void; onLater?: (() => void) | undefined };

export function WrapUpForm({ call, onDone, onLater }: FormProps) {
  const dispositions = useDispositions();
  const [outcome, setOutcome] = useState(call.disposition ?? "");
  const [note, setNote] = useState(call.note ?? "");
  const [chosen, setChosen] = useState<CaseChoice | null>(null);
  const [tried, setTried] = useState(false);
  const doing = useAct();
  const isFiled = Boolean(call.matter_id ?? call.lead_id);
  useEffect(() => {
    if (isFiled) {
      setChosen(null);
    }
  }, [isFiled]);
  const save = async () => {
    setTried(true);
    if (outcome === "") {
      return;
    }
    const isDone = await doing.run(async () => {
      if (chosen !== null) {
        await act(call.id, { act: "file", mycase_case_id: chosen.number });
      }
      await act(call.id, { act: "wrap_up", disposition: outcome, note: note.trim() });
    });
    if (isDone) {
      showToast({ tone: "ok", text: w.saved, key: "wrap-up" });
      onDone();
    }
  };
  return (
    <form
      noValidate
      className="flex flex-wrap items-start gap-x-4 gap-y-3 px-4 py-3"
      onSubmit={(event) => {
        event.preventDefault();
        void save();
      }}
    >
      <Field
        label={w.outcome}
        className="w-64 max-w-full"
        error={tried && outcome === "" ? w.outcomeRequired : doing.at("disposition")}
      >
        <Select
          label={w.outcome}
          placeholder={w.outcomePlaceholder}
          value={outcome === "" ? null : outcome}
          onValueChange={setOutcome}
          options={(dispositions.data ?? []).map(({ code, label }) => ({ value: code, label }))}
        />
      </Field>
      <Field label={w.note} note={w.optional} className="min-w-60 flex-1" error={doing.at("note")}>
        <TextArea rows={2} placeholder={w.notePlaceholder} maxLength={2_000} value={note} onValueChange={setNote} />
      </Field>
      {isFiled ? null : (
        <div className="w-72 max-w-full">
          <CaseOfCall contactId={call.person.contact_id ?? undefined} value={chosen} onChange={setChosen} />
        </div>
      )}
      {doing.beyond("disposition", "note") ? (
        <Banner tone="bad" className="w-full">
          {doing.beyond("disposition", "note")}
        </Banner>
      ) : null}
      <div className="ml-auto flex gap-2 self-end pb-0.5">
        {onLater ? (
          <Button variant="ghost" onClick={onLater}>
            {w.later}
          </Button>
        ) : null}
        <Button type="submit" variant="primary" busy={doing.busy}>
          {w.saveWrapUp}
        </Button>
      </div>
    </form>
  );
}
