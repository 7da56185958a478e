// Administration: its sections beside a list of links, each under an address of its own. One lazy chunk. Guarding is the server's: this
// only says early what it would say.
import {
  BrickWall,
  FileCog,
  Frame,
  Hash,
  ListOrdered,
  Phone,
  Route as RouteIcon,
  ShieldCheck,
  Users,
  UsersRound,
} from "lucide-react";
import type { ComponentType, ReactNode } from "react";
import { Link, Redirect, useLocation } from "wouter";
import { useAllowed } from "../../live/hooks";
import { usePageTitle } from "../../shell/title";
import { text } from "../../text/en";
import { buttonClass, classNames, EmptyState, ForbiddenState, Select } from "../../ui";
import { CallSettings } from "./calls";
import { ContactRoles } from "./contact-roles";
import { Embedding } from "./embedding";
import { FirmSettings } from "./firm-settings";
import { Numbers } from "./numbers";
import { Roles } from "./roles";
import { Routing } from "./routing";
import { Teams } from "./teams";
import { UsersSection } from "./users";
import { Walls } from "./walls";

type SectionName = keyof typeof text.admin.nav;

const SECTIONS: readonly { name: SectionName; icon: ReactNode; screen: ComponentType }[] = [
  { name: "users", icon: <Users aria-hidden="true" size={16} />, screen: UsersSection },
  { name: "teams", icon: <UsersRound aria-hidden="true" size={16} />, screen: Teams },
  { name: "roles", icon: <ShieldCheck aria-hidden="true" size={16} />, screen: Roles },
  { name: "numbers", icon: <Hash aria-hidden="true" size={16} />, screen: Numbers },
  { name: "contact-roles", icon: <ListOrdered aria-hidden="true" size={16} />, screen: ContactRoles },
  { name: "walls", icon: <BrickWall aria-hidden="true" size={16} />, screen: Walls },
  { name: "settings", icon: <FileCog aria-hidden="true" size={16} />, screen: FirmSettings },
  { name: "routing", icon: <RouteIcon aria-hidden="true" size={16} />, screen: Routing },
  { name: "calls", icon: <Phone aria-hidden="true" size={16} />, screen: CallSettings },
  { name: "embedding", icon: <Frame aria-hidden="true" size={16} />, screen: Embedding },
];

export function AdminScreen() {
  const [location] = useLocation();
  const levels = useAllowed();
  const name = location.split("/")[2] ?? "";
  usePageTitle(text.admin.title);
  if (levels.settings < 1) {
    return (
      <ForbiddenState title={<h1>{text.shell.forbiddenTitle}</h1>} hint={text.admin.forbidden} className="h-full" />
    );
  }
  if (name === "") {
    return <Redirect to="/admin/users" replace />;
  }
  const section = SECTIONS.find((one) => one.name === name);
  const Screen = section?.screen;
  return (
    <div className="@container/admin h-full min-h-0">
      <div className="flex h-full min-h-0 @max-[720px]/admin:flex-col">
        <Sections here={section?.name} />
        <div className="min-h-0 min-w-0 flex-1 overflow-y-auto" data-region="section">
          {Screen ? (
            <Screen />
          ) : (
            <EmptyState
              title={text.shell.notFoundTitle}
              hint={text.shell.notFoundHint}
              action={
                <Link href="/admin/users" className={buttonClass()}>
                  {text.admin.nav.users}
                </Link>
              }
            />
          )}
        </div>
      </div>
    </div>
  );
}

function Sections({ here }: { here: SectionName | undefined }) {
  const [, navigate] = useLocation();
  return (
    <nav
      aria-label={text.admin.sections}
      data-region="sections"
      tabIndex={-1}
      className="w-52 shrink-0 overflow-y-auto border-r border-line bg-surface p-3 @max-[720px]/admin:w-full @max-[720px]/admin:overflow-visible @max-[720px]/admin:border-r-0 @max-[720px]/admin:border-b"
    >
      <h1 className="px-2 pt-1 pb-3 text-lg font-semibold @max-[720px]/admin:px-0 @max-[720px]/admin:pb-2">
        {text.admin.title}
      </h1>
      <div className="hidden @max-[720px]/admin:block">
        <Select
          label={text.admin.sections}
          value={here ?? null}
          onValueChange={(name) => navigate(`/admin/${name}`)}
          options={SECTIONS.map(({ name }) => ({ value: name, label: text.admin.nav[name] }))}
        />
      </div>
      <ul className="flex flex-col gap-0.5 @max-[720px]/admin:hidden">
        {SECTIONS.map(({ name, icon }) => (
          <li key={name}>
            <Link
              href={`/admin/${name}`}
              aria-current={name === here ? "page" : undefined}
              className={classNames(
                "flex h-8 items-center gap-2.5 rounded-md px-2 transition-colors",
                name === here ? "bg-accent-soft font-medium text-ink" : "text-muted hover:bg-hover hover:text-ink",
              )}
            >
              <span className={name === here ? "text-accent" : undefined}>{icon}</span>
              {text.admin.nav[name]}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
  );
}
