// The one softphone of this tab and its hooks. It begins with whoever may call, and ends with them. What it does: softphone.ts.
import { useSyncExternalStore } from "react";
import { softphoneTopic } from "../../live/live";
import { callsTopic } from "../../live/resources";
import { live } from "../../live/store";
import { beforeSignOut } from "../../session/session";
import { patiently } from "../../shell/patience";
import type { AudioLine } from "./audio";
import { browserBooth } from "./browser-booth";
import { chosenDevices, watchDevices } from "./devices";
import { Election } from "./election";
import { offerLeg } from "./phone-acts";
import { startRinging, stopRinging } from "./ringer";
import { type PhoneView, Softphone } from "./softphone";

type Open = { softphone: Softphone; election: Election };

let open: Open | undefined;
const listeners = new Set<() => void>();
const NO_PHONE: PhoneView = { place: { at: "electing" }, leg: undefined, monitor: undefined };

function tell(): void {
  for (const listener of [...listeners]) {
    listener();
  }
}

/** How a line is fetched; what only one line needs comes with it. */
const LINES: Readonly<Record<string, () => Promise<AudioLine>>> = {
  local: async () => {
    const { LocalAudio } = await import("./local-audio");
    return new LocalAudio(offerLeg);
  },
  twilio: async () => {
    const { TwilioAudio } = await import("./twilio-audio");
    return new TwilioAudio((callId, softphoneId) => offerLeg(callId, softphoneId, ""));
  },
};

async function lineOf(name: string): Promise<AudioLine> {
  const fetched = LINES[name];
  if (fetched === undefined) {
    throw new Error(`this client has no line ${name}`);
  }
  return await patiently(fetched);
}

/** Begins to be somebody's softphone; the answer ends it. */
export function openPhone(reader: string): () => void {
  const store = live();
  const mine = store.resources.calls("mine");
  mine.users += 1;
  const election = new Election(browserBooth(reader));
  const softphone = new Softphone({
    reader,
    election,
    calls: () => mine.snapshot.value ?? [],
    watchCalls: (listener) => store.listen(callsTopic("mine"), listener),
    line: lineOf,
    devices: chosenDevices,
    watchDevices,
    ring: (on) => (on ? startRinging() : stopRinging()),
  });
  const stops = [
    store.listen(softphoneTopic, () => election.told(store.state.softphone)),
    beforeSignOut(() => election.giveUp()),
    softphone.watch(tell),
  ];
  election.start();
  open = { softphone, election };
  tell();
  return () => {
    for (const stop of stops) {
      stop();
    }
    mine.users -= 1;
    softphone.stop();
    election.stop();
    open = undefined;
    tell();
  };
}

function watch(listener: () => void): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}

/** Where the reader's phone is, and their part in calls. */
export function usePhone(): PhoneView {
  return useSyncExternalStore(watch, () => open?.softphone.view ?? NO_PHONE);
}

/** The softphone of this tab, where there is one. */
export function phone(): Softphone | undefined {
  return open?.softphone;
}

/** Takes the reader's calls to this tab. */
export function takePhoneOver(): void {
  open?.election.takeOver();
}
