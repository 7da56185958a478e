// The rail: where one can go, search and commands, and the account with theme and sign-out. In a narrow window it lies at the bottom.
import {
  BriefcaseBusiness,
  Command as CommandIcon,
  Inbox,
  Keyboard,
  LogOut,
  Settings,
  ShieldCheck,
  UserRoundPlus,
  UsersRound,
} from "lucide-react";
import type { ReactNode } from "react";
import { Link, useLocation } from "wouter";
import { useShortcut } from "../keys/registry";
import { useAllowed, useCounts, useMe } from "../live/hooks";
import { text } from "../text/en";
import { setTheme, THEMES, useAppearance } from "../ui/appearance";
import { Avatar } from "../ui/badge";
import { IconButton } from "../ui/button";
import { classNames } from "../ui/class-names";
import { Menu } from "../ui/menu";
import { Tooltip } from "../ui/tooltip";
import { PATHS, type PlaceName, placesFor } from "./rights";

const ICONS: Record<PlaceName, ReactNode> = {
  inbox: <Inbox aria-hidden="true" size={18} />,
  cases: <BriefcaseBusiness aria-hidden="true" size={18} />,
  contacts: <UsersRound aria-hidden="true" size={18} />,
  leads: <UserRoundPlus aria-hidden="true" size={18} />,
  admin: <ShieldCheck aria-hidden="true" size={18} />,
  settings: <Settings aria-hidden="true" size={18} />,
};

export type RailProps = { onPalette: () => void; onSheet: () => void; onSignOut: () => void };

export function Rail({ onPalette, onSheet, onSignOut }: RailProps) {
  const places = placesFor(useAllowed());
  return (
    <nav
      id="rail"
      aria-label={text.shell.rail}
      tabIndex={-1}
      data-region="rail"
      className="flex min-h-0 min-w-0 flex-col items-center gap-1 border-r border-line bg-surface px-1.5 py-2 @max-[720px]/app:order-last @max-[720px]/app:flex-row @max-[720px]/app:border-t @max-[720px]/app:border-r-0 @max-[720px]/app:px-2 @max-[720px]/app:py-1"
    >
      <ul className="flex min-w-0 flex-1 flex-col gap-1 @max-[720px]/app:flex-row @max-[720px]/app:justify-around">
        {places.map((place) => (
          <li key={place}>
            <Door place={place} />
          </li>
        ))}
      </ul>
      <IconButton
        label={text.shell.nav.palette}
        shortcut={useShortcut("palette")}
        icon={<CommandIcon aria-hidden="true" size={18} />}
        className="size-10 text-muted"
        onClick={onPalette}
      />
      <Account onSheet={onSheet} onSignOut={onSignOut} />
    </nav>
  );
}

function Door({ place }: { place: PlaceName }) {
  const [location] = useLocation();
  const shortcut = useShortcut(`go-${place}`);
  const unclaimed = useCounts()?.unclaimed ?? 0;
  const root = PATHS[place].split("/").slice(0, 2).join("/");
  const isHere = location === root || location.startsWith(`${root}/`);
  const count = place === "inbox" ? unclaimed : 0;
  const name = count > 0 ? `${text.shell.nav[place]}, ${text.shell.unclaimedCount(count)}` : text.shell.nav[place];
  return (
    <Tooltip label={name} shortcut={shortcut} side="right">
      <Link
        href={PATHS[place]}
        aria-label={name}
        aria-current={isHere ? "page" : undefined}
        className={classNames(
          "relative flex size-10 items-center justify-center rounded-md transition-colors",
          isHere ? "bg-accent-soft text-accent" : "text-muted hover:bg-hover hover:text-ink",
        )}
      >
        {ICONS[place]}
        {count > 0 ? (
          <span
            aria-hidden="true"
            className="absolute top-0.5 right-0 flex h-4 min-w-4 items-center justify-center rounded-full bg-accent px-1 text-[0.625rem] leading-none font-semibold text-on-accent ring-2 ring-surface"
          >
            {count > 99 ? "99+" : count}
          </span>
        ) : null}
      </Link>
    </Tooltip>
  );
}

function Account({ onSheet, onSignOut }: { onSheet: () => void; onSignOut: () => void }) {
  const me = useMe();
  const [, navigate] = useLocation();
  const { theme } = useAppearance();
  const settingsKeys = useShortcut("go-settings");
  const sheetKeys = useShortcut("sheet");
  return (
    <Menu
      side="right"
      align="end"
      trigger={
        <button
          type="button"
          aria-label={text.shell.nav.user(me.name)}
          className="flex size-10 items-center justify-center rounded-full hover:bg-hover data-[popup-open]:bg-hover"
        >
          <Avatar name={me.name} />
        </button>
      }
      header={
        <div className="max-w-64">
          <p className="font-semibold wrap-anywhere">{me.name}</p>
          <p className="text-sm text-muted wrap-anywhere">{me.email}</p>
          <p className="text-sm text-muted wrap-anywhere">{me.organization_name}</p>
        </div>
      }
      items={[
        ...THEMES.map((name, index) => ({
          id: `theme-${name}`,
          label: text.shell.themes[name],
          checked: theme === name,
          ...(index === 0 ? { above: text.shell.themeLabel } : {}),
          onSelect: () => setTheme(name),
        })),
        {
          id: "settings",
          label: text.shell.nav.settings,
          icon: <Settings size={16} />,
          shortcut: settingsKeys,
          above: true,
          onSelect: () => navigate(PATHS.settings),
        },
        {
          id: "sheet",
          label: text.shell.nav.shortcuts,
          icon: <Keyboard size={16} />,
          shortcut: sheetKeys,
          onSelect: onSheet,
        },
        { id: "sign-out", label: text.shell.signOut, icon: <LogOut size={16} />, above: true, onSelect: onSignOut },
      ]}
    />
  );
}
