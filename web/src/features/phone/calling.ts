// Calling somebody from wherever they are shown: which of their numbers where there are several, the microphone where this tab is
// the phone, and then the server, which lets the reader's one softphone do it, in this tab or another. What has to be asked or
// said stands in a small store that calling-host.tsx shows.
import { useSyncExternalStore } from "react";
import { ApiError, type Schemas } from "../../api/client";
import { live } from "../../live/store";
import { showToast } from "../../shell/toast-store";
import { text } from "../../text/en";
import { plain } from "../../ui";
import { sentence } from "../cases/use-act";
import type { Obstacle } from "./audio";
import { chosenDevices } from "./devices";
import { MicrophoneRefused, openMicrophone } from "./microphone";
import { phone } from "./phone";
import { type CallRequest, placeCall } from "./phone-acts";

type Phone = Schemas["PhoneView"];

export type Callee = {
  name: string;
  role?: string | null | undefined;
  /** Whom to call, as a text is addressed. */
  target: Pick<CallRequest, "case_id" | "case_contact_id" | "contact_id" | "lead_id">;
  /** Whose numbers are looked up where they are not given. */
  contactId?: string | null | undefined;
  phones?: readonly Phone[] | undefined;
};

export type Asked =
  | { what: "number"; callee: Callee; phones: readonly Phone[] }
  | { what: "no_phone" }
  | { what: "microphone"; callee: Callee; phoneId: string | undefined; obstacle: Obstacle };

type State = { asked: Asked | undefined; isPlacing: boolean };

const w = text.phone;
let state: State = { asked: undefined, isPlacing: false };
const listeners = new Set<() => void>();

function become(change: Partial<State>): void {
  state = { ...state, ...change };
  for (const listener of [...listeners]) {
    listener();
  }
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

export function useCalling(): State {
  return useSyncExternalStore(watch, () => state);
}

export function closeCalling(): void {
  become({ asked: undefined });
}

/** Calls somebody, or asks first by which number. */
export async function requestCall(callee: Callee): Promise<void> {
  if (state.isPlacing) {
    return;
  }
  try {
    const phones = await phonesOf(callee);
    if (phones.length > 1) {
      become({ asked: { what: "number", callee, phones: primaryFirst(phones) } });
      return;
    }
  } catch (thrown) {
    showToast({ tone: "bad", text: sentence(ApiError.of(thrown)), key: "calling" });
    return;
  }
  await place(callee, undefined);
}

async function phonesOf(callee: Callee): Promise<readonly Phone[]> {
  if (callee.phones !== undefined) {
    return callee.phones;
  }
  if (!callee.contactId) {
    return [];
  }
  const { contact } = await live().source.contact(callee.contactId);
  return contact.phones;
}

export function primaryFirst(phones: readonly Phone[]): readonly Phone[] {
  return phones.toSorted((one, other) => Number(other.is_primary) - Number(one.is_primary));
}

/** Calls by a number of theirs; by the one that the server proposes where none is named. */
export async function place(callee: Callee, phoneId: string | undefined): Promise<void> {
  become({ isPlacing: true, asked: undefined });
  try {
    const isHere = phone()?.isReady === true;
    if (phone()?.needsMicrophone === true) {
      // Asked for now, by the click, so that nobody's phone rings for a caller who cannot speak.
      (await openMicrophone(chosenDevices().inputId)).stop();
    }
    await placeCall({ ...callee.target, ...(phoneId === undefined ? {} : { to_phone_id: phoneId }) });
    if (!isHere) {
      showToast({ text: w.placedElsewhere(whoIs(callee)), key: "calling" });
    }
  } catch (thrown) {
    refused(thrown, callee, phoneId);
  } finally {
    become({ isPlacing: false });
  }
}

function refused(thrown: unknown, callee: Callee, phoneId: string | undefined): void {
  if (thrown instanceof MicrophoneRefused) {
    become({ asked: { what: "microphone", callee, phoneId, obstacle: thrown.obstacle } });
    return;
  }
  const error = ApiError.of(thrown);
  if (error.code === "no_softphone") {
    become({ asked: { what: "no_phone" } });
  } else {
    showToast({ tone: "bad", text: `${w.couldNotCall(whoIs(callee))} ${sentence(error)}`, key: "calling" });
  }
}

/** "Jane Smith - Witness". */
export function whoIs({ name, role }: Callee): string {
  return role ? `${plain(name)} - ${plain(role)}` : plain(name);
}

/** Why the reader cannot call somebody; nothing where they can. */
export function reasonNotToCall(calls: number, phones: number): string | undefined {
  if (calls < 2) {
    return w.callForbidden;
  }
  return phones === 0 ? w.callNeedsNumber : undefined;
}
