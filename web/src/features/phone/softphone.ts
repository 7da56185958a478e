// The softphone of this tab: what the reader's calls and the election ask for is what it does. It joins the call that they are
// on, silences the microphone as the call says, leaves when the call is over or another tab has the phone, and rings. Everything
// follows from what the live store has, so that a reload, or a call that was placed elsewhere, needs no case of its own.
import { type Seat, seatOf } from "../../live/calls";
import type { CallView, SupervisionMode } from "../../live/model";
import type { AudioLeg, AudioLine, DeviceChoice, MicrophoneState } from "./audio";
import type { Election, Place } from "./election";

export type PhoneView = {
  readonly place: Place;
  /** The reader's part in the call that they are on. */
  readonly leg: AudioLeg | undefined;
  /** The part in the call that they supervise. */
  readonly monitor: AudioLeg | undefined;
};

export interface Ports {
  readonly reader: string;
  readonly election: Election;
  calls(): readonly CallView[];
  watchCalls(listener: () => void): () => void;
  line(name: string): Promise<AudioLine>;
  devices(): DeviceChoice;
  watchDevices(listener: () => void): () => void;
  ring(on: boolean): void;
}

/** A part that ended by itself, refused or with the call, is not taken again at once: news of the call may be on its way. */
const ENDED_MS = 3_000;

export class Softphone {
  #view: PhoneView;
  readonly #listeners = new Set<() => void>();
  readonly #stops: (() => void)[] = [];
  #line: AudioLine | undefined;
  #lineName: string | undefined;
  #ended: { callId: string; until: number } | undefined;
  #isRinging = false;
  #isOver = false;

  constructor(private readonly ports: Ports) {
    this.#view = { place: ports.election.place, leg: undefined, monitor: undefined };
    this.#stops.push(
      ports.election.watch(() => this.#settle()),
      ports.watchCalls(() => this.#settle()),
      ports.watchDevices(() => this.#line?.choose(ports.devices())),
    );
    this.#settle();
  }

  get view(): PhoneView {
    return this.#view;
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #become(change: Partial<PhoneView>): void {
    this.#view = { ...this.#view, ...change };
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }

  /** Brings everything to what is asked for now. */
  #settle(): void {
    if (this.#isOver) {
      return;
    }
    const { election, reader } = this.ports;
    const { place } = election;
    if (place !== this.#view.place) {
      this.#become({ place });
    }
    if (place.at === "here") {
      this.#prepare(place.lease.line, place.lease.token ?? null, place.lease.token_expires_at ?? null);
    }
    const calls = this.ports.calls();
    const own = calls.find((call) => isOn(seatOf(call, reader)));
    this.#settleLeg(place, own);
    if (this.#view.monitor !== undefined && place.at !== "here" && place.at !== "electing") {
      this.stopMonitoring();
    }
    const rings = place.at === "here" && calls.some((call) => isRinging(seatOf(call, reader)));
    if (rings !== this.#isRinging) {
      this.#isRinging = rings;
      this.ports.ring(rings);
    }
  }

  #settleLeg(place: Place, own: CallView | undefined): void {
    const { leg } = this.#view;
    if (leg !== undefined && (own?.id !== leg.part.callId || isAway(place))) {
      leg.leave();
      this.#become({ leg: undefined });
    }
    if (own === undefined || place.at !== "here" || this.#line === undefined) {
      return;
    }
    const microphone: MicrophoneState = own.is_muted ? "muted" : "open";
    const current = this.#view.leg;
    if (current !== undefined && current.view.state !== "over") {
      current.setMicrophone(microphone);
      return;
    }
    if (this.#ended?.callId === own.id && Date.now() < this.#ended.until) {
      return;
    }
    const joined = this.#line.join({
      callId: own.id,
      party: "agent",
      softphoneId: this.ports.election.id,
      microphone,
      mustSpeak: own.status === "queued",
    });
    joined.watch(() => this.#legChanged(joined));
    this.#become({ leg: joined });
  }

  #legChanged(leg: AudioLeg): void {
    if (leg !== this.#view.leg) {
      return;
    }
    if (leg.view.state === "over") {
      this.#ended = { callId: leg.part.callId, until: Date.now() + ENDED_MS };
      setTimeout(() => this.#settle(), ENDED_MS + 50);
    }
    this.#become({});
  }

  #prepare(name: string, token: string | null, expiresAt: string | null): void {
    if (this.#lineName !== name) {
      this.#lineName = name;
      this.#line?.close();
      this.#line = undefined;
      void this.ports.line(name).then(async (line) => {
        await line.prepare({ token, expiresAt });
        line.choose(this.ports.devices());
        this.#line = line;
        this.#settle();
      });
    } else if (this.#line !== undefined) {
      void this.#line.prepare({ token, expiresAt });
    }
  }

  /** Begins to hear a call that the reader supervises; the server must have let them on it. */
  monitor(callId: string, mode: SupervisionMode): void {
    this.stopMonitoring();
    const monitor = this.#line?.join({
      callId,
      party: "supervisor",
      softphoneId: this.ports.election.id,
      microphone: microphoneFor(mode),
      mustSpeak: false,
    });
    monitor?.watch(() => this.#become({}));
    this.#become({ monitor });
  }

  /** The server has switched the reader's mode. Listening needs no microphone, so it is given back. */
  monitorAs(mode: SupervisionMode): void {
    this.#view.monitor?.setMicrophone(microphoneFor(mode));
  }

  stopMonitoring(): void {
    this.#view.monitor?.leave();
    this.#become({ monitor: undefined });
  }

  /** Whether this tab is on a line now, so that it can take part in calls. */
  get isReady(): boolean {
    return this.#view.place.at === "here" && this.#line !== undefined;
  }

  /** Whether whoever calls from this tab has to be heard by its microphone. */
  get needsMicrophone(): boolean {
    return this.isReady && this.#line?.isSilent === false;
  }

  retry(): void {
    this.#ended = undefined;
    this.#view.leg?.retry();
    this.#view.monitor?.retry();
    this.#settle();
  }

  stop(): void {
    this.#isOver = true;
    for (const stop of this.#stops) {
      stop();
    }
    this.ports.ring(false);
    this.#line?.close();
  }
}

function isOn(seat: Seat | undefined): boolean {
  return seat === "calling" || seat === "talking";
}

function isRinging(seat: Seat | undefined): boolean {
  return seat === "ringing" || seat === "offered";
}

/** Whether another tab or browser has the phone for sure: what goes on here is left to it. */
function isAway(place: Place): boolean {
  return place.at === "other_tab" || place.at === "other_browser";
}

function microphoneFor(mode: SupervisionMode): MicrophoneState {
  return mode === "listen" ? "none" : "open";
}
