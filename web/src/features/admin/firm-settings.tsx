// Settings of the firm as one form: name, country for numbers, time zone, the longest text. Only what was changed is sent; what was entered
// stays when the server refuses it.
import { useState } from "react";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { clock } from "../../time/format";
import { Banner, Button, Combobox, Field, Input } from "../../ui";
import { allCountries, allZones, type Country, choose, countryOf, zoneName } from "./places";
import { changes, type Settings, useChange, useFirmSettings } from "./queries";
import { errorAt, errorBeside } from "./refusal";
import { FormSkeleton, Loaded, Section, useCanChange } from "./section";

const FIELDS = ["name", "default_region", "time_zone", "part_limit", "contact_role_limit"];
const [SMALLEST_PART, LARGEST_PART] = [70, 1600];
const MOST_ROLES = 200;

export function FirmSettings() {
  const words = text.admin.settings;
  const settings = useFirmSettings();
  return (
    <Section title={words.title} hint={words.hint}>
      <Loaded read={settings} what={words.what} skeleton={<FormSkeleton fields={4} />}>
        {(stored) => <Form stored={stored} />}
      </Loaded>
    </Section>
  );
}

type Draft = {
  name: string;
  default_region: string;
  time_zone: string;
  part_limit: string;
  contact_role_limit: string;
};

function Form({ stored }: { stored: Settings }) {
  const words = text.admin.settings;
  const canChange = useCanChange();
  const toasts = useToasts();
  const change = useChange(["settings"], changes.changeSettings);
  const [edits, setEdits] = useState<Partial<Draft>>({});
  const before: Draft = {
    name: stored.name,
    default_region: stored.default_region,
    time_zone: stored.time_zone,
    part_limit: String(stored.part_limit),
    contact_role_limit: String(stored.contact_role_limit),
  };
  const draft = { ...before, ...edits };
  const put = (edit: Partial<Draft>) => setEdits((earlier) => ({ ...earlier, ...edit }));
  const isDirty = KEYS.some((key) => draft[key] !== before[key]);
  const partLimit = Number(draft.part_limit);
  const isPartLimitBad = !Number.isInteger(partLimit) || partLimit < SMALLEST_PART || partLimit > LARGEST_PART;

  const roleLimit = Number(draft.contact_role_limit);
  const isRoleLimitBad = !Number.isInteger(roleLimit) || roleLimit < 1 || roleLimit > MOST_ROLES;

  const save = () => {
    if (isPartLimitBad || isRoleLimitBad || draft.name.trim() === "" || !isDirty) {
      return;
    }
    const body = {
      ...(draft.name === before.name ? {} : { name: draft.name }),
      ...(draft.default_region === before.default_region ? {} : { default_region: draft.default_region }),
      ...(draft.time_zone === before.time_zone ? {} : { time_zone: draft.time_zone }),
      ...(draft.part_limit === before.part_limit ? {} : { part_limit: partLimit }),
      ...(draft.contact_role_limit === before.contact_role_limit ? {} : { contact_role_limit: roleLimit }),
    };
    const onSuccess = () => {
      setEdits({});
      toasts.show({ tone: "ok", text: text.admin.saved, key: "settings" });
    };
    change.mutate(body, { onSuccess });
  };

  return (
    <form
      noValidate
      className="flex max-w-2xl flex-col gap-5 rounded-lg border border-line bg-surface p-5 shadow-card"
      onSubmit={(event) => {
        event.preventDefault();
        save();
      }}
    >
      <Field
        label={words.name}
        error={draft.name.trim() === "" ? text.admin.nameRequired : errorAt(change.error, "name")}
      >
        <Input value={draft.name} onValueChange={(name) => put({ name })} readOnly={!canChange} maxLength={200} />
      </Field>
      <Field label={words.region} hint={words.regionHint} error={errorAt(change.error, "default_region")}>
        <CountryPicker
          value={draft.default_region}
          onValueChange={(code) => put({ default_region: code })}
          disabled={!canChange}
        />
      </Field>
      <Field
        label={words.zone}
        hint={`${words.zoneHint} ${words.zoneNow(clock(new Date(), draft.time_zone))}`}
        error={errorAt(change.error, "time_zone")}
      >
        <ZonePicker value={draft.time_zone} onValueChange={(time_zone) => put({ time_zone })} disabled={!canChange} />
      </Field>
      <Field
        label={words.partLimit}
        hint={words.partLimitHint}
        error={isPartLimitBad ? words.partLimitBad : errorAt(change.error, "part_limit")}
      >
        <Input
          inputMode="numeric"
          value={draft.part_limit}
          onValueChange={(part_limit) => put({ part_limit })}
          readOnly={!canChange}
          className="max-w-32"
        />
      </Field>
      <Field
        label={words.roleLimit}
        hint={words.roleLimitHint}
        error={isRoleLimitBad ? words.roleLimitBad : errorAt(change.error, "contact_role_limit")}
      >
        <Input
          inputMode="numeric"
          value={draft.contact_role_limit}
          onValueChange={(contact_role_limit) => put({ contact_role_limit })}
          readOnly={!canChange}
          className="max-w-32"
        />
      </Field>
      {errorBeside(change.error, FIELDS) ? <Banner tone="bad">{errorBeside(change.error, FIELDS)}</Banner> : null}
      {canChange ? (
        <div className="flex items-center gap-3 border-t border-line pt-4">
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

const KEYS = ["name", "default_region", "time_zone", "part_limit", "contact_role_limit"] as const;

type PickerProps = { value: string; onValueChange: (value: string) => void; disabled: boolean };

function CountryPicker({ value, onValueChange, disabled }: PickerProps) {
  const words = text.admin.settings;
  const chosen = countryOf(value);
  const [query, setQuery] = useState<string | undefined>();
  return (
    <Combobox<Country>
      label={words.region}
      items={choose(allCountries(), query ?? "", (country) => `${country.name} ${country.code}`, 300)}
      itemLabel={(country) => country.name}
      itemKey={(country) => country.code}
      itemDetail={(country) => country.code}
      value={chosen}
      onValueChange={(country) => {
        setQuery(undefined);
        if (country) {
          onValueChange(country.code);
        }
      }}
      query={query ?? chosen.name}
      onQueryChange={(next) => setQuery(next === chosen.name ? undefined : next)}
      empty={words.regionEmpty}
      disabled={disabled}
      clearable={false}
    />
  );
}

function ZonePicker({ value, onValueChange, disabled }: PickerProps) {
  const words = text.admin.settings;
  const [query, setQuery] = useState<string | undefined>();
  return (
    <Combobox<string>
      label={words.zone}
      items={choose(allZones(), query ?? "", zoneName, 600)}
      itemLabel={zoneName}
      itemKey={(zone) => zone}
      value={value}
      onValueChange={(zone) => {
        setQuery(undefined);
        if (zone) {
          onValueChange(zone);
        }
      }}
      query={query ?? zoneName(value)}
      onQueryChange={(next) => setQuery(next === zoneName(value) ? undefined : next)}
      empty={words.zoneEmpty}
      disabled={disabled}
      clearable={false}
    />
  );
}
