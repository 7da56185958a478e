// What the address says besides the page: which conversation, contact, tab, search. Screens keep no other view state, so that a link,
// a reload and the back button bring back what was seen. Refuses to touch parameters that it is not told of.
import { useCallback } from "react";
import { useSearchParams } from "wouter";

export type AddressChange = Readonly<Record<string, string | undefined>>;

/** The parameters after a change: empty and undefined ones leave. */
export function changed(params: URLSearchParams, change: AddressChange): URLSearchParams {
  const next = new URLSearchParams(params);
  for (const [name, value] of Object.entries(change)) {
    if (value === undefined || value === "") {
      next.delete(name);
    } else {
      next.set(name, value);
    }
  }
  return next;
}

export function useAddress() {
  const [params, setParams] = useSearchParams();
  const change = useCallback(
    (next: AddressChange, how: { replace?: boolean } = {}) => setParams((before) => changed(before, next), how),
    [setParams],
  );
  const read = (name: string): string | undefined => params.get(name) || undefined;
  return { read, change };
}
