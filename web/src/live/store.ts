// The live store: what was read and what was told since.
import type { LiveEvent, MessageView } from "./model";

export const store = {
  async answer<T>(request: Promise<T>, _texts: (answer: T) => readonly MessageView[]): Promise<T> {
    return await request;
  },
  async foresee(_message: string, _caseNumber: string | undefined, _hidden: boolean, act: () => Promise<unknown>) {
    await act();
  },
  tell(_event: LiveEvent) {},
  reread(_what: { caseContacts?: string; contact?: string }) {},
};
