// The roles that a contact can have in a case, in the firm's order. Refuses those that are not offered any more, but the present one.
import { useContactRoles } from "../../live/hooks";
import { text } from "../../text/en";
import { Select } from "../../ui";

const w = text.contacts;

export function useRoleNames(): ReadonlyMap<string, string> {
  return new Map(useContactRoles().map(({ id, name }) => [id, name]));
}

export type RoleSelectProps = {
  value: string | null;
  onChange: (roleId: string) => void;
  /** Offered even if it is not active. */
  keep?: string | null | undefined;
};

export function RoleSelect({ value, onChange, keep }: RoleSelectProps) {
  const roles = useContactRoles()
    .filter(({ id, is_active }) => is_active || id === keep)
    .toSorted((a, b) => a.display_order - b.display_order || a.name.localeCompare(b.name));
  return (
    <Select
      label={w.role}
      value={value}
      onValueChange={onChange}
      placeholder={w.rolePlaceholder}
      options={roles.map((role) => ({ value: role.id, label: role.is_active ? role.name : w.roleInactive(role.name) }))}
    />
  );
}
