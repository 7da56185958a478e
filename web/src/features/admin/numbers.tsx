// The firm's own phone numbers: added, labelled, retired and taken back into use.
import { Pencil } from "lucide-react";
import { useState } from "react";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Time } from "../../time/time";
import {
  Button,
  type Column,
  DataTable,
  Dialog,
  EmptyState,
  Field,
  harmless,
  IconButton,
  Input,
  Switch,
} from "../../ui";
import { changes, type OwnNumber, useChange, useNumbers } from "./queries";
import { errorAt, errorBeside, inWords } from "./refusal";
import { AddButton, Loaded, Refusal, Section, useReadOnlyReason } from "./section";

export function Numbers() {
  const words = text.admin.numbers;
  const numbers = useNumbers();
  const reason = useReadOnlyReason();
  const [open, setOpen] = useState<"add" | OwnNumber | undefined>();
  const close = () => setOpen(undefined);
  const columns: Column<OwnNumber>[] = [
    {
      id: "number",
      header: words.columns.number,
      cell: (number) => <span className="font-medium whitespace-nowrap">{number.number}</span>,
    },
    {
      id: "label",
      header: words.columns.label,
      cell: (number) =>
        number.label ? (
          <bdi className="wrap-anywhere">{harmless(number.label)}</bdi>
        ) : (
          <span className="text-muted">{words.noLabel}</span>
        ),
    },
    {
      id: "account",
      header: words.columns.account,
      wideOnly: true,
      cell: (number) => <span className="font-mono text-xs text-muted">{number.account_sid}</span>,
    },
    {
      id: "since",
      header: words.columns.since,
      wideOnly: true,
      cell: (number) => <Time at={number.created_at} style="short" className="whitespace-nowrap text-muted" />,
    },
    { id: "active", header: words.columns.active, cell: (number) => <InUse number={number} /> },
    {
      id: "actions",
      header: words.columns.actions,
      hideHeader: true,
      align: "end",
      cell: (number) => (
        <IconButton
          label={`${words.editLabel}: ${number.number}`}
          icon={<Pencil aria-hidden="true" size={16} />}
          reason={reason}
          onClick={() => setOpen(number)}
        />
      ),
    },
  ];
  return (
    <Section
      title={words.title}
      hint={words.hint}
      action={<AddButton label={words.add} onAdd={() => setOpen("add")} />}
    >
      <Loaded read={numbers} what={words.what}>
        {(all) =>
          all.length === 0 ? (
            <EmptyState title={words.emptyTitle} hint={words.emptyHint} />
          ) : (
            <DataTable
              caption={words.title}
              columns={columns}
              rows={all}
              rowKey={(number) => number.id}
              rowClassName={(number) => (number.is_active ? undefined : "text-muted")}
            />
          )
        }
      </Loaded>
      {open === "add" ? <NewNumber onClose={close} /> : null}
      {open !== undefined && open !== "add" ? <LabelDialog number={open} onClose={close} /> : null}
    </Section>
  );
}

function InUse({ number }: { number: OwnNumber }) {
  const words = text.admin.numbers;
  const reason = useReadOnlyReason();
  const toasts = useToasts();
  const change = useChange(["numbers"], changes.changeNumber);
  const put = (is_active: boolean) => {
    change.mutate(
      { id: number.id, is_active },
      {
        onSuccess: () => {
          const say = is_active ? words.taken(number.number) : words.retired(number.number);
          const back = {
            label: text.shell.undo,
            run: () => change.mutateAsync({ id: number.id, is_active: !is_active }),
          };
          toasts.show({ text: say, action: back, key: `number ${number.id}` });
        },
        onError: (error) => toasts.show({ tone: "bad", text: inWords(error) }),
      },
    );
  };
  const isOn = change.isPending ? change.variables.is_active === true : number.is_active;
  return (
    <Switch
      hideLabel
      label={words.active(number.number)}
      checked={isOn}
      onCheckedChange={put}
      disabled={reason !== undefined || change.isPending}
    />
  );
}

function NewNumber({ onClose }: { onClose: () => void }) {
  const words = text.admin.numbers;
  const toasts = useToasts();
  const [number, setNumber] = useState("");
  const [label, setLabel] = useState("");
  const [account, setAccount] = useState("");
  const [isTried, setTried] = useState(false);
  const add = useChange(["numbers"], changes.addNumber);
  const submit = () => {
    setTried(true);
    if (number.trim() === "") {
      return;
    }
    const onSuccess = (saved: OwnNumber) => {
      toasts.show({ tone: "ok", text: words.created(saved.number) });
      onClose();
    };
    add.mutate({ number, label, ...(account.trim() === "" ? {} : { account_sid: account.trim() }) }, { onSuccess });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={words.addTitle}
      description={words.addDescription}
      dirty={number !== "" || label !== "" || account !== ""}
      busy={add.isPending}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose} disabled={add.isPending}>
            {text.shell.cancel}
          </Button>
          <Button type="submit" variant="primary" busy={add.isPending}>
            {words.add}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        <Field
          label={words.number}
          hint={words.numberHint}
          error={(isTried && number.trim() === "" ? words.numberRequired : undefined) ?? errorAt(add.error, "number")}
        >
          <Input type="tel" value={number} onValueChange={setNumber} autoComplete="off" />
        </Field>
        <Field
          label={words.label}
          note={text.admin.optional}
          hint={words.labelHint}
          error={errorAt(add.error, "label")}
        >
          <Input value={label} onValueChange={setLabel} autoComplete="off" maxLength={60} />
        </Field>
        <Field
          label={words.account}
          note={text.admin.optional}
          hint={words.accountHint}
          error={errorAt(add.error, "account_sid")}
        >
          <Input
            value={account}
            onValueChange={setAccount}
            autoComplete="off"
            spellCheck={false}
            className="font-mono"
          />
        </Field>
      </div>
      <Refusal>{errorBeside(add.error, ["number", "label", "account_sid"])}</Refusal>
    </Dialog>
  );
}

function LabelDialog({ number, onClose }: { number: OwnNumber; onClose: () => void }) {
  const words = text.admin.numbers;
  const toasts = useToasts();
  const [label, setLabel] = useState(number.label);
  const change = useChange(["numbers"], changes.changeNumber);
  const submit = () => {
    const onSuccess = (saved: OwnNumber) => {
      toasts.show({ tone: "ok", text: text.admin.savedWhat(saved.number) });
      onClose();
    };
    change.mutate({ id: number.id, label }, { onSuccess });
  };
  return (
    <Dialog
      open
      onOpenChange={onClose}
      size="sm"
      title={words.editTitle(number.number)}
      dirty={label !== number.label}
      busy={change.isPending}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={onClose} disabled={change.isPending}>
            {text.shell.cancel}
          </Button>
          <Button type="submit" variant="primary" busy={change.isPending} disabled={label === number.label}>
            {text.shell.save}
          </Button>
        </>
      }
    >
      <Field label={words.label} hint={words.labelHint} error={errorAt(change.error, "label")}>
        <Input value={label} onValueChange={setLabel} autoComplete="off" maxLength={60} />
      </Field>
      <Refusal>{errorBeside(change.error, ["label"])}</Refusal>
    </Dialog>
  );
}
