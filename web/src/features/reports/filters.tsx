// What a report can be narrowed to: days, team, agent, case; kept in the address. Refuses days that the server would refuse.
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { type ApiError, api, type Schemas, unwrap } from "../../api/client";
import { text } from "../../text/en";
import { day } from "../../time/format";
import { currentZone } from "../../time/zone";
import { Button, Field, Input, Select } from "../../ui";
import { useAddress } from "../cases/address";
import { CasePicker } from "../cases/case-picker";
import { FilterButtons } from "../cases/list-page";

const w = text.reports;
const DAYS: Readonly<Record<string, number>> = { week: 7, month: 30, quarter: 90, year: 365 };
const LONGEST = 1100;
const DAY = 86_400_000;

export type Narrowed = {
  range: string;
  from: string | undefined;
  to: string | undefined;
  team: string | undefined;
  case: string | undefined;
  agent: string | undefined;
};
export type Range = { from: string; to: string };

/** The days that are asked for; none where they make no sense. */
export function rangeOf(narrowed: Narrowed, now: Date, zone: string = currentZone()): Range | undefined {
  const days = DAYS[narrowed.range];
  if (days !== undefined) {
    const to = day(now, zone);
    return { from: new Date(Date.parse(to) - (days - 1) * DAY).toISOString().slice(0, 10), to };
  }
  const { from, to } = narrowed;
  const length = (Date.parse(to ?? "") - Date.parse(from ?? "")) / DAY;
  return from !== undefined && to !== undefined && length >= 0 && length < LONGEST ? { from, to } : undefined;
}

export function Filters({ narrowed, range }: { narrowed: Narrowed; range: Range | undefined }) {
  const { change } = useAddress();
  const choices = useQuery<Schemas["ReportChoicesView"], ApiError>({
    queryKey: ["report-choices"],
    staleTime: 60_000,
    queryFn: ({ signal }) => unwrap(api.GET("/api/report-choices", { signal })),
  });
  const teams = choices.data?.teams ?? [];
  const agents = choices.data?.agents ?? [];
  const named = (any: string, all: readonly { id: string; name: string }[]) => [
    { value: "", label: any },
    ...all.map(({ id, name }) => ({ value: id, label: name })),
  ];
  const isOwn = DAYS[narrowed.range] === undefined;
  return (
    <div className="flex flex-col gap-3 rounded-md border border-line bg-surface p-3">
      <div className="flex flex-wrap items-end gap-2">
        <FilterButtons
          name="range"
          label={w.range}
          options={(["week", "month", "quarter", "year", "own"] as const).map((value) => ({
            value: value === "month" ? undefined : value,
            label: w.ranges[value],
          }))}
        />
        {isOwn ? <OwnDays narrowed={narrowed} isBad={range === undefined} /> : null}
      </div>
      <div className="flex flex-wrap items-end gap-3">
        {teams.length > 0 ? (
          <Field label={w.team} className="w-44">
            <Select
              label={w.team}
              value={narrowed.team ?? ""}
              onValueChange={(team) => change({ team })}
              options={named(w.anyTeam, teams)}
            />
          </Field>
        ) : null}
        <Field label={w.agent} className="w-52">
          <Select
            label={w.agent}
            value={narrowed.agent ?? ""}
            onValueChange={(agent) => change({ agent })}
            options={named(w.anyAgent, agents)}
          />
        </Field>
        <OneCase number={narrowed.case} />
      </div>
    </div>
  );
}

function OwnDays({ narrowed, isBad }: { narrowed: Narrowed; isBad: boolean }) {
  const { change } = useAddress();
  const isWhole = narrowed.from !== undefined && narrowed.to !== undefined;
  return (
    <div className="flex flex-wrap items-start gap-2">
      <Field label={w.from} error={isBad && isWhole ? w.badRange : undefined}>
        <Input type="date" value={narrowed.from ?? ""} onValueChange={(from) => change({ from }, { replace: true })} />
      </Field>
      <Field label={w.to}>
        <Input type="date" value={narrowed.to ?? ""} onValueChange={(to) => change({ to }, { replace: true })} />
      </Field>
    </div>
  );
}

function OneCase({ number }: { number: string | undefined }) {
  const { change } = useAddress();
  const [turn, setTurn] = useState(0);
  return (
    <div className="flex min-w-56 flex-1 items-end gap-2">
      <Field label={w.case} className="min-w-0 flex-1">
        <CasePicker
          key={`${number} ${turn}`}
          label={w.case}
          placeholder={number ?? w.anyCase}
          value={null}
          onChange={(chosen) => (chosen ? change({ case: chosen.number }) : undefined)}
        />
      </Field>
      {number === undefined ? null : (
        <Button
          onClick={() => {
            setTurn(turn + 1);
            change({ case: undefined });
          }}
        >
          {w.clearCase}
        </Button>
      )}
    </div>
  );
}
