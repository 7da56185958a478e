// Walls: who is kept from which case, since when and by whom; built and removed by those who manage settings. The same list, for one case,
// is in its menu. Refuses to say anything of a case but its number: who builds walls need not reach it.
import { Plus, X } from "lucide-react";
import { useState } from "react";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import {
  Button,
  type Column,
  Combobox,
  ConfirmDialog,
  DataTable,
  Dialog,
  EmptyState,
  Field,
  IconButton,
  Input,
} from "../../ui";
import { choose } from "./places";
import { changes, type User, useChange, useUsers, useWalls, type Wall } from "./queries";
import { errorAt, errorBeside, inWords } from "./refusal";
import { Loaded, Refusal, Section, useReadOnlyReason } from "./section";

const w = text.walls;

export function Walls() {
  const walls = useWalls();
  const reason = useReadOnlyReason();
  const [isAdding, setAdding] = useState(false);
  return (
    <Section
      title={w.title}
      hint={w.hint}
      action={
        <Button
          variant="primary"
          icon={<Plus aria-hidden="true" size={16} />}
          reason={reason}
          onClick={() => setAdding(true)}
        >
          {w.add}
        </Button>
      }
    >
      <Loaded read={walls} what={w.what}>
        {(all) => <WallTable walls={all} />}
      </Loaded>
      {isAdding ? <WallDialog number={undefined} onClose={() => setAdding(false)} /> : null}
    </Section>
  );
}

/** The walls around one case, with the way to build another. */
export function WallsOfCase({ number, onClose }: { number: string; onClose: () => void }) {
  const walls = useWalls();
  const reason = useReadOnlyReason();
  const [isAdding, setAdding] = useState(false);
  if (isAdding) {
    return <WallDialog number={number} onClose={() => setAdding(false)} />;
  }
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={w.ofCaseTitle(number)}
      description={w.hint}
      footer={
        <>
          <Button onClick={onClose}>{text.shell.close}</Button>
          <Button variant="primary" reason={reason} onClick={() => setAdding(true)}>
            {w.add}
          </Button>
        </>
      }
    >
      <Loaded read={walls} what={w.what}>
        {(all) => <WallTable walls={all.filter((wall) => wall.mycase_case_id === number)} />}
      </Loaded>
    </Dialog>
  );
}

function WallTable({ walls }: { walls: readonly Wall[] }) {
  const toasts = useToasts();
  const reason = useReadOnlyReason();
  const [asked, setAsked] = useState<Wall | undefined>();
  const remove = useChange(["walls"], changes.removeWall);
  if (walls.length === 0) {
    return <EmptyState title={w.emptyTitle} hint={w.emptyHint} />;
  }
  const columns: Column<Wall>[] = [
    { id: "case", header: w.columns.case, cell: (wall) => wall.mycase_case_id },
    { id: "user", header: w.columns.user, cell: (wall) => <bdi className="wrap-anywhere">{wall.user.name}</bdi> },
    { id: "since", header: w.columns.since, cell: (wall) => <Time at={wall.created_at} style="short" /> },
    {
      id: "by",
      header: w.columns.by,
      wideOnly: true,
      cell: (wall) => <bdi className="wrap-anywhere">{wall.added_by?.name ?? w.imported}</bdi>,
    },
    {
      id: "attempts",
      header: w.columns.attempts,
      align: "end",
      className: "tabular-nums",
      cell: (wall) => wall.attempts,
    },
    {
      id: "remove",
      header: w.columns.remove,
      hideHeader: true,
      align: "end",
      cell: (wall) => (
        <IconButton
          label={w.remove(wall.user.name, wall.mycase_case_id)}
          icon={<X aria-hidden="true" size={16} />}
          reason={reason}
          onClick={() => setAsked(wall)}
        />
      ),
    },
  ];
  const confirm = () => {
    if (asked === undefined) {
      return;
    }
    const { user, mycase_case_id: number } = asked;
    remove.mutate(
      { number, userId: user.id },
      {
        onSuccess: () => {
          setAsked(undefined);
          toasts.show({ tone: "ok", text: w.removed(user.name, number) });
        },
      },
    );
  };
  return (
    <>
      <DataTable
        caption={w.title}
        columns={columns}
        rows={walls}
        rowKey={(wall) => `${wall.mycase_case_id} ${wall.user.id}`}
      />
      <ConfirmDialog
        open={asked !== undefined}
        onOpenChange={() => setAsked(undefined)}
        title={w.removeTitle(asked?.user.name ?? "", asked?.mycase_case_id ?? "")}
        description={w.removeDescription}
        confirmLabel={w.removeConfirm}
        busy={remove.isPending}
        error={remove.error ? inWords(remove.error) : undefined}
        onConfirm={confirm}
      />
    </>
  );
}

function WallDialog({ number: known, onClose }: { number: string | undefined; onClose: () => void }) {
  const toasts = useToasts();
  const users = useUsers();
  const [number, setNumber] = useState(known ?? "");
  const [user, setUser] = useState<User | null>(null);
  const [query, setQuery] = useState("");
  const [isTried, setTried] = useState(false);
  const build = useChange(["walls"], changes.buildWall);
  const submit = () => {
    setTried(true);
    if (number.trim() === "" || user === null) {
      return;
    }
    const onSuccess = () => {
      toasts.show({ tone: "ok", text: w.built(user.name, number.trim()) });
      onClose();
    };
    build.mutate({ number: number.trim(), userId: user.id }, { onSuccess });
  };
  const active = (users.data ?? []).filter(({ is_active }) => is_active);
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={w.addTitle}
      description={w.addDescription}
      dirty={user !== null || number !== (known ?? "")}
      busy={build.isPending}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose} disabled={build.isPending}>
            {text.shell.cancel}
          </Button>
          <Button type="submit" variant="primary" busy={build.isPending}>
            {w.add}
          </Button>
        </>
      }
    >
      <Field label={w.caseNumber} error={isTried && number.trim() === "" ? w.caseRequired : undefined}>
        <Input
          value={number}
          onValueChange={setNumber}
          readOnly={known !== undefined}
          autoComplete="off"
          maxLength={64}
        />
      </Field>
      <Field
        label={w.user}
        error={(isTried && user === null ? w.userRequired : undefined) ?? errorAt(build.error, "user_id")}
      >
        <Combobox<User>
          label={w.user}
          items={choose(active, user?.name === query ? "" : query, (one) => `${one.name} ${one.email}`)}
          itemKey={(one) => one.id}
          itemLabel={(one) => one.name}
          itemDetail={(one) => one.email}
          value={user}
          onValueChange={setUser}
          query={query}
          onQueryChange={setQuery}
          loading={users.isPending}
          empty={w.userEmpty}
        />
      </Field>
      <Refusal>{errorBeside(build.error, ["user_id"])}</Refusal>
    </Dialog>
  );
}
