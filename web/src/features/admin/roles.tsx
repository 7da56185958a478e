// Roles with their levels: the built-in ones to look at and copy, the firm's own to add, change and remove.
import { Copy, Ellipsis, Eye, Lock, Pencil, Trash2 } from "lucide-react";
import { useState } from "react";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import {
  Button,
  type Column,
  ConfirmDialog,
  DataTable,
  Dialog,
  EmptyState,
  Field,
  harmless,
  IconButton,
  Input,
  Menu,
} from "../../ui";
import { LevelMark, LevelsField, LevelsInWords, LevelsLegend } from "./levels";
import { changes, type Role, type User, useChange, useRoles, useUsers } from "./queries";
import { errorAt, errorBeside } from "./refusal";
import { type CaseScope, type Levels, RESOURCES } from "./role-words";
import { AddButton, Loaded, Refusal, Section, useReadOnlyReason } from "./section";

type Draft = { id: string | undefined; name: string; scope: CaseScope; levels: Levels };
type Open = { dialog: "edit"; draft: Draft } | { dialog: "details" | "remove"; role: Role };

const BLANK: Draft = {
  id: undefined,
  name: "",
  scope: "assigned",
  levels: { case_contacts: 1, sms: 1, calls: 1, audit: 0, settings: 0 },
};

export function Roles() {
  const words = text.admin.roles;
  const roles = useRoles();
  const users = useUsers();
  const [open, setOpen] = useState<Open | undefined>();
  const close = () => setOpen(undefined);
  return (
    <Section
      title={words.title}
      hint={words.hint}
      action={<AddButton label={words.add} onAdd={() => setOpen({ dialog: "edit", draft: BLANK })} />}
    >
      <Loaded read={roles} what={words.what}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title={words.what} />
          ) : (
            <Table roles={all} users={users.data ?? []} onOpen={setOpen} />
          )
        }
      </Loaded>
      <LevelsLegend />
      {open?.dialog === "edit" ? <RoleDialog draft={open.draft} onClose={close} /> : null}
      {open?.dialog === "details" ? <Details role={open.role} onClose={close} /> : null}
      {open?.dialog === "remove" ? <Removal role={open.role} onClose={close} /> : null}
    </Section>
  );
}

function Table({
  roles,
  users,
  onOpen,
}: {
  roles: readonly Role[];
  users: readonly User[];
  onOpen: (open: Open) => void;
}) {
  const words = text.admin.roles;
  const holders = (role: Role) => users.filter((user) => user.role_ids.includes(role.id)).length;
  const columns: Column<Role>[] = [
    {
      id: "name",
      header: words.columns.name,
      cell: (role) => (
        <span className="flex flex-col items-start">
          <button
            type="button"
            className="min-h-6 rounded-sm text-left font-medium wrap-anywhere hover:text-accent hover:underline"
            onClick={() => onOpen({ dialog: "details", role })}
          >
            {harmless(role.name)}
          </button>
          {role.is_default ? (
            <span className="inline-flex items-center gap-1 text-xs text-muted">
              <Lock aria-hidden="true" size={10} />
              {words.builtIn}
            </span>
          ) : null}
        </span>
      ),
    },
    { id: "scope", header: words.columns.scope, cell: (role) => words.scopes[role.case_scope].name },
    ...RESOURCES.map((resource) => ({
      id: resource,
      header: words.resources[resource].short,
      wideOnly: true,
      cell: (role: Role) => <LevelMark level={role.levels[resource]} />,
    })),
    {
      id: "holders",
      header: words.columns.holders,
      wideOnly: true,
      cell: (role) => <span className="whitespace-nowrap text-muted">{words.holders(holders(role))}</span>,
    },
    {
      id: "actions",
      header: words.columns.actions,
      hideHeader: true,
      align: "end",
      cell: (role) => <Actions role={role} holders={holders(role)} onOpen={onOpen} />,
    },
  ];
  return <DataTable caption={words.title} columns={columns} rows={roles} rowKey={(role) => role.id} />;
}

function Actions({ role, holders, onOpen }: { role: Role; holders: number; onOpen: (open: Open) => void }) {
  const words = text.admin.roles;
  const reason = useReadOnlyReason();
  const ownReason = reason ?? (role.is_default ? words.builtInReason : undefined);
  const draft = { name: role.name, scope: role.case_scope, levels: role.levels };
  return (
    <Menu
      trigger={
        <IconButton
          label={text.admin.actionsFor(role.name)}
          noTooltip
          icon={<Ellipsis aria-hidden="true" size={16} />}
        />
      }
      items={[
        {
          id: "details",
          label: words.details,
          icon: <Eye size={16} />,
          onSelect: () => onOpen({ dialog: "details", role }),
        },
        {
          id: "edit",
          label: text.admin.edit,
          icon: <Pencil size={16} />,
          reason: ownReason,
          onSelect: () => onOpen({ dialog: "edit", draft: { ...draft, id: role.id } }),
        },
        {
          id: "copy",
          label: words.copy,
          icon: <Copy size={16} />,
          reason,
          onSelect: () => onOpen({ dialog: "edit", draft: { ...draft, id: undefined, name: words.copyOf(role.name) } }),
        },
        {
          id: "remove",
          label: text.admin.remove,
          icon: <Trash2 size={16} />,
          danger: true,
          above: true,
          reason: ownReason ?? (holders > 0 ? words.inUse(holders) : undefined),
          onSelect: () => onOpen({ dialog: "remove", role }),
        },
      ]}
    />
  );
}

function RoleDialog({ draft, onClose }: { draft: Draft; onClose: () => void }) {
  const words = text.admin.roles;
  const toasts = useToasts();
  const [name, setName] = useState(draft.name);
  const [scope, setScope] = useState(draft.scope);
  const [levels, setLevels] = useState(draft.levels);
  const [isTried, setTried] = useState(false);
  const add = useChange(["roles"], changes.addRole);
  const change = useChange(["roles"], changes.changeRole);
  const { id } = draft;
  const { error, isPending } = id === undefined ? add : change;
  const isDirty =
    name !== draft.name ||
    scope !== draft.scope ||
    RESOURCES.some((resource) => levels[resource] !== draft.levels[resource]);

  const submit = () => {
    setTried(true);
    if (name.trim() === "") {
      return;
    }
    const onSuccess = (saved: Role) => {
      toasts.show({
        tone: "ok",
        text: id === undefined ? words.created(saved.name) : text.admin.savedWhat(saved.name),
      });
      onClose();
    };
    const body = { name, case_scope: scope, levels };
    if (id === undefined) {
      add.mutate(body, { onSuccess });
    } else {
      change.mutate({ id, ...body }, { onSuccess });
    }
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title={id === undefined ? words.addTitle : words.editTitle(draft.name)}
      description={id === undefined ? undefined : words.editDescription}
      dirty={isDirty}
      busy={isPending}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose} disabled={isPending}>
            {text.shell.cancel}
          </Button>
          <Button type="submit" variant="primary" busy={isPending} disabled={id !== undefined && !isDirty}>
            {id === undefined ? words.add : text.shell.saveChanges}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-5">
        <Field
          label={text.admin.name}
          error={(isTried && name.trim() === "" ? text.admin.nameRequired : undefined) ?? errorAt(error, "name")}
        >
          <Input value={name} onValueChange={setName} autoComplete="off" maxLength={200} />
        </Field>
        <LevelsField levels={levels} scope={scope} onLevels={setLevels} onScope={setScope} />
      </div>
      <Refusal>{errorBeside(error, ["name"])}</Refusal>
    </Dialog>
  );
}

function Details({ role, onClose }: { role: Role; onClose: () => void }) {
  const words = text.admin.roles;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="lg"
      title={words.detailsTitle(role.name)}
      description={role.is_default ? words.builtInReason : undefined}
      footer={<Button onClick={onClose}>{text.shell.close}</Button>}
    >
      <LevelsInWords levels={role.levels} scope={role.case_scope} />
    </Dialog>
  );
}

function Removal({ role, onClose }: { role: Role; onClose: () => void }) {
  const words = text.admin.roles;
  const toasts = useToasts();
  const remove = useChange(["roles"], changes.removeRole);
  const confirm = () => {
    const onSuccess = () => {
      toasts.show({ text: words.removed(role.name) });
      onClose();
    };
    remove.mutate(role.id, { onSuccess });
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={words.removeTitle(role.name)}
      description={words.removeDescription}
      confirmLabel={text.admin.remove}
      danger
      busy={remove.isPending}
      error={errorBeside(remove.error, [])}
      onConfirm={confirm}
    />
  );
}
