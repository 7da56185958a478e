// What somebody can be in a case: the order, by buttons and by Alt with the arrows; what is offered; the firm's own roles. The order is shown
// at once and taken back if the server refuses it.
import { ArrowDown, ArrowUp, Lock, Merge, Pencil } from "lucide-react";
import { type KeyboardEvent, useRef, useState } from "react";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Badge, Button, Dialog, EmptyState, Field, IconButton, Input, RoleBadge, Switch } from "../../ui";
import { moved, reorder } from "./contact-role-order";
import { MergeRoleDialog } from "./merge-role-dialog";
import { type ContactRole, changes, useAllContactRoles, useChange } from "./queries";
import { errorAt, errorBeside, inWords } from "./refusal";
import { AddButton, Loaded, Refusal, Section, useReadOnlyReason } from "./section";

export function ContactRoles() {
  const words = text.admin.contactRoles;
  const roles = useAllContactRoles();
  const reason = useReadOnlyReason();
  const [open, setOpen] = useState<"add" | ContactRole | undefined>();
  const [merging, setMerging] = useState<ContactRole | undefined>();
  const close = () => setOpen(undefined);
  return (
    <Section
      title={words.title}
      hint={words.hint}
      action={<AddButton label={words.add} onAdd={() => setOpen("add")} />}
    >
      <Loaded read={roles} what={words.what}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title={words.emptyTitle} />
          ) : (
            <OrderedList roles={all} onRename={setOpen} onMerge={setMerging} />
          )
        }
      </Loaded>
      {reason === undefined ? <p className="text-sm text-muted">{words.keyboard}</p> : null}
      {merging ? (
        <MergeRoleDialog role={merging} roles={roles.data ?? []} onClose={() => setMerging(undefined)} />
      ) : null}
      {open === "add" ? <RoleNameDialog renamed={undefined} onClose={close} /> : null}
      {open !== undefined && open !== "add" ? <RoleNameDialog renamed={open} onClose={close} /> : null}
    </Section>
  );
}

type OrderedListProps = {
  roles: readonly ContactRole[];
  onRename: (role: ContactRole) => void;
  onMerge: (role: ContactRole) => void;
};

function OrderedList({ roles, onRename, onMerge }: OrderedListProps) {
  const words = text.admin.contactRoles;
  const toasts = useToasts();
  const [shown, setShown] = useState<readonly ContactRole[] | undefined>();
  const [news, setNews] = useState("");
  const frame = useRef<HTMLOListElement>(null);
  const save = useChange(["contact-roles"], async (list: readonly ContactRole[]) => {
    for (const change of reorder(list)) {
      await changes.changeContactRole(change);
    }
  });
  const list = shown ?? roles;

  const move = (role: ContactRole, step: 1 | -1) => {
    const next = moved(list, role.id, step);
    if (next === list || save.isPending) {
      return;
    }
    setShown(next);
    setNews(words.moved(role.name, next.indexOf(role) + 1, next.length));
    save.mutate(next, {
      onSettled: () => setShown(undefined),
      onError: () => toasts.show({ tone: "bad", text: words.orderFailed }),
    });
    // The row moves with the focus in it; the button may have become the one that cannot go further.
    requestAnimationFrame(() => {
      const row = frame.current?.querySelector<HTMLElement>(`[data-role="${CSS.escape(role.id)}"]`);
      if (row && !row.contains(document.activeElement)) {
        row.querySelector<HTMLElement>("button")?.focus();
      }
    });
  };

  return (
    <>
      <ol ref={frame} aria-label={words.list} className="divide-y divide-line rounded-md border border-line bg-surface">
        {list.map((role, index) => (
          <Row
            key={role.id}
            role={role}
            position={index + 1}
            of={list.length}
            onMove={(step) => move(role, step)}
            onRename={() => onRename(role)}
            onMerge={() => onMerge(role)}
          />
        ))}
      </ol>
      <p role="status" className="sr-only">
        {news}
      </p>
    </>
  );
}

type RowProps = {
  role: ContactRole;
  position: number;
  of: number;
  onMove: (step: 1 | -1) => void;
  onRename: () => void;
  onMerge: () => void;
};

function Row({ role, position, of, onMove, onRename, onMerge }: RowProps) {
  const words = text.admin.contactRoles;
  const reason = useReadOnlyReason();
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.altKey && reason === undefined && (event.key === "ArrowUp" || event.key === "ArrowDown")) {
      event.preventDefault();
      onMove(event.key === "ArrowUp" ? -1 : 1);
    }
  };
  return (
    <li
      data-role={role.id}
      onKeyDown={onKeyDown}
      className="flex min-h-12 flex-wrap items-center gap-x-3 gap-y-1 px-3 py-1.5"
    >
      <span aria-hidden="true" className="w-5 shrink-0 text-right text-sm text-muted">
        {position}
      </span>
      <span className="flex min-w-0 flex-1 basis-40 flex-wrap items-center gap-2">
        <RoleBadge role={role.name} />
        {role.is_default ? (
          <Badge icon={<Lock size={10} />} className="border-transparent bg-transparent font-normal text-muted">
            {words.builtIn}
          </Badge>
        ) : null}
      </span>
      <span className="flex items-center gap-1">
        <Offered role={role} />
        <IconButton
          label={`${words.rename}: ${role.name}`}
          icon={<Pencil aria-hidden="true" size={16} />}
          reason={reason ?? (role.is_default ? words.renameReason : undefined)}
          onClick={onRename}
        />
        <IconButton
          label={`${words.merge}: ${role.name}`}
          icon={<Merge aria-hidden="true" size={16} />}
          reason={reason}
          onClick={onMerge}
        />
        <IconButton
          label={words.up(role.name)}
          icon={<ArrowUp aria-hidden="true" size={16} />}
          reason={reason ?? (position === 1 ? words.first : undefined)}
          onClick={() => onMove(-1)}
        />
        <IconButton
          label={words.down(role.name)}
          icon={<ArrowDown aria-hidden="true" size={16} />}
          reason={reason ?? (position === of ? words.last : undefined)}
          onClick={() => onMove(1)}
        />
      </span>
    </li>
  );
}

function Offered({ role }: { role: ContactRole }) {
  const words = text.admin.contactRoles;
  const reason = useReadOnlyReason();
  const toasts = useToasts();
  const change = useChange(["contact-roles"], changes.changeContactRole);
  const put = (is_active: boolean) => {
    change.mutate(
      { id: role.id, is_active },
      {
        onSuccess: () =>
          toasts.show({
            text: is_active ? words.shown(role.name) : words.hidden(role.name),
            action: { label: text.shell.undo, run: () => change.mutateAsync({ id: role.id, is_active: !is_active }) },
            key: `contact-role ${role.id}`,
          }),
        onError: (error) => toasts.show({ tone: "bad", text: inWords(error) }),
      },
    );
  };
  return (
    <span className="mr-2 inline-flex items-center gap-2">
      <span aria-hidden="true" className="text-sm text-muted">
        {words.offeredShort}
      </span>
      <Switch
        hideLabel
        label={words.offered(role.name)}
        checked={change.isPending ? change.variables.is_active === true : role.is_active}
        onCheckedChange={put}
        disabled={reason !== undefined || change.isPending}
      />
    </span>
  );
}

function RoleNameDialog({ renamed: role, onClose }: { renamed: ContactRole | undefined; onClose: () => void }) {
  const words = text.admin.contactRoles;
  const toasts = useToasts();
  const [name, setName] = useState(role?.name ?? "");
  const [isTried, setTried] = useState(false);
  const add = useChange(["contact-roles"], changes.addContactRole);
  const change = useChange(["contact-roles"], changes.changeContactRole);
  const { error, isPending } = role ? change : add;
  const submit = () => {
    setTried(true);
    if (name.trim() === "") {
      return;
    }
    const onSuccess = (saved: ContactRole) => {
      toasts.show({ tone: "ok", text: role ? text.admin.savedWhat(saved.name) : words.created(saved.name) });
      onClose();
    };
    if (role) {
      change.mutate({ id: role.id, name }, { onSuccess });
    } else {
      add.mutate({ name }, { onSuccess });
    }
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={role ? words.renameTitle(role.name) : words.addTitle}
      description={role ? words.renameDescription : words.addDescription}
      dirty={name !== (role?.name ?? "")}
      busy={isPending}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose} disabled={isPending}>
            {text.shell.cancel}
          </Button>
          <Button type="submit" variant="primary" busy={isPending} disabled={role !== undefined && name === role.name}>
            {role ? words.rename : words.add}
          </Button>
        </>
      }
    >
      <Field
        label={text.admin.name}
        error={(isTried && name.trim() === "" ? text.admin.nameRequired : undefined) ?? errorAt(error, "name")}
      >
        <Input value={name} onValueChange={setName} autoComplete="off" maxLength={60} />
      </Field>
      <Refusal>{errorBeside(error, ["name"])}</Refusal>
    </Dialog>
  );
}
