// Levels of a role, shown and chosen: a scale of three steps with its word, the legend, and a table of what each level means.
import { text } from "../../text/en";
import { Callout, classNames, RadioGroup, Select } from "../../ui";
import {
  type CaseScope,
  LEVELS,
  type Levels,
  levelInWords,
  levelName,
  RESOURCES,
  type Resource,
  SCOPES,
} from "./role-words";

/** The level as filled steps and a word. */
export function LevelMark({ level }: { level: number }) {
  return (
    <span className="inline-flex items-center gap-2 whitespace-nowrap">
      <span aria-hidden="true" className="inline-flex gap-0.5">
        {[1, 2, 3].map((step) => (
          <span
            key={step}
            className={classNames("forced-border h-3 w-1.5 rounded-sm", step <= level ? "bg-accent" : "bg-line")}
          />
        ))}
      </span>
      <span className={level === 0 ? "text-muted" : undefined}>{levelName(level)}</span>
    </span>
  );
}

export function LevelsLegend() {
  const words = text.admin.roles;
  return (
    <Callout title={words.legendTitle}>
      <dl className="grid gap-x-6 gap-y-1.5 sm:grid-cols-2">
        {words.legend.map((entry, level) => (
          <div key={entry.name} className="flex gap-2">
            <dt className="w-24 shrink-0">
              <LevelMark level={level} />
            </dt>
            <dd className="min-w-0 text-muted">{entry.hint}</dd>
          </div>
        ))}
      </dl>
      <p className="mt-2 text-muted">{words.wall}</p>
    </Callout>
  );
}

/** Every resource with its level and what that means. */
export function LevelsInWords({ levels, scope }: { levels: Levels; scope: CaseScope }) {
  const words = text.admin.roles;
  return (
    <dl className="divide-y divide-line">
      <div className="grid gap-x-4 py-2 sm:grid-cols-[8rem_6.5rem_1fr]">
        <dt className="font-medium">{words.columns.scope}</dt>
        <dd>{words.scopes[scope].name}</dd>
        <dd className="text-muted">{words.scopes[scope].hint}</dd>
      </div>
      {RESOURCES.map((resource) => (
        <div key={resource} className="grid gap-x-4 py-2 sm:grid-cols-[8rem_6.5rem_1fr]">
          <dt className="font-medium">{words.resources[resource].name}</dt>
          <dd>
            <LevelMark level={levels[resource]} />
          </dd>
          <dd className="text-muted">{levelInWords(resource, levels[resource])}</dd>
        </div>
      ))}
    </dl>
  );
}

export type LevelsFieldProps = {
  levels: Levels;
  scope: CaseScope;
  onLevels: (levels: Levels) => void;
  onScope: (scope: CaseScope) => void;
};

export function LevelsField({ levels, scope, onLevels, onScope }: LevelsFieldProps) {
  const words = text.admin.roles;
  return (
    <div className="grid gap-5 sm:grid-cols-[14rem_1fr]">
      <RadioGroup
        label={words.scope}
        value={scope}
        onValueChange={onScope}
        options={SCOPES.map((value) => ({ value, label: words.scopes[value].name, hint: words.scopes[value].hint }))}
      />
      <div className="min-w-0">
        <p className="mb-1 text-sm font-medium">{words.levels}</p>
        <p className="mb-2 text-xs text-muted">{words.levelsHint}</p>
        <div className="flex flex-col gap-2.5">
          {RESOURCES.map((resource) => (
            <LevelField
              key={resource}
              resource={resource}
              level={levels[resource]}
              onLevel={(level) => onLevels({ ...levels, [resource]: level })}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

type LevelFieldProps = { resource: Resource; level: number; onLevel: (level: number) => void };

function LevelField({ resource, level, onLevel }: LevelFieldProps) {
  const { name } = text.admin.roles.resources[resource];
  return (
    <div className="grid grid-cols-[5rem_7.5rem_1fr] items-center gap-x-3 gap-y-0.5">
      <span className="text-base">{name}</span>
      <Select
        size="sm"
        label={name}
        value={String(level)}
        onValueChange={(value) => onLevel(Number(value))}
        options={LEVELS.map((one) => ({
          value: String(one),
          label: levelName(one),
          detail: levelInWords(resource, one),
        }))}
      />
      <span className="col-span-full text-xs text-muted">{levelInWords(resource, level)}</span>
    </div>
  );
}
