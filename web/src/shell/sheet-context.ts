// How a screen inside the shell opens the shortcut sheet.
import { createContext, useContext } from "react";

export const SheetContext = createContext<() => void>(() => undefined);

export function useShortcutSheet(): () => void {
  return useContext(SheetContext);
}
