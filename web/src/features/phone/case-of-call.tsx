// Choosing the case of a call: the cases of the person first, then any other that one may see.
import { useContact } from "../../live/hooks";
import { text } from "../../text/en";
import { RadioGroup } from "../../ui";
import { type CaseChoice, CasePicker } from "../cases/case-picker";

const w = text.phone;

export type CaseOfCallProps = {
  contactId: string | undefined;
  value: CaseChoice | null;
  onChange: (choice: CaseChoice | null) => void;
};

export function CaseOfCall(props: CaseOfCallProps) {
  return props.contactId === undefined ? (
    <CasePicker label={w.case} value={props.value} onChange={props.onChange} />
  ) : (
    <OfContact {...props} contactId={props.contactId} />
  );
}

function OfContact({ contactId, value, onChange }: CaseOfCallProps & { contactId: string }) {
  const { details } = useContact(contactId);
  const cases = details?.cases ?? [];
  const isOwn = cases.some((one) => one.mycase_case_id === value?.number);
  const choose = (number: string) => {
    const chosen = cases.find((one) => one.mycase_case_id === number);
    if (chosen) {
      onChange({ number: chosen.mycase_case_id, name: chosen.case_name });
    }
  };
  return (
    <div className="flex flex-col gap-3">
      {cases.length > 0 ? (
        <RadioGroup
          label={w.onCases}
          value={isOwn ? (value?.number ?? "") : ""}
          onValueChange={choose}
          options={cases.map((one) => ({
            value: one.mycase_case_id,
            label: `${one.mycase_case_id} · ${one.case_name}`,
            hint: one.role,
          }))}
        />
      ) : null}
      <div className="flex flex-col gap-1">
        <span aria-hidden="true" className="text-sm font-medium">
          {cases.length > 0 ? w.otherCase : w.case}
        </span>
        <CasePicker
          label={cases.length > 0 ? w.otherCase : w.case}
          value={isOwn ? null : value}
          onChange={onChange}
          except={cases.map((one) => one.mycase_case_id)}
        />
      </div>
    </div>
  );
}
