// Storage in memory, where the browser refuses storage to a frame of another site: drafts and choices then last as long as the frame.
// Refuses to replace storage that works. To be called before anything else is loaded.

/** The part of `Storage` that the client uses. */
export function memoryStorage() {
  const kept = new Map<string, string>();
  return {
    get length() {
      return kept.size;
    },
    key: (at: number): string | null => [...kept.keys()][at] ?? null,
    getItem: (name: string): string | null => kept.get(name) ?? null,
    setItem: (name: string, value: string): void => {
      kept.set(name, value);
    },
    removeItem: (name: string): void => {
      kept.delete(name);
    },
    clear: (): void => kept.clear(),
  };
}

function works(name: "localStorage" | "sessionStorage"): boolean {
  try {
    return globalThis[name] !== null && globalThis[name].length >= 0;
  } catch {
    return false;
  }
}

export function ensureStorage(): void {
  for (const name of ["localStorage", "sessionStorage"] as const) {
    if (!works(name)) {
      Object.defineProperty(globalThis, name, { value: memoryStorage(), configurable: true });
    }
  }
}
