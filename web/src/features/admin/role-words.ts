// What a role allows, in words: one line for lists, one per resource for details. The levels' meaning: docs/policy.md.
import type { Schemas } from "../../api/client";
import { text } from "../../text/en";

export type Levels = Schemas["Levels"];
export type CaseScope = Schemas["CaseScope"];
export type Resource = keyof typeof text.admin.roles.resources;

export const RESOURCES: readonly Resource[] = ["case_contacts", "sms", "calls", "audit", "settings"];
export const SCOPES: readonly CaseScope[] = ["none", "assigned", "team", "all"];
export const LEVELS = [0, 1, 2, 3] as const;

/** "Look", "Act", "Manage". */
export function levelName(level: number): string {
  return text.admin.roles.level[level] ?? String(level);
}

/** What that level of that resource means. */
export function levelInWords(resource: Resource, level: number): string {
  return text.admin.roles.resources[resource].levels[level] ?? String(level);
}

/** "All cases. Contacts: Manage, Texts: Act, Calls: Act". */
export function levelsInShort(role: { case_scope: CaseScope; levels: Levels }): string {
  const words = text.admin.roles;
  const granted = RESOURCES.filter((resource) => role.levels[resource] > 0);
  const levels = granted.map((resource) =>
    words.levelOf(words.resources[resource].short, levelName(role.levels[resource])),
  );
  return [words.scopes[role.case_scope].short, levels.join(", ") || words.level[0]].join(" ");
}
