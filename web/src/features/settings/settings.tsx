// What is one's own: the profile to look at, how Casewire looks and which keys it hears in this browser, and signing out.
import { Keyboard, LogOut } from "lucide-react";
import type { ReactNode } from "react";
import { setSingleKeys, useSingleKeys } from "../../keys/registry";
import { useMe } from "../../live/hooks";
import { useShell } from "../../shell/shell-context";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { Avatar, Badge, Button, harmless, RadioGroup, Switch } from "../../ui";
import { DENSITIES, setDensity, setTheme, THEMES, useAppearance } from "../../ui/appearance";
import { levelInWords, levelName, RESOURCES } from "../admin/role-words";

export function SettingsScreen() {
  const words = text.shell.settings;
  usePageTitle(words.title);
  return (
    <div className="h-full overflow-y-auto">
      <div className="mx-auto flex w-full max-w-2xl flex-col gap-6 p-5">
        <h1 className="text-xl font-semibold">{words.title}</h1>
        <Profile />
        <Appearance />
        <Keys />
        <Session />
      </div>
    </div>
  );
}

function Part({ title, hint, children }: { title: string; hint?: string; children: ReactNode }) {
  const id = `part-${title.replace(/\W/g, "-").toLowerCase()}`;
  return (
    <section aria-labelledby={id} className="rounded-lg border border-line bg-surface p-5 shadow-card">
      <h2 id={id} className="text-lg font-semibold">
        {title}
      </h2>
      {hint ? <p className="text-muted">{hint}</p> : null}
      <div className="mt-4">{children}</div>
    </section>
  );
}

function Profile() {
  const words = text.shell.settings;
  const me = useMe();
  return (
    <Part title={words.profile} hint={words.profileHint}>
      <div className="flex items-center gap-3">
        <Avatar name={me.name} size="lg" />
        <div className="min-w-0">
          <p className="font-semibold wrap-anywhere">
            <bdi>{harmless(me.name)}</bdi>
          </p>
          <p className="text-muted wrap-anywhere">{me.email}</p>
        </div>
      </div>
      <dl className="mt-4 grid gap-x-6 gap-y-3 sm:grid-cols-[9rem_1fr]">
        <Fact name={words.organization}>{me.organization_name}</Fact>
        <Fact name={words.timeZone}>{me.time_zone.replaceAll("_", " ")}</Fact>
        <Fact name={words.roles}>
          {me.roles.length === 0 ? (
            <span className="text-muted">{words.noRoles}</span>
          ) : (
            <span className="flex flex-wrap gap-1">
              {me.roles.map((role) => (
                <Badge key={role.id}>{role.name}</Badge>
              ))}
            </span>
          )}
        </Fact>
        <Fact name={words.rights}>
          <ul className="space-y-1">
            {RESOURCES.map((resource) => (
              <li key={resource}>
                <span className="font-medium">{text.admin.roles.resources[resource].name}: </span>
                {levelName(me.levels[resource])}
                <span className="text-muted"> · {levelInWords(resource, me.levels[resource])}</span>
              </li>
            ))}
          </ul>
        </Fact>
      </dl>
    </Part>
  );
}

function Fact({ name, children }: { name: string; children: ReactNode }) {
  return (
    <>
      <dt className="text-muted">{name}</dt>
      <dd className="min-w-0 wrap-anywhere">{children}</dd>
    </>
  );
}

function Appearance() {
  const words = text.shell.settings;
  const { theme, density } = useAppearance();
  return (
    <Part title={words.appearance} hint={words.appearanceHint}>
      <div className="flex flex-col gap-4">
        <RadioGroup
          inline
          label={words.theme}
          value={theme}
          onValueChange={setTheme}
          options={THEMES.map((value) => ({ value, label: text.shell.themes[value] }))}
        />
        <RadioGroup
          inline
          label={words.density}
          value={density}
          onValueChange={setDensity}
          options={DENSITIES.map((value) => ({ value, label: words.densities[value] }))}
        />
      </div>
    </Part>
  );
}

function Keys() {
  const words = text.shell.settings;
  const { openSheet } = useShell();
  return (
    <Part title={words.keyboard}>
      <Switch
        label={text.shell.keys.single}
        hint={text.shell.keys.singleHint}
        checked={useSingleKeys()}
        onCheckedChange={setSingleKeys}
      />
      <Button className="mt-3" icon={<Keyboard aria-hidden="true" size={16} />} onClick={openSheet}>
        {words.showShortcuts}
      </Button>
    </Part>
  );
}

function Session() {
  const words = text.shell.settings;
  const { signOut } = useShell();
  return (
    <Part title={words.session} hint={words.sessionHint}>
      <Button icon={<LogOut aria-hidden="true" size={16} />} onClick={signOut}>
        {text.shell.signOut}
      </Button>
    </Part>
  );
}
