// Joins class names, leaving out what is absent. Refuses to merge or override: a class is said once.

export type ClassName = string | false | null | undefined;

export function classNames(...names: ClassName[]): string {
  return names.filter(Boolean).join(" ");
}
