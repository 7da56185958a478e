// Chooses a case by typing its number, caption or client; with `candidates` among those alone, without asking the server. Refuses to
// show what the reader may not know of: the server searches only their cases.
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { useCaseSearch } from "../../live/requests";
import { text } from "../../text/en";
import { Combobox } from "../../ui";
import { useSettled } from "./use-settled";

export type CaseChoice = {
  number: string;
  name: string;
  clientName?: string | null | undefined;
  isClosed?: boolean | undefined;
};

export type CasePickerProps = {
  value: CaseChoice | null;
  onChange: (value: CaseChoice | null) => void;
  label: string;
  /** Only these can be chosen. */
  candidates?: readonly CaseChoice[] | undefined;
  /** Numbers of cases that are left out, such as the one that a text is in. */
  except?: readonly string[] | undefined;
  placeholder?: string | undefined;
  autoFocus?: boolean | undefined;
};

const w = text.cases;
const caseKey = (choice: CaseChoice) => choice.number;
const caseLabel = (choice: CaseChoice) => `${choice.number} ${choice.name}`;

function caseDetail({ clientName, isClosed }: CaseChoice): string {
  return [clientName ?? w.noClient, isClosed ? w.statusClosed : undefined]
    .filter((part) => part !== undefined)
    .join(", ");
}

/** A case as the pickers hold it. */
export function asChoice(found: Schemas["CaseView"]): CaseChoice {
  return {
    number: found.mycase_case_id,
    name: found.name,
    clientName: found.client_name ?? null,
    isClosed: found.status === "closed",
  };
}

export function CasePicker({ candidates, ...props }: CasePickerProps) {
  return candidates === undefined ? (
    <SearchedCases {...props} />
  ) : (
    <CandidateCases {...props} candidates={candidates} />
  );
}

function SearchedCases({
  value,
  onChange,
  label,
  except = [],
  placeholder,
  autoFocus,
}: Omit<CasePickerProps, "candidates">) {
  const [query, setQuery] = useState(value === null ? "" : caseLabel(value));
  const typed = value !== null && query === caseLabel(value) ? "" : query;
  const settled = useSettled(typed);
  const found = useCaseSearch(settled);
  const items = (found.data?.items ?? []).map(asChoice).filter(({ number }) => !except.includes(number));
  return (
    <Combobox<CaseChoice>
      label={label}
      items={items}
      itemKey={caseKey}
      itemLabel={caseLabel}
      itemDetail={caseDetail}
      value={value}
      onValueChange={onChange}
      query={query}
      onQueryChange={setQuery}
      loading={found.isFetching || settled !== typed}
      empty={found.isError ? w.pickerError : w.pickerEmpty}
      placeholder={placeholder ?? w.pickerPlaceholder}
      autoFocus={autoFocus}
    />
  );
}

function CandidateCases({
  value,
  onChange,
  label,
  candidates,
  except = [],
  placeholder,
  autoFocus,
}: CasePickerProps & { candidates: readonly CaseChoice[] }) {
  const [query, setQuery] = useState(value === null ? "" : caseLabel(value));
  const typed = value !== null && query === caseLabel(value) ? "" : query.trim().toLowerCase();
  const items = candidates.filter(
    (choice) => !except.includes(choice.number) && caseLabel(choice).toLowerCase().includes(typed),
  );
  return (
    <Combobox<CaseChoice>
      label={label}
      items={items}
      itemKey={caseKey}
      itemLabel={caseLabel}
      itemDetail={(choice) =>
        choice.clientName === undefined && choice.isClosed === undefined ? null : caseDetail(choice)
      }
      value={value}
      onValueChange={onChange}
      query={query}
      onQueryChange={setQuery}
      empty={w.pickerEmpty}
      placeholder={placeholder ?? w.pickerPlaceholder}
      autoFocus={autoFocus}
    />
  );
}
