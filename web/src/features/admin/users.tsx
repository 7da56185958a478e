// Users of the firm: found by name or address, added, edited, given a password, deactivated and activated again.
import { Ellipsis, KeyRound, Pencil, Search, UserCheck, UserMinus, UserPlus } from "lucide-react";
import { useMemo, useState } from "react";
import { useMe } from "../../live/hooks";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import {
  Avatar,
  Badge,
  Button,
  type Column,
  ConfirmDialog,
  DataTable,
  EmptyState,
  harmless,
  IconButton,
  Input,
  Menu,
  Select,
} from "../../ui";
import { changes, type Role, type Team, type User, useChange, useRoles, useTeams, useUsers } from "./queries";
import { errorBeside, inWords } from "./refusal";
import { Loaded, Section, TableSkeleton, useReadOnlyReason } from "./section";
import { PasswordDialog, UserDialog } from "./user-dialog";

type Standing = keyof typeof text.admin.users.standings;
type Open = { dialog: "add" } | { dialog: "edit" | "password" | "deactivate"; user: User };

export function UsersSection() {
  const words = text.admin.users;
  const users = useUsers();
  const roles = useRoles();
  const teams = useTeams();
  const reason = useReadOnlyReason();
  const [query, setQuery] = useState("");
  const [standing, setStanding] = useState<Standing>("active");
  const [open, setOpen] = useState<Open | undefined>();
  const close = () => setOpen(undefined);
  const shown = useMemo(() => found(users.data ?? [], query, standing), [users.data, query, standing]);

  return (
    <Section
      title={words.title}
      hint={words.hint}
      action={
        <Button
          variant="primary"
          icon={<UserPlus aria-hidden="true" size={16} />}
          reason={reason}
          onClick={() => setOpen({ dialog: "add" })}
        >
          {words.add}
        </Button>
      }
    >
      <div className="flex flex-wrap items-center gap-2">
        <div className="min-w-0 flex-1 basis-56">
          <Input
            type="search"
            aria-label={words.search}
            placeholder={words.searchPlaceholder}
            value={query}
            onValueChange={setQuery}
            icon={<Search size={16} />}
          />
        </div>
        <div className="w-40">
          <Select
            label={words.standing}
            value={standing}
            onValueChange={(value) => setStanding(STANDINGS.find((one) => one === value) ?? "all")}
            options={STANDINGS.map((value) => ({ value, label: words.standings[value] }))}
          />
        </div>
        <p role="status" className="text-sm text-muted">
          {users.data ? words.shown(shown.length) : null}
        </p>
      </div>
      <Loaded read={users} what={words.what} skeleton={<TableSkeleton />}>
        {() =>
          shown.length === 0 ? (
            <EmptyState
              title={words.emptyTitle}
              hint={words.emptyHint}
              action={
                <Button
                  onClick={() => {
                    setQuery("");
                    setStanding("all");
                  }}
                >
                  {words.clear}
                </Button>
              }
            />
          ) : (
            <Table users={shown} roles={roles.data ?? []} teams={teams.data ?? []} onOpen={setOpen} />
          )
        }
      </Loaded>
      {open?.dialog === "add" ? (
        <UserDialog user={undefined} roles={roles.data ?? []} teams={teams.data ?? []} onClose={close} />
      ) : null}
      {open?.dialog === "edit" ? (
        <UserDialog user={open.user} roles={roles.data ?? []} teams={teams.data ?? []} onClose={close} />
      ) : null}
      {open?.dialog === "password" ? <PasswordDialog user={open.user} onClose={close} /> : null}
      {open?.dialog === "deactivate" ? <Deactivation user={open.user} onClose={close} /> : null}
    </Section>
  );
}

const STANDINGS: readonly Standing[] = ["active", "inactive", "all"];

function found(users: readonly User[], query: string, standing: Standing): readonly User[] {
  const asked = query.trim().toLocaleLowerCase();
  return users
    .filter((user) => standing === "all" || user.is_active === (standing === "active"))
    .filter((user) => `${user.name} ${user.email}`.toLocaleLowerCase().includes(asked));
}

type TableProps = {
  users: readonly User[];
  roles: readonly Role[];
  teams: readonly Team[];
  onOpen: (open: Open) => void;
};

function Table({ users, roles, teams, onOpen }: TableProps) {
  const words = text.admin.users;
  const me = useMe();
  const named = (ids: readonly string[], all: readonly { id: string; name: string }[]) =>
    all.filter((one) => ids.includes(one.id)).map((one) => one.name);
  const columns: Column<User>[] = [
    {
      id: "name",
      header: words.columns.name,
      cell: (user) => (
        <span className="flex min-w-0 items-center gap-3">
          <Avatar name={user.name} />
          <span className="min-w-0">
            <span className="block font-medium wrap-anywhere">
              <bdi>{harmless(user.name)}</bdi>
              {user.id === me.user_id ? <span className="font-normal text-muted"> ({words.you})</span> : null}
            </span>
            <span className="block text-sm text-muted wrap-anywhere">{user.email}</span>
            <span className="hidden text-sm text-muted wrap-anywhere @max-[720px]/table:block">
              {harmless(named(user.role_ids, roles).join(", ")) || words.noRoles}
            </span>
          </span>
        </span>
      ),
    },
    {
      id: "roles",
      header: words.columns.roles,
      wideOnly: true,
      cell: (user) => <Names names={named(user.role_ids, roles)} none={words.noRoles} />,
    },
    {
      id: "teams",
      header: words.columns.teams,
      wideOnly: true,
      cell: (user) => <Names names={named(user.team_ids, teams)} none={words.noTeams} />,
    },
    {
      id: "standing",
      header: words.columns.standing,
      cell: (user) => (user.is_active ? <Badge tone="ok">{words.active}</Badge> : <Badge>{words.inactive}</Badge>),
    },
    {
      id: "actions",
      header: words.columns.actions,
      hideHeader: true,
      align: "end",
      cell: (user) => <Actions user={user} onOpen={onOpen} />,
    },
  ];
  return <DataTable caption={words.title} columns={columns} rows={users} rowKey={(user) => user.id} />;
}

function Names({ names, none }: { names: readonly string[]; none: string }) {
  if (names.length === 0) {
    return <span className="text-muted">{none}</span>;
  }
  return (
    <span className="flex flex-wrap gap-1">
      {names.map((name) => (
        <Badge key={name}>{name}</Badge>
      ))}
    </span>
  );
}

function Actions({ user, onOpen }: { user: User; onOpen: (open: Open) => void }) {
  const words = text.admin.users;
  const reason = useReadOnlyReason();
  const me = useMe();
  const toasts = useToasts();
  const change = useChange(["users"], changes.changeUser);
  const activate = () => {
    change.mutate(
      { id: user.id, is_active: true },
      {
        onSuccess: () => toasts.show({ tone: "ok", text: words.activated(user.name) }),
        onError: (error) => toasts.show({ tone: "bad", text: inWords(error) }),
      },
    );
  };
  const ownReason = user.id === me.user_id ? words.deactivateSelf : undefined;
  return (
    <Menu
      trigger={
        <IconButton
          label={text.admin.actionsFor(user.name)}
          noTooltip
          icon={<Ellipsis aria-hidden="true" size={16} />}
        />
      }
      items={[
        {
          id: "edit",
          label: text.admin.edit,
          icon: <Pencil size={16} />,
          reason,
          onSelect: () => onOpen({ dialog: "edit", user }),
        },
        {
          id: "password",
          label: words.setPassword,
          icon: <KeyRound size={16} />,
          reason,
          onSelect: () => onOpen({ dialog: "password", user }),
        },
        user.is_active
          ? {
              id: "deactivate",
              label: words.deactivate,
              icon: <UserMinus size={16} />,
              danger: true,
              above: true as const,
              reason: reason ?? ownReason,
              onSelect: () => onOpen({ dialog: "deactivate", user }),
            }
          : {
              id: "activate",
              label: words.activate,
              icon: <UserCheck size={16} />,
              above: true as const,
              reason,
              onSelect: activate,
            },
      ]}
    />
  );
}

function Deactivation({ user, onClose }: { user: User; onClose: () => void }) {
  const words = text.admin.users;
  const toasts = useToasts();
  const change = useChange(["users"], changes.changeUser);
  const confirm = () => {
    const onSuccess = () => {
      onClose();
      toasts.show({
        text: words.deactivated(user.name),
        action: { label: text.shell.undo, run: () => change.mutateAsync({ id: user.id, is_active: true }) },
      });
    };
    change.mutate({ id: user.id, is_active: false }, { onSuccess });
  };
  return (
    <ConfirmDialog
      open
      onOpenChange={onClose}
      title={words.deactivateTitle(user.name)}
      description={words.deactivateDescription}
      confirmLabel={words.deactivate}
      danger
      busy={change.isPending}
      error={errorBeside(change.error, [])}
      onConfirm={confirm}
    />
  );
}
