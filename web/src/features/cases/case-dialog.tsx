// Opens a case or changes one: number, caption, client, team, assigned people, status. Sends of a change only what differs. Refuses
// nothing that the server allows; what it refuses stands at its field.
import { UserRound, X } from "lucide-react";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { useToasts } from "../../shell/toast";
import { text } from "../../text/en";
import { Banner, Button, Dialog, Field, FieldGroup, IconButton, Input, plain, RadioGroup, Select } from "../../ui";
import { ContactPicker } from "../contacts/contact-picker";
import { type CaseChoices, changeCase, openCase, useCaseChoices } from "./case-acts";
import { asChange, asNewCase, type CaseDraft, draftOf, emptyDraft, wrongCase } from "./case-draft";
import { focusWrong, useReturnFocus } from "./return-focus";
import { type ActState, useAct } from "./use-act";

const w = text.cases;
const FIELDS = ["mycase_case_id", "name", "client_contact_id", "team_id", "assigned_user_ids", "status"];
const NO_TEAM = "none";

export type CaseDialogProps = {
  /** The case to change; none opens a new one. */
  found?: Schemas["CaseView"] | undefined;
  onClose: () => void;
  onDone?: (changed: Schemas["CaseView"] | undefined, number: string) => void;
};

export function CaseDialog({ found, onClose, onDone }: CaseDialogProps) {
  const choices = useCaseChoices();
  const before = found === undefined ? emptyDraft : draftOf(found, choices.teams);
  const [change, setChange] = useState<Partial<CaseDraft>>({});
  const [tried, setTried] = useState(false);
  useReturnFocus();
  const act = useAct();
  const toasts = useToasts();
  const draft = { ...before, ...change };
  const wrong = wrongCase(draft);
  const set = (next: Partial<CaseDraft>) => {
    setChange((old) => ({ ...old, ...next }));
    act.forget();
  };
  const submit = async () => {
    setTried(true);
    if (wrong !== undefined) {
      focusWrong();
      return;
    }
    const request = found === undefined ? undefined : asChange(before, draft);
    if (found !== undefined && request === undefined) {
      onClose();
      return;
    }
    const number = draft.number.trim();
    let shown: Schemas["CaseView"] | undefined;
    const done = await act.run(async () => {
      shown = request === undefined ? await openCase(asNewCase(draft)) : await changeCase(number, request);
    });
    if (done) {
      const said =
        found === undefined ? (shown ? w.created : w.createdUnseen)(number) : shown ? w.saved(number) : w.savedUnseen;
      toasts.show({ tone: "ok", text: said });
      onClose();
      onDone?.(shown, number);
    }
  };
  const needed = (what: "needed" | "bad" | undefined) =>
    tried && what !== undefined ? (what === "bad" ? w.badNumber : w.required) : undefined;
  return (
    <Dialog
      open
      onOpenChange={onClose}
      title={found === undefined ? w.createTitle : w.editTitle(found.mycase_case_id)}
      description={found === undefined ? w.createDescription : undefined}
      onSubmit={submit}
      busy={act.busy}
      dirty={Object.keys(change).length > 0 && !act.busy}
      footer={
        <>
          <Button onClick={onClose}>{w.cancel}</Button>
          <Button type="submit" variant="primary" busy={act.busy}>
            {act.busy ? w.saving : found === undefined ? w.createSubmit : w.save}
          </Button>
        </>
      }
    >
      <div className="flex flex-col gap-4">
        {found === undefined ? (
          <Field
            label={w.number}
            hint={w.numberHint}
            error={
              needed(wrong?.number) ??
              act.at("mycase_case_id") ??
              (act.error?.code === "already_exists" ? act.error.detail : undefined)
            }
          >
            <Input
              autoFocus
              autoComplete="off"
              maxLength={64}
              value={draft.number}
              onValueChange={(number) => set({ number })}
            />
          </Field>
        ) : null}
        <Field label={w.name} hint={w.nameHint} error={needed(wrong?.name) ?? act.at("name")}>
          <Input autoComplete="off" maxLength={200} value={draft.name} onValueChange={(name) => set({ name })} />
        </Field>
        <ClientField draft={draft} set={set} act={act} />
        <TeamField draft={draft} set={set} act={act} choices={choices} />
        <AssignedField draft={draft} set={set} act={act} choices={choices} />
        {found === undefined ? null : (
          <RadioGroup
            inline
            label={w.status}
            value={draft.status}
            onValueChange={(status) => set({ status })}
            options={[
              { value: "open", label: w.statusOpen },
              { value: "closed", label: w.statusClosed },
            ]}
          />
        )}
        {choices.isFailed ? (
          <Banner tone="bad" actions={<Button onClick={choices.again}>{w.choicesAgain}</Button>}>
            {w.choicesFailed}
          </Banner>
        ) : null}
        {act.error?.code !== "already_exists" && act.beyond(...FIELDS) ? (
          <Banner tone="bad">{act.beyond(...FIELDS)}</Banner>
        ) : null}
      </div>
    </Dialog>
  );
}

type PartProps = { draft: CaseDraft; set: (next: Partial<CaseDraft>) => void; act: ActState };

function ClientField({ draft, set, act }: PartProps) {
  if (draft.client !== null) {
    const name = plain(draft.client.name);
    return (
      <FieldGroup legend={w.client} error={act.at("client_contact_id")}>
        <Chip name={name} removeLabel={w.clientClear} onRemove={() => set({ client: null })} />
      </FieldGroup>
    );
  }
  return (
    <Field label={w.client} error={act.at("client_contact_id")}>
      <ContactPicker
        label={w.client}
        value={null}
        onChange={(contact) => set({ client: contact === null ? null : { id: contact.id, name: contact.name } })}
      />
    </Field>
  );
}

function TeamField({ draft, set, act, choices }: PartProps & { choices: CaseChoices }) {
  return (
    <Field label={w.team} error={act.at("team_id")}>
      <Select
        label={w.team}
        disabled={!choices.isReady}
        value={draft.teamId === null ? NO_TEAM : (draft.teamId ?? null)}
        onValueChange={(team) => set({ teamId: team === NO_TEAM ? null : team })}
        options={[
          { value: NO_TEAM, label: w.teamNone },
          ...choices.teams.map(({ id, name }) => ({ value: id, label: name })),
        ]}
      />
    </Field>
  );
}

function AssignedField({ draft, set, act, choices }: PartProps & { choices: CaseChoices }) {
  const others = choices.users.filter(({ id }) => !draft.assigned.some((user) => user.id === id));
  const add = (id: string) => {
    const user = choices.users.find((one) => one.id === id);
    if (user !== undefined) {
      set({ assigned: [...draft.assigned, { id: user.id, name: user.name }] });
    }
  };
  return (
    <FieldGroup legend={w.assigned} hint={w.assignedHint} error={act.at("assigned_user_ids")}>
      {draft.assigned.length > 0 ? (
        <ul className="flex flex-wrap gap-1.5">
          {draft.assigned.map((user) => (
            <li key={user.id} className="max-w-full">
              <Chip
                name={plain(user.name)}
                removeLabel={w.assignedRemove(plain(user.name))}
                onRemove={() => set({ assigned: draft.assigned.filter(({ id }) => id !== user.id) })}
              />
            </li>
          ))}
        </ul>
      ) : null}
      {choices.isReady && others.length === 0 ? null : (
        <Select
          label={w.assignedAdd}
          placeholder={w.assignedAdd}
          value={null}
          disabled={!choices.isReady}
          onValueChange={add}
          options={others.map(({ id, name }) => ({ value: id, label: plain(name) }))}
        />
      )}
    </FieldGroup>
  );
}

function Chip({ name, removeLabel, onRemove }: { name: string; removeLabel: string; onRemove: () => void }) {
  return (
    <span className="inline-flex max-w-full items-center gap-1.5 rounded-md border border-line bg-bg py-0.5 pr-0.5 pl-2">
      <UserRound aria-hidden="true" size={14} className="shrink-0 text-muted" />
      <bdi className="min-w-0 truncate">{name}</bdi>
      <IconButton size="sm" label={removeLabel} icon={<X aria-hidden="true" size={14} />} onClick={onRemove} />
    </span>
  );
}
