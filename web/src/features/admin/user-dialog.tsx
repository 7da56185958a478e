// The dialogs about one user: adding, editing, and giving a new password. What was entered stays when the server refuses it.
import { useState } from "react";
import { useMe } from "../../live/hooks";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, Checkbox, Dialog, Field, FieldGroup, Input } from "../../ui";
import { PasswordField, SHORTEST_PASSWORD } from "./password-field";
import { changes, type Role, type Team, type User, useChange } from "./queries";
import { errorAt, errorBeside } from "./refusal";
import { levelsInShort } from "./role-words";
import { Refusal } from "./section";

const FIELDS = ["name", "email", "password", "role_ids", "team_ids"];

export type UserDialogProps = {
  user: User | undefined;
  roles: readonly Role[];
  teams: readonly Team[];
  onClose: () => void;
};

/** Edits a user, or adds one where there is none. Mounted while it is open. */
export function UserDialog({ user, roles, teams, onClose }: UserDialogProps) {
  const words = text.admin.users;
  const toasts = useToasts();
  const [name, setName] = useState(user?.name ?? "");
  const [email, setEmail] = useState(user?.email ?? "");
  const [password, setPassword] = useState("");
  const [roleIds, setRoleIds] = useState<readonly string[]>(user?.role_ids ?? []);
  const [teamIds, setTeamIds] = useState<readonly string[]>(user?.team_ids ?? []);
  const [isTried, setTried] = useState(false);
  const add = useChange(["users", "teams"], changes.addUser);
  const change = useChange(["users", "teams"], changes.changeUser);
  const { error, isPending } = user ? change : add;

  const missing = {
    name: isTried && name.trim() === "" ? text.admin.nameRequired : undefined,
    email: isTried && !user && email.trim() === "" ? words.emailRequired : undefined,
    password: isTried && !user && [...password].length < SHORTEST_PASSWORD ? words.passwordShort : undefined,
  };
  const isDirty = user
    ? name !== user.name || !same(roleIds, user.role_ids) || !same(teamIds, user.team_ids)
    : name !== "" || email !== "" || password !== "" || roleIds.length > 0 || teamIds.length > 0;

  const done = (saved: User) => {
    toasts.show({ tone: "ok", text: user ? text.admin.savedWhat(saved.name) : words.created(saved.name) });
    onClose();
  };
  const submit = () => {
    setTried(true);
    if (name.trim() === "" || (!user && (email.trim() === "" || [...password].length < SHORTEST_PASSWORD))) {
      return;
    }
    if (user) {
      const body = {
        ...(name === user.name ? {} : { name }),
        ...(same(roleIds, user.role_ids) ? {} : { role_ids: [...roleIds] }),
        ...(same(teamIds, user.team_ids) ? {} : { team_ids: [...teamIds] }),
      };
      change.mutate({ id: user.id, ...body }, { onSuccess: done });
    } else {
      add.mutate({ name, email, password, role_ids: [...roleIds], team_ids: [...teamIds] }, { onSuccess: done });
    }
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title={user ? words.editTitle(user.name) : words.addTitle}
      description={user ? undefined : words.addDescription}
      dirty={isDirty}
      busy={isPending}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose} disabled={isPending}>
            {text.shell.cancel}
          </Button>
          <Button type="submit" variant="primary" busy={isPending} disabled={user !== undefined && !isDirty}>
            {user ? text.shell.saveChanges : words.create}
          </Button>
        </>
      }
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Field label={text.admin.name} error={missing.name ?? errorAt(error, "name")}>
          <Input value={name} onValueChange={setName} autoComplete="off" maxLength={200} />
        </Field>
        <Field
          label={words.email}
          hint={user ? words.emailFixed : undefined}
          error={missing.email ?? errorAt(error, "email")}
        >
          <Input type="email" value={email} onValueChange={setEmail} readOnly={user !== undefined} autoComplete="off" />
        </Field>
        {user ? null : (
          <div className="sm:col-span-2">
            <PasswordField
              value={password}
              onValueChange={setPassword}
              error={missing.password ?? errorAt(error, "password")}
            />
          </div>
        )}
        <FieldGroup legend={words.roles} hint={words.rolesHint} error={errorAt(error, "role_ids")}>
          {roles.map((role) => (
            <Checkbox
              key={role.id}
              label={role.name}
              hint={levelsInShort(role)}
              checked={roleIds.includes(role.id)}
              onCheckedChange={(on) => setRoleIds(toggled(roleIds, role.id, on))}
            />
          ))}
          {roleIds.length === 0 ? <p className="text-xs text-warn">{words.rolesNone}</p> : null}
        </FieldGroup>
        <FieldGroup legend={words.teams} hint={words.teamsHint} error={errorAt(error, "team_ids")}>
          {teams.length === 0 ? <p className="text-sm text-muted">{words.teamsNone}</p> : null}
          {teams.map((team) => (
            <Checkbox
              key={team.id}
              label={team.name}
              checked={teamIds.includes(team.id)}
              onCheckedChange={(on) => setTeamIds(toggled(teamIds, team.id, on))}
            />
          ))}
        </FieldGroup>
      </div>
      <Refusal>{errorBeside(error, FIELDS)}</Refusal>
    </Dialog>
  );
}

export function PasswordDialog({ user, onClose }: { user: User; onClose: () => void }) {
  const words = text.admin.users;
  const toasts = useToasts();
  const me = useMe();
  const [password, setPassword] = useState("");
  const [isTried, setTried] = useState(false);
  const change = useChange(["users"], changes.changeUser);
  const isShort = [...password].length < SHORTEST_PASSWORD;
  const submit = () => {
    setTried(true);
    if (!isShort) {
      const onSuccess = () => {
        toasts.show({ tone: "ok", text: words.passwordSet(user.name) });
        onClose();
      };
      change.mutate({ id: user.id, password }, { onSuccess });
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={words.setPasswordTitle(user.name)}
      description={words.setPasswordDescription}
      dirty={password !== ""}
      busy={change.isPending}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose} disabled={change.isPending}>
            {text.shell.cancel}
          </Button>
          <Button type="submit" variant="primary" busy={change.isPending}>
            {words.setPassword}
          </Button>
        </>
      }
    >
      {user.id === me.user_id ? (
        <Banner tone="warn" className="mb-4">
          {words.setOwnPassword}
        </Banner>
      ) : null}
      <PasswordField
        value={password}
        onValueChange={setPassword}
        error={(isTried && isShort ? words.passwordShort : undefined) ?? errorAt(change.error, "password")}
        autoFocus
      />
      <Refusal>{errorBeside(change.error, ["password"])}</Refusal>
    </Dialog>
  );
}

/** The list with or without one. */
export function toggled(list: readonly string[], one: string, on: boolean): readonly string[] {
  return on ? [...list, one] : list.filter((other) => other !== one);
}

/** Whether two lists hold the same, in whatever order. */
export function same(a: readonly string[], b: readonly string[]): boolean {
  return a.length === b.length && a.every((one) => b.includes(one));
}
