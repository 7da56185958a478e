// How the client looks on this device: theme and density, kept in localStorage and set on the root element, where style.css reads them.
// Nothing personal is kept. Import it before the first paint.

import { useSyncExternalStore } from "react";

export const THEMES = ["system", "light", "dark"] as const;
export type Theme = (typeof THEMES)[number];
export const DENSITIES = ["comfortable", "compact"] as const;
export type Density = (typeof DENSITIES)[number];
export type Appearance = { theme: Theme; density: Density };

const THEME_KEY = "casewire.theme";
const DENSITY_KEY = "casewire.density";
const listeners = new Set<() => void>();

let current: Appearance = read();
apply(current);

if (typeof window !== "undefined") {
  window.addEventListener("storage", (event) => {
    if (event.key === THEME_KEY || event.key === DENSITY_KEY) {
      become(read());
    }
  });
}

export function useAppearance(): Appearance {
  return useSyncExternalStore(subscribe, () => current);
}

export function appearance(): Appearance {
  return current;
}

export function setTheme(theme: Theme): void {
  keep(THEME_KEY, theme);
  become({ ...current, theme });
}

export function setDensity(density: Density): void {
  keep(DENSITY_KEY, density);
  become({ ...current, density });
}

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

function become(next: Appearance): void {
  current = next;
  apply(next);
  for (const listener of listeners) {
    listener();
  }
}

function apply({ theme, density }: Appearance): void {
  if (typeof document === "undefined") {
    return;
  }
  const root = document.documentElement;
  if (theme === "system") {
    delete root.dataset.theme;
  } else {
    root.dataset.theme = theme;
  }
  root.dataset.density = density;
}

function read(): Appearance {
  return {
    theme: oneOf(THEMES, stored(THEME_KEY)) ?? "system",
    density: oneOf(DENSITIES, stored(DENSITY_KEY)) ?? "comfortable",
  };
}

function oneOf<V extends string>(values: readonly V[], value: string | null): V | undefined {
  return values.find((candidate) => candidate === value);
}

// Storage can be refused (private windows, frames of other sites): the choice then lasts as long as the page.
function stored(key: string): string | null {
  try {
    return localStorage.getItem(key);
  } catch {
    return null;
  }
}

function keep(key: string, value: string): void {
  try {
    localStorage.setItem(key, value);
  } catch {
    return;
  }
}
