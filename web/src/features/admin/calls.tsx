// What the firm chose about calls: recording with its consent and announcement, what agents are told of supervisors, how long calls
// ring, voicemail, and the outcomes. Recording cannot be turned on before somebody answered for the consent.
import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, Callout, Checkbox, Field, IconButton, Input, RadioGroup, Switch } from "../../ui";
import { codeFor, isSame, moved, type Outcome } from "./outcomes";
import { changes, type Settings, useChange, useFirmSettings } from "./queries";
import { errorBeside } from "./refusal";
import { FormSkeleton, Loaded, Section, useCanChange } from "./section";

const w = text.admin.calls;
type Calls = Schemas["CallSettings"];
const RING = { least: 5, most: 120 };
const MOST_WRAP_UP = 3_600;

export function CallSettings() {
  const settings = useFirmSettings();
  return (
    <Section title={w.title} hint={w.hint}>
      <Loaded read={settings} what={text.admin.settings.what} skeleton={<FormSkeleton fields={6} />}>
        {(stored) => <Form stored={stored} />}
      </Loaded>
    </Section>
  );
}

function Form({ stored }: { stored: Settings }) {
  const canChange = useCanChange();
  const toasts = useToasts();
  const change = useChange(["settings"], changes.changeSettings);
  const [edits, setEdits] = useState<Partial<Calls>>({});
  const draft: Calls = { ...stored.calls, ...edits };
  const put = (edit: Partial<Calls>) => setEdits((earlier) => ({ ...earlier, ...edit }));
  const isDirty = !isSame(draft, stored.calls);
  const faults = faultsOf(draft);
  const save = () => {
    if (!isDirty || Object.values(faults).some((fault) => fault !== undefined)) {
      return;
    }
    const onSuccess = () => {
      setEdits({});
      toasts.show({ tone: "ok", text: text.admin.saved, key: "settings" });
    };
    change.mutate({ calls: draft }, { onSuccess });
  };
  return (
    <form
      noValidate
      className="flex max-w-2xl flex-col gap-5"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Part title={w.recording}>
        <Recording draft={draft} put={put} canChange={canChange} />
      </Part>
      <Part title={w.supervision}>
        <RadioGroup
          label={w.notice}
          hint={w.noticeHint}
          disabled={!canChange}
          value={draft.supervision_notice}
          onValueChange={(supervision_notice) => put({ supervision_notice })}
          options={[
            { value: "tell_agent", label: w.notices.tell_agent },
            { value: "silent", label: w.notices.silent },
          ]}
        />
      </Part>
      <Part title={w.times}>
        <Seconds
          label={w.ring}
          hint={w.ringHint}
          error={faults.ring}
          value={draft.ring_seconds}
          onChange={(ring_seconds) => put({ ring_seconds })}
          canChange={canChange}
        />
        <Seconds
          label={w.wrapUp}
          hint={w.wrapUpHint}
          error={faults.wrapUp}
          value={draft.wrap_up_seconds}
          onChange={(wrap_up_seconds) => put({ wrap_up_seconds })}
          canChange={canChange}
        />
        <Switch
          label={w.voicemail}
          hint={w.voicemailHint}
          disabled={!canChange}
          checked={draft.voicemail}
          onCheckedChange={(voicemail) => put({ voicemail })}
        />
      </Part>
      <Part title={w.outcomes}>
        <Outcomes
          outcomes={draft.dispositions}
          onChange={(dispositions) => put({ dispositions })}
          canChange={canChange}
          error={faults.outcomes}
        />
      </Part>
      {errorBeside(change.error, []) ? <Banner tone="bad">{errorBeside(change.error, [])}</Banner> : null}
      {canChange ? (
        <div className="flex items-center gap-3">
          <Button type="submit" variant="primary" busy={change.isPending} disabled={!isDirty}>
            {text.shell.saveChanges}
          </Button>
          {isDirty ? (
            <>
              <Button
                variant="ghost"
                onClick={() => {
                  setEdits({});
                  change.reset();
                }}
              >
                {text.admin.revert}
              </Button>
              <span role="status" className="text-sm text-muted">
                {text.admin.unsaved}
              </span>
            </>
          ) : null}
        </div>
      ) : null}
    </form>
  );
}

function faultsOf(draft: Calls) {
  const isWhole = (value: number, least: number, most: number): boolean =>
    Number.isInteger(value) && value >= least && value <= most;
  const { mode, consent_ack: isAnswered } = draft.recording;
  return {
    recording: mode === "on" && !isAnswered ? w.consentNeeded : undefined,
    ring: isWhole(draft.ring_seconds, RING.least, RING.most) ? undefined : w.ringBad,
    wrapUp: isWhole(draft.wrap_up_seconds, 0, MOST_WRAP_UP) ? undefined : w.wrapUpBad,
    outcomes: draft.dispositions.some(({ label }) => label.trim() === "") ? w.outcomeEmpty : undefined,
  };
}

function Part({ title, children }: { title: string; children: React.ReactNode }) {
  return (
    <section
      aria-label={title}
      className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-5 shadow-card"
    >
      <h3 className="text-base font-semibold">{title}</h3>
      {children}
    </section>
  );
}

type DraftProps = { draft: Calls; put: (edit: Partial<Calls>) => void; canChange: boolean };

function Recording({ draft, put, canChange }: DraftProps) {
  const { recording } = draft;
  const set = (edit: Partial<Calls["recording"]>) => put({ recording: { ...recording, ...edit } });
  return (
    <>
      <Callout tone="warn">{w.consentLaw}</Callout>
      <Checkbox
        label={w.consent}
        disabled={!canChange}
        checked={recording.consent_ack}
        onCheckedChange={(isAnswered) => set({ consent_ack: isAnswered, ...(isAnswered ? {} : { mode: "off" }) })}
      />
      <Switch
        label={w.record}
        hint={recording.consent_ack ? w.recordHint : w.consentNeeded}
        disabled={!canChange || !recording.consent_ack}
        checked={recording.mode === "on"}
        onCheckedChange={(isOn) => set({ mode: isOn ? "on" : "off" })}
      />
      <RadioGroup
        label={w.announcement}
        hint={w.announcementHint}
        disabled={!canChange}
        value={recording.announcement}
        onValueChange={(announcement) => set({ announcement })}
        options={[
          { value: "spoken", label: w.announcements.spoken },
          { value: "tone", label: w.announcements.tone },
        ]}
      />
    </>
  );
}

type SecondsProps = {
  label: string;
  hint: string;
  error: string | undefined;
  value: number;
  onChange: (value: number) => void;
  canChange: boolean;
};

function Seconds({ label, hint, error, value, onChange, canChange }: SecondsProps) {
  const [typed, setTyped] = useState<string>();
  const shown =
    typed !== undefined && Number(typed) === value ? typed : Number.isNaN(value) ? (typed ?? "") : String(value);
  return (
    <Field label={label} hint={hint} error={error}>
      <Input
        inputMode="numeric"
        value={shown}
        readOnly={!canChange}
        className="max-w-28"
        onValueChange={(next) => {
          setTyped(next);
          onChange(next.trim() === "" ? Number.NaN : Number(next));
        }}
      />
    </Field>
  );
}

type OutcomesProps = {
  outcomes: readonly Outcome[];
  onChange: (outcomes: Outcome[]) => void;
  canChange: boolean;
  error: string | undefined;
};

function Outcomes({ outcomes, onChange, canChange, error }: OutcomesProps) {
  const change = (place: number, label: string) =>
    onChange(outcomes.map((one, at) => (at === place ? { ...one, label } : one)));
  return (
    <>
      <p className="-mt-2 text-sm text-muted">{w.outcomesHint}</p>
      <ul className="flex flex-col gap-2">
        {outcomes.map((outcome, place) => (
          <li key={outcome.code} className="flex items-start gap-1.5">
            <Field
              label={<span className="sr-only">{w.outcomeNth(place + 1)}</span>}
              className="flex-1"
              error={outcome.label.trim() === "" ? error : undefined}
            >
              <Input
                value={outcome.label}
                readOnly={!canChange}
                maxLength={60}
                onValueChange={(label) => change(place, label)}
              />
            </Field>
            {canChange ? (
              <span className="flex pt-1">
                <IconButton
                  size="sm"
                  noTooltip
                  label={w.moveUp(outcome.label)}
                  disabled={place === 0}
                  icon={<ArrowUp aria-hidden="true" size={14} />}
                  onClick={() => onChange(moved(outcomes, place, -1))}
                />
                <IconButton
                  size="sm"
                  noTooltip
                  label={w.moveDown(outcome.label)}
                  disabled={place === outcomes.length - 1}
                  icon={<ArrowDown aria-hidden="true" size={14} />}
                  onClick={() => onChange(moved(outcomes, place, 1))}
                />
                <IconButton
                  size="sm"
                  noTooltip
                  label={w.removeOutcome(outcome.label)}
                  disabled={outcomes.length === 1}
                  icon={<Trash2 aria-hidden="true" size={14} />}
                  onClick={() => onChange(outcomes.filter((_, at) => at !== place))}
                />
              </span>
            ) : null}
          </li>
        ))}
      </ul>
      {canChange ? <AddOutcome outcomes={outcomes} onChange={onChange} /> : null}
    </>
  );
}

function AddOutcome({ outcomes, onChange }: Pick<OutcomesProps, "outcomes" | "onChange">) {
  const [label, setLabel] = useState("");
  const add = () => {
    if (label.trim() !== "") {
      onChange([...outcomes, { code: codeFor(label, outcomes), label: label.trim() }]);
      setLabel("");
    }
  };
  return (
    <div className="flex items-end gap-2">
      <Field label={w.newOutcome} className="flex-1">
        <Input
          value={label}
          maxLength={60}
          onValueChange={setLabel}
          onKeyDown={(event) => {
            if (event.key === "Enter") {
              event.preventDefault();
              add();
            }
          }}
        />
      </Field>
      <Button icon={<Plus aria-hidden="true" size={16} />} disabled={label.trim() === ""} onClick={add}>
        {w.addOutcome}
      </Button>
    </div>
  );
}
