// What screens inside the shell can ask of it: the shortcut sheet, and signing out.
import { createContext, useContext } from "react";

export type ShellActs = { openSheet: () => void; signOut: () => void };

const nothing = () => undefined;

export const ShellContext = createContext<ShellActs>({ openSheet: nothing, signOut: nothing });

export function useShell(): ShellActs {
  return useContext(ShellContext);
}
