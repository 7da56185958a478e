// The account at the end of the rail: who is signed in, the theme, settings, shortcuts, signing out.
import { Keyboard, LogOut, Settings } from "lucide-react";
import { useLocation } from "wouter";
import { useShortcut } from "../keys/registry";
import { useMe } from "../live/hooks";
import { text } from "../text/en";
import { setTheme, THEMES, useAppearance } from "../ui/appearance";
import { Avatar } from "../ui/badge";
import { Menu } from "../ui/menu";
import { PATHS } from "./rights";

export function Account({ onSheet, onSignOut }: { onSheet: () => void; onSignOut: () => void }) {
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
