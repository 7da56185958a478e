// Where a refusal is shown: at the field that it names, if the form has it, and otherwise above the buttons. Refuses to swallow one: what
// has no field is always said, with the reference that the logs have.
import type { ApiError } from "../../api/client";
import { text } from "../../text/en";

/** What to say at a field, if the refusal is about it. */
export function errorAt(error: ApiError | null | undefined, field: string): string | undefined {
  return error && fieldOf(error) === field ? inWords(error) : undefined;
}

/** What to say above the buttons: all that none of the form's fields shows. */
export function errorBeside(error: ApiError | null | undefined, fields: readonly string[]): string | undefined {
  if (!error || fields.includes(fieldOf(error) ?? "")) {
    return undefined;
  }
  const reference = error.requestId && error.isPassing ? ` ${text.admin.reference(error.requestId)}` : "";
  return `${inWords(error)}${reference}`;
}

export function inWords(error: ApiError): string {
  if (error.code === "network") {
    return text.admin.unreachable;
  }
  if (error.code === "outcome_unknown") {
    return text.admin.unknownOutcome;
  }
  return why(error.detail) || error.title || text.shell.couldNotSave;
}

/** The field without what follows it, as in `phones[0].number` or `embed_origins[2]`. */
function fieldOf(error: ApiError): string | undefined {
  return error.field?.split(/[[.]/)[0];
}

/** "The field `email` cannot be taken: it is no e-mail address." is told at the field, so only the reason is said. */
function why(detail: string): string {
  const reason = /^The field `[^`]*` cannot be taken: (.+?)\.?$/s.exec(detail)?.[1] ?? detail;
  return reason.charAt(0).toUpperCase() + reason.slice(1);
}
