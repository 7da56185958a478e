// The routing window: how long a text that a case wrote leads the answer back to it. A change can be tried on past texts before it is saved;
// who may only look may try too.
import { FlaskConical } from "lucide-react";
import { useState } from "react";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { timeWords } from "../../time/time";
import { Banner, Button, Callout, Field, Input, Select } from "../../ui";
import { changes, type Settings, type Trial, useChange, useFirmSettings } from "./queries";
import { errorAt, errorBeside, inWords } from "./refusal";
import { FormSkeleton, Loaded, Section, useCanChange } from "./section";
import { SECONDS, secondsOf, spanOf, UNITS, type Unit } from "./window-span";

const PRESETS = [24 * SECONDS.hours, 48 * SECONDS.hours, 72 * SECONDS.hours, 7 * SECONDS.days];

export function Routing() {
  const words = text.admin.routing;
  const settings = useFirmSettings();
  return (
    <Section title={words.title} hint={words.hint}>
      <ol className="max-w-prose list-decimal space-y-1 pl-5 text-muted marker:text-muted">
        {words.rule.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ol>
      <Loaded read={settings} what={words.what} skeleton={<FormSkeleton fields={1} />}>
        {(stored) => <WindowForm stored={stored} />}
      </Loaded>
    </Section>
  );
}

function inSpan(seconds: number): string {
  const { amount, unit } = spanOf(seconds);
  return text.admin.routing.span(amount, unit);
}

function WindowForm({ stored }: { stored: Settings }) {
  const words = text.admin.routing;
  const canChange = useCanChange();
  const toasts = useToasts();
  const before = spanOf(stored.routing_window_seconds);
  const [edit, setEdit] = useState<{ amount: string; unit: Unit } | undefined>();
  const { amount, unit } = edit ?? { amount: String(before.amount), unit: before.unit };
  const seconds = secondsOf(amount, unit);
  const isDirty = seconds !== stored.routing_window_seconds;
  const change = useChange(["settings"], changes.changeSettings);
  const trial = useChange([], changes.tryWindow);

  const save = () => {
    if (seconds === undefined || !isDirty || !canChange) {
      return;
    }
    const onSuccess = (saved: Settings) => {
      setEdit(undefined);
      toasts.show({
        tone: "ok",
        text: words.savedToast(inSpan(saved.routing_window_seconds)),
        action: {
          label: text.shell.undo,
          run: () => change.mutateAsync({ routing_window_seconds: stored.routing_window_seconds }),
        },
      });
    };
    change.mutate({ routing_window_seconds: seconds }, { onSuccess });
  };

  return (
    <form
      noValidate
      className="flex max-w-2xl flex-col gap-4 rounded-lg border border-line bg-surface p-5 shadow-card"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Field
        label={words.window}
        hint={`${words.windowHint} ${words.current(inSpan(stored.routing_window_seconds))}.`}
        error={seconds === undefined ? words.windowBad : errorAt(change.error, "routing_window_seconds")}
      >
        <div className="flex flex-wrap gap-2">
          <Input
            aria-label={words.amount}
            inputMode="numeric"
            value={amount}
            onValueChange={(next) => setEdit({ amount: next, unit })}
            className="w-24!"
          />
          <div className="w-32">
            <Select
              label={words.unit}
              value={unit}
              onValueChange={(next) => setEdit({ amount, unit: UNITS.find((one) => one === next) ?? unit })}
              options={UNITS.map((value) => ({ value, label: words.units[value] }))}
            />
          </div>
          <fieldset className="flex flex-wrap gap-1">
            <legend className="sr-only">{words.presets}</legend>
            {PRESETS.map((preset) => (
              <Button
                key={preset}
                variant={preset === seconds ? "secondary" : "ghost"}
                aria-pressed={preset === seconds}
                onClick={() => setEdit({ amount: String(spanOf(preset).amount), unit: spanOf(preset).unit })}
              >
                {inSpan(preset)}
              </Button>
            ))}
          </fieldset>
        </div>
      </Field>
      <div className="flex flex-wrap items-center gap-2">
        {canChange ? (
          <Button type="submit" variant="primary" busy={change.isPending} disabled={!isDirty || seconds === undefined}>
            {text.shell.saveChanges}
          </Button>
        ) : null}
        <Button
          icon={<FlaskConical aria-hidden="true" size={16} />}
          busy={trial.isPending}
          disabled={seconds === undefined}
          onClick={() => (seconds === undefined ? undefined : trial.mutate(seconds))}
        >
          {words.try}
        </Button>
        <span className="text-sm text-muted">{words.tryHint}</span>
      </div>
      {errorBeside(change.error, ["routing_window_seconds"]) ? (
        <Banner tone="bad">{errorBeside(change.error, ["routing_window_seconds"])}</Banner>
      ) : null}
      <div role="status">
        {trial.isError ? (
          <Banner tone="bad" title={words.trialFailed} role="status">
            {inWords(trial.error)}
          </Banner>
        ) : null}
        {trial.data && trial.variables !== undefined ? (
          <TrialResult trial={trial.data} seconds={trial.variables} isStale={trial.variables !== seconds} />
        ) : null}
      </div>
    </form>
  );
}

function TrialResult({ trial, seconds, isStale }: { trial: Trial; seconds: number; isStale: boolean }) {
  const words = text.admin.routing;
  const changed = trial.newly_offered + trial.newly_routed + trial.routed_elsewhere;
  const tone = trial.routed_elsewhere > 0 ? "warn" : changed > 0 ? "ours" : "ok";
  return (
    <Callout tone={tone} title={words.trialTitle(inSpan(seconds))} className={isStale ? "opacity-75" : undefined}>
      {trial.texts === 0 ? <p>{words.trialNone}</p> : null}
      {trial.texts > 0 ? (
        <p className="text-muted">{words.since(trial.texts, timeWords(trial.since, "full"))}</p>
      ) : null}
      {trial.texts > 0 && changed === 0 ? <p className="mt-1">{words.trialSame(trial.texts)}</p> : null}
      {changed > 0 ? (
        <ul className="mt-1.5 space-y-1">
          <Line count={trial.newly_offered} words={words.offered(trial.newly_offered)} hint={words.offeredHint} />
          <Line count={trial.newly_routed} words={words.routed(trial.newly_routed)} hint={words.routedHint} />
          <Line
            count={trial.routed_elsewhere}
            words={words.elsewhere(trial.routed_elsewhere)}
            hint={words.elsewhereHint}
          />
          <Line count={trial.unchanged} words={words.unchanged(trial.unchanged)} />
        </ul>
      ) : null}
      {isStale ? <p className="mt-1.5 text-muted">{words.stale}</p> : null}
    </Callout>
  );
}

function Line({ count, words, hint }: { count: number; words: string; hint?: string }) {
  if (count === 0) {
    return null;
  }
  return (
    <li>
      <strong className="font-semibold">{words}</strong> {hint ? <span className="text-muted">{hint}</span> : null}
    </li>
  );
}
