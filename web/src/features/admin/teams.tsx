// Teams of the firm and who is in them.
import { Pencil, Search } from "lucide-react";
import { useState } from "react";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import {
  Avatar,
  Button,
  Checkbox,
  type Column,
  DataTable,
  Dialog,
  EmptyState,
  Field,
  FieldGroup,
  harmless,
  IconButton,
  Input,
} from "../../ui";
import { changes, type Team, type User, useChange, useTeams, useUsers } from "./queries";
import { errorAt, errorBeside } from "./refusal";
import { AddButton, Loaded, Refusal, Section, useReadOnlyReason } from "./section";
import { same, toggled } from "./user-dialog";

const MOST_FACES = 6;

export function Teams() {
  const words = text.admin.teams;
  const teams = useTeams();
  const users = useUsers();
  const reason = useReadOnlyReason();
  const [open, setOpen] = useState<{ team: Team | undefined } | undefined>();
  const add = <AddButton label={words.add} onAdd={() => setOpen({ team: undefined })} />;
  const columns: Column<Team>[] = [
    {
      id: "name",
      header: words.columns.name,
      cell: (team) => <span className="font-medium wrap-anywhere">{harmless(team.name)}</span>,
    },
    { id: "members", header: words.columns.members, cell: (team) => <Members team={team} users={users.data ?? []} /> },
    {
      id: "actions",
      header: words.columns.actions,
      hideHeader: true,
      align: "end",
      cell: (team) => (
        <IconButton
          label={words.editTitle(team.name)}
          icon={<Pencil aria-hidden="true" size={16} />}
          reason={reason}
          onClick={() => setOpen({ team })}
        />
      ),
    },
  ];
  return (
    <Section title={words.title} hint={words.hint} action={add}>
      <Loaded read={teams} what={words.what}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title={words.emptyTitle} hint={words.emptyHint} />
          ) : (
            <DataTable caption={words.title} columns={columns} rows={all} rowKey={(team) => team.id} />
          )
        }
      </Loaded>
      {open ? <TeamDialog team={open.team} users={users.data ?? []} onClose={() => setOpen(undefined)} /> : null}
    </Section>
  );
}

function Members({ team, users }: { team: Team; users: readonly User[] }) {
  const words = text.admin.teams;
  const members = users.filter((user) => team.member_ids.includes(user.id));
  if (team.member_ids.length === 0) {
    return <span className="text-muted">{words.noMembers}</span>;
  }
  const more = members.length - MOST_FACES;
  return (
    <span className="flex flex-wrap items-center gap-x-4 gap-y-1">
      {members.slice(0, MOST_FACES).map((member) => (
        <span key={member.id} className="inline-flex min-w-0 items-center gap-1.5">
          <Avatar name={member.name} size="sm" />
          <bdi className="min-w-0 wrap-anywhere">{harmless(member.name)}</bdi>
        </span>
      ))}
      {more > 0 ? <span className="text-muted">{text.admin.showMore(more)}</span> : null}
      {members.length === 0 ? <span className="text-muted">{words.memberCount(team.member_ids.length)}</span> : null}
    </span>
  );
}

type TeamDialogProps = { team: Team | undefined; users: readonly User[]; onClose: () => void };

function TeamDialog({ team, users, onClose }: TeamDialogProps) {
  const words = text.admin.teams;
  const toasts = useToasts();
  const [name, setName] = useState(team?.name ?? "");
  const [members, setMembers] = useState<readonly string[]>(team?.member_ids ?? []);
  const [query, setQuery] = useState("");
  const [isTried, setTried] = useState(false);
  const add = useChange(["teams", "users"], changes.addTeam);
  const change = useChange(["teams", "users"], changes.changeTeam);
  const { error, isPending } = team ? change : add;
  const isDirty = name !== (team?.name ?? "") || !same(members, team?.member_ids ?? []);
  const asked = query.trim().toLocaleLowerCase();
  const listed = users.filter((user) => `${user.name} ${user.email}`.toLocaleLowerCase().includes(asked));

  const submit = () => {
    setTried(true);
    if (name.trim() === "") {
      return;
    }
    const onSuccess = (saved: Team) => {
      toasts.show({ tone: "ok", text: team ? text.admin.savedWhat(saved.name) : words.created(saved.name) });
      onClose();
    };
    if (team) {
      change.mutate({ id: team.id, name, member_ids: [...members] }, { onSuccess });
    } else {
      add.mutate({ name, member_ids: [...members] }, { onSuccess });
    }
  };

  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={team ? words.editTitle(team.name) : words.addTitle}
      dirty={isDirty}
      busy={isPending}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose} disabled={isPending}>
            {text.shell.cancel}
          </Button>
          <Button type="submit" variant="primary" busy={isPending} disabled={team !== undefined && !isDirty}>
            {team ? text.shell.saveChanges : words.add}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field
          label={text.admin.name}
          error={(isTried && name.trim() === "" ? text.admin.nameRequired : undefined) ?? errorAt(error, "name")}
        >
          <Input value={name} onValueChange={setName} autoComplete="off" maxLength={200} />
        </Field>
        <FieldGroup legend={words.members} hint={words.membersHint} error={errorAt(error, "member_ids")}>
          <div className="flex items-center gap-3">
            <div className="min-w-0 flex-1">
              <Input
                type="search"
                aria-label={words.findMember}
                placeholder={words.findMember}
                value={query}
                onValueChange={setQuery}
                icon={<Search size={16} />}
              />
            </div>
            <p role="status" className="text-sm text-muted">
              {words.chosen(members.length)}
            </p>
          </div>
          <div className="max-h-64 overflow-y-auto rounded-md border border-line px-3 py-1">
            {listed.length === 0 ? <p className="py-2 text-sm text-muted">{words.nobodyFound}</p> : null}
            {listed.map((user) => (
              <Checkbox
                key={user.id}
                label={<bdi>{harmless(user.name)}</bdi>}
                hint={user.is_active ? user.email : `${user.email} · ${text.admin.users.inactive}`}
                checked={members.includes(user.id)}
                onCheckedChange={(on) => setMembers(toggled(members, user.id, on))}
              />
            ))}
          </div>
        </FieldGroup>
      </div>
      <Refusal>{errorBeside(error, ["name", "member_ids"])}</Refusal>
    </Dialog>
  );
}
