// Runs one act at a time and keeps its refusal for the form that asked: at a field where the server named one, else as a sentence.
// Refuses to swallow what it does not know: that is a refusal without a field.
import { useCallback, useState } from "react";
import { ApiError } from "../../api/client";
import { text } from "../../text/en";
import { focusWrong } from "./return-focus";

/** Why an act was refused, in words for a person. */
export function sentence(error: ApiError): string {
  return error.code === "network" ? text.shell.networkHint : error.detail || error.title || text.shell.couldNotSave;
}

export type ActState = {
  busy: boolean;
  error: ApiError | undefined;
  /** True where it was done. */
  run: (act: () => Promise<unknown>) => Promise<boolean>;
  forget: () => void;
  /** What is wrong with a field, by its name on the wire. */
  at: (...fields: string[]) => string | undefined;
  /** What is wrong with none of these fields. */
  beyond: (...fields: string[]) => string | undefined;
};

export function useAct(): ActState {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<ApiError>();
  const run = useCallback(async (act: () => Promise<unknown>) => {
    setBusy(true);
    setError(undefined);
    try {
      await act();
      return true;
    } catch (thrown) {
      setError(ApiError.of(thrown));
      focusWrong();
      return false;
    } finally {
      setBusy(false);
    }
  }, []);
  const meant = (fields: string[]) => error?.field !== undefined && fields.includes(error.field);
  return {
    busy,
    error,
    run,
    forget: useCallback(() => setError(undefined), []),
    at: (...fields) => (error !== undefined && meant(fields) ? sentence(error) : undefined),
    beyond: (...fields) => (error !== undefined && !meant(fields) ? sentence(error) : undefined),
  };
}
