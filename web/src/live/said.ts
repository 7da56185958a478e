// Query parameters without those that have no value: the server refuses an empty one.

type Said<T> = { [K in keyof T]?: Exclude<T[K], undefined> };

export function said<T extends object>(parameters: T): Said<T> {
  const kept: Said<T> = { ...parameters };
  for (const name of Object.keys(parameters)) {
    const value = Reflect.get(parameters, name);
    if (value === undefined || value === "") {
      Reflect.deleteProperty(kept, name);
    }
  }
  return kept;
}
