// The rail: where one can go, search and commands, and the account with theme and sign-out. In a narrow window it lies at the bottom and
// shows the first places and the one that is open; the others are in a menu.
import {
  BriefcaseBusiness,
  ChartColumn,
  Command as CommandIcon,
  Headphones,
  Inbox,
  ListTodo,
  Phone,
  ScrollText,
  Search,
  Settings,
  ShieldCheck,
  UserRoundPlus,
  UsersRound,
} from "lucide-react";
import { lazy, type ReactNode, Suspense } from "react";
import { Link, useLocation } from "wouter";
import { useTaskCounts } from "../features/tasks/requests";
import { useShortcut } from "../keys/registry";
import { useAllowed, useCounts } from "../live/hooks";
import { text } from "../text/en";
import { IconButton } from "../ui/button";
import { classNames } from "../ui/class-names";
import { Tooltip } from "../ui/tooltip";
import { afterFirstScreen, patiently } from "./patience";
import { PATHS, type PlaceName, placesFor } from "./rights";

const ICONS: Record<PlaceName, ReactNode> = {
  inbox: <Inbox aria-hidden="true" size={18} />,
  cases: <BriefcaseBusiness aria-hidden="true" size={18} />,
  contacts: <UsersRound aria-hidden="true" size={18} />,
  leads: <UserRoundPlus aria-hidden="true" size={18} />,
  phone: <Phone aria-hidden="true" size={18} />,
  supervisor: <Headphones aria-hidden="true" size={18} />,
  search: <Search aria-hidden="true" size={18} />,
  reports: <ChartColumn aria-hidden="true" size={18} />,
  audit: <ScrollText aria-hidden="true" size={18} />,
  tasks: <ListTodo aria-hidden="true" size={18} />,
  admin: <ShieldCheck aria-hidden="true" size={18} />,
  settings: <Settings aria-hidden="true" size={18} />,
};

// The menu underneath is fetched after the first screen.
const Account = lazy(async () => {
  await afterFirstScreen();
  return { default: (await patiently(() => import("./account"))).Account };
});

const More = lazy(async () => {
  await afterFirstScreen();
  return { default: (await patiently(() => import("./more-places"))).MorePlaces };
});

/** How many places the rail of a narrow window and of a very narrow one has room for, beside the open one. */
const [NARROW, VERY_NARROW] = [6, 3];

export type RailProps = { onPalette: () => void; onSheet: () => void; onSignOut: () => void };

export function Rail({ onPalette, onSheet, onSignOut }: RailProps) {
  const levels = useAllowed();
  const places = placesFor(levels);
  const [location] = useLocation();
  const rest = places.slice(VERY_NARROW);
  return (
    <nav
      id="rail"
      aria-label={text.shell.rail}
      tabIndex={-1}
      data-region="rail"
      className="flex min-h-0 min-w-0 flex-col items-center gap-1 border-r border-line bg-surface px-1.5 py-2 @max-[720px]/app:order-last @max-[720px]/app:flex-row @max-[720px]/app:border-t @max-[720px]/app:border-r-0 @max-[720px]/app:px-2 @max-[720px]/app:py-1"
    >
      <ul className="-mx-1.5 -my-1 flex min-h-0 min-w-0 flex-1 flex-col gap-1 overflow-y-auto px-1.5 py-1 [scrollbar-width:thin] @max-[720px]/app:m-0 @max-[720px]/app:flex-row @max-[720px]/app:justify-around @max-[720px]/app:overflow-visible @max-[720px]/app:p-0">
        {places.map((place, index) => (
          <li key={place} className={isOpen(place, location) ? undefined : foldedClass(index)}>
            {place === "inbox" && levels.sms > 0 ? (
              <InboxDoor />
            ) : place === "tasks" ? (
              <TasksDoor />
            ) : (
              <Door place={place} />
            )}
          </li>
        ))}
        {rest.length > 0 ? (
          <li
            className={classNames(
              "hidden",
              places.length > NARROW ? "@max-[720px]/app:block" : "@max-[720px]/app:@max-[30rem]/app:block",
            )}
          >
            <span className="block size-10">
              <Suspense>
                <More places={rest.map((place) => ({ place, icon: ICONS[place] }))} />
              </Suspense>
            </span>
          </li>
        ) : null}
      </ul>
      <IconButton
        label={text.shell.nav.palette}
        shortcut={useShortcut("palette")}
        icon={<CommandIcon aria-hidden="true" size={18} />}
        className="size-10 text-muted"
        onClick={onPalette}
      />
      <span className="size-10 shrink-0">
        <Suspense>
          <Account onSheet={onSheet} onSignOut={onSignOut} />
        </Suspense>
      </span>
    </nav>
  );
}

function isOpen(place: PlaceName, location: string): boolean {
  const root = PATHS[place].split("/").slice(0, 2).join("/");
  return location === root || location.startsWith(`${root}/`);
}

function foldedClass(index: number): string | undefined {
  if (index < VERY_NARROW) {
    return undefined;
  }
  return index < NARROW ? "@max-[720px]/app:@max-[30rem]/app:hidden" : "@max-[720px]/app:hidden";
}

function InboxDoor() {
  const count = useCounts()?.unclaimed ?? 0;
  return <Door place="inbox" count={count} said={text.shell.unclaimedCount(count)} />;
}

/** What is to be done by the end of today; asked once the first screen stands. */
function TasksDoor() {
  const { data } = useTaskCounts(true);
  const { overdue, today } = data ?? { overdue: 0, today: 0 };
  return <Door place="tasks" count={today} said={text.shell.taskCount(overdue, today)} isPressing={overdue > 0} />;
}

type DoorProps = {
  place: PlaceName;
  count?: number;
  /** The count in words. */
  said?: string;
  /** Whether something is late. */
  isPressing?: boolean;
};

function Door({ place, count = 0, said = "", isPressing = false }: DoorProps) {
  const [location] = useLocation();
  const shortcut = useShortcut(`go-${place}`);
  const isHere = isOpen(place, location);
  const name = count > 0 ? `${text.shell.nav[place]}, ${said}` : text.shell.nav[place];
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
            className={classNames(
              "absolute top-0.5 right-0 flex h-4 min-w-4 items-center justify-center rounded-full px-1 text-[0.625rem] leading-none font-semibold text-on-accent ring-2 ring-surface",
              isPressing ? "bg-bad" : "bg-accent",
            )}
          >
            {count > 99 ? "99+" : count}
          </span>
        ) : null}
      </Link>
    </Tooltip>
  );
}
