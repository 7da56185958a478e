// The commands that are there on every screen: going to places, palette and sheet, regions, undo, appearance, signing out.
import { useLocation } from "wouter";
import { type Command, useCommands } from "../keys/registry";
import { useAllowed } from "../live/hooks";
import { text } from "../text/en";
import { appearance, setDensity, setTheme } from "../ui/appearance";
import { goToRegion } from "./regions";
import { PATHS, type PlaceName, placesFor } from "./rights";
import { toastState, undo } from "./toast-store";

const GO: Record<PlaceName, string> = {
  inbox: "g i",
  cases: "g c",
  contacts: "g o",
  leads: "g l",
  phone: "g p",
  supervisor: "g v",
  audit: "g d",
  search: "g f",
  reports: "g r",
  tasks: "g t",
  admin: "g a",
  settings: "g s",
};

export type Doors = { openPalette: () => void; openSheet: () => void; signOut: () => void };

export function useGlobalCommands({ openPalette, openSheet, signOut }: Doors): void {
  const [, navigate] = useLocation();
  const levels = useAllowed();
  const words = text.shell.commands;
  const global = (
    id: string,
    label: string,
    keys: readonly string[],
    run: () => void,
    more: Partial<Command> = {},
  ): Command => ({
    id,
    label,
    keys,
    scope: "global",
    run,
    ...more,
  });
  const places = placesFor(levels);
  const inbox = (view: string) => () => navigate(`/inbox?view=${view}`);
  const hasInbox = places.includes("inbox");
  useCommands(
    [
      ...places.map((place) => global(`go-${place}`, words[place], [GO[place]], () => navigate(PATHS[place]))),
      ...(hasInbox
        ? [
            global("go-unclaimed", words.unclaimed, ["g u"], inbox("unclaimed")),
            global("go-mine", words.mine, ["g m"], inbox("mine")),
          ]
        : []),
      global("palette", words.palette, ["Mod+K"], openPalette, { inFields: true, inDialogs: false }),
      global("sheet", words.sheet, ["?"], openSheet),
      global("undo", words.undo, ["Mod+Z"], () => void undo(), { when: () => toastState().recent.length > 0 }),
      global("next-region", words.nextRegion, ["F6"], () => goToRegion(1), {
        inFields: true,
        inDialogs: true,
        isHidden: true,
      }),
      global("previous-region", words.previousRegion, ["Shift+F6"], () => goToRegion(-1), {
        inFields: true,
        inDialogs: true,
        isHidden: true,
      }),
      global("theme-light", words.themeLight, [], () => setTheme("light"), {
        when: () => appearance().theme !== "light",
      }),
      global("theme-dark", words.themeDark, [], () => setTheme("dark"), { when: () => appearance().theme !== "dark" }),
      global("theme-system", words.themeSystem, [], () => setTheme("system"), {
        when: () => appearance().theme !== "system",
      }),
      global("compact", words.compact, [], () => setDensity("compact"), {
        when: () => appearance().density !== "compact",
      }),
      global("comfortable", words.comfortable, [], () => setDensity("comfortable"), {
        when: () => appearance().density !== "comfortable",
      }),
      global("sign-out", words.signOut, [], signOut),
    ],
    [navigate, places.join(" "), openPalette, openSheet, signOut],
  );
}
