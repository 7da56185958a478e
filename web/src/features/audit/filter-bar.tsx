// What narrows the audit: kind, who, what, outcome, case, time; all of it in the address. Who and what are chosen among what was loaded.
import { X } from "lucide-react";
import { type ReactNode, useEffect, useState } from "react";
import { text } from "../../text/en";
import { Button, Input, plain, Select } from "../../ui";
import { useAddress } from "../cases/address";
import { FilterButtons } from "../cases/list-page";
import type { AuditEntry } from "./audit-query";
import { actName, outcomeWords } from "./words";

const w = text.audit;
const ANY = "any";

export function AuditFilters({ loaded, ofOneCase }: { loaded: readonly AuditEntry[]; ofOneCase: boolean }) {
  const { read, change } = useAddress();
  const users = new Map(loaded.flatMap(({ user }) => (user ? [[user.id, plain(user.name)] as const] : [])));
  const chosenUser = read("user_id");
  if (chosenUser !== undefined && !users.has(chosenUser)) {
    users.set(chosenUser, chosenUser);
  }
  const acts = new Set(Object.keys(w.acts));
  const outcomes = new Set([...Object.keys(w.outcomes), ...loaded.map(({ outcome }) => outcome)]);
  const set = (name: string) => (value: string) => change({ [name]: value === ANY ? undefined : value });
  return (
    <search aria-label={w.filters} className="flex flex-wrap items-end gap-2">
      <FilterButtons
        name="kind"
        label={w.kind}
        options={[
          { value: undefined, label: w.kinds.all },
          { value: "act", label: w.kinds.act },
          { value: "read", label: w.kinds.read },
          { value: "refusal", label: w.kinds.refusal },
        ]}
      />
      <Slot>
        <Select
          label={w.who}
          value={chosenUser ?? ANY}
          onValueChange={set("user_id")}
          options={[{ value: ANY, label: w.anybody }, ...[...users].map(([value, label]) => ({ value, label }))]}
        />
      </Slot>
      <Slot>
        <Select
          label={w.what2}
          value={read("act") ?? ANY}
          onValueChange={set("act")}
          options={[{ value: ANY, label: w.anything }, ...[...acts].map((value) => ({ value, label: actName(value) }))]}
        />
      </Slot>
      <Slot>
        <Select
          label={w.outcome}
          value={read("outcome") ?? ANY}
          onValueChange={set("outcome")}
          options={[
            { value: ANY, label: w.anyOutcome },
            ...[...outcomes].map((value) => ({ value, label: outcomeWords(value) })),
          ]}
        />
      </Slot>
      {ofOneCase ? null : (
        <Slot>
          <CaseNumber />
        </Slot>
      )}
      <Day name="from" label={w.from} />
      <Day name="until" label={w.until} />
      <Chips />
    </search>
  );
}

function CaseNumber() {
  const { read, change } = useAddress();
  const chosen = read("case") ?? "";
  const [typed, setTyped] = useState(chosen);
  useEffect(() => setTyped(chosen), [chosen]);
  const search = () => change({ case: typed.trim() || undefined });
  return (
    <Input
      aria-label={w.caseNumber}
      placeholder={w.caseNumber}
      value={typed}
      onValueChange={setTyped}
      onBlur={search}
      onKeyDown={(event) => {
        if (event.key === "Enter") {
          search();
        }
      }}
    />
  );
}

/** The room of one filter among others: two beside each other where there is little. */
export function Slot({ children }: { children: ReactNode }) {
  return <div className="w-44 min-w-0 @max-[720px]/app:w-[calc(50%-0.25rem)]">{children}</div>;
}

/** A day of the address. */
export function Day({ name, label }: { name: string; label: string }) {
  const { read, change } = useAddress();
  return (
    <span className="flex items-center gap-1.5 text-sm text-muted">
      <span aria-hidden="true">{label}</span>
      <Input
        type="date"
        aria-label={label}
        className="w-36"
        value={read(name) ?? ""}
        onValueChange={(day) => change({ [name]: day || undefined })}
      />
    </span>
  );
}

function Chips() {
  const { read, change } = useAddress();
  const chips = [
    ["contact_id", w.oneContact],
    ["subject", w.oneSubject],
  ] as const;
  return chips
    .filter(([name]) => read(name) !== undefined)
    .map(([name, label]) => (
      <Button
        key={name}
        icon={<X aria-hidden="true" size={14} />}
        aria-label={w.remove(label)}
        onClick={() => change({ [name]: undefined })}
      >
        {w.only(label)}
      </Button>
    ));
}
