// The line over Twilio: this browser's part in a call goes there by Twilio's SDK, and Twilio asks the server where it belongs. What
// the server calls silent (no token; the sandbox has no sound) takes part without any. A lazy chunk: import it only where the server
// says that calls go over Twilio. Refuses to decide when to be in a call.
import { ApiError } from "../../api/client";
import type {
  AudioLeg,
  AudioLine,
  CallPart,
  DeviceChoice,
  LegView,
  Levels,
  LineCredentials,
  MicrophoneState,
} from "./audio";
import { MicrophoneRefused, onceAllowed, openMicrophone } from "./microphone";
import { type TwilioFault, type TwilioLeg, TwilioPhone } from "./twilio-phone";
import { VoiceOutlet } from "./voice-outlet";

/** Tells the server that this softphone is in the call, where no SDK does. */
export type Announce = (callId: string, softphoneId: string) => Promise<unknown>;

const AGAIN_MS = 800;
/** A token that lives this long is as good as a new one. */
const FRESH_MS = 120_000;

export class TwilioAudio implements AudioLine {
  readonly name = "twilio";
  readonly #legs = new Set<TwilioPart>();
  readonly #line: Line;

  constructor(announce: Announce, gateway?: string) {
    this.#line = { announce, gateway, phone: undefined, expiresAt: 0, fault: (fault) => this.#fault(fault) };
  }

  get isSilent(): boolean {
    return this.#line.token === undefined;
  }

  async prepare(credentials: LineCredentials): Promise<void> {
    const { token } = credentials;
    const line = this.#line;
    if (token === null) {
      line.phone?.close();
      line.phone = undefined;
      line.token = undefined;
      return;
    }
    line.token = token;
    if (line.phone !== undefined && line.expiresAt - Date.now() < FRESH_MS) {
      line.phone.setToken(token);
      line.expiresAt = credentials.expiresAt === null ? 0 : Date.parse(credentials.expiresAt);
    }
    if (line.phone === undefined) {
      line.expiresAt = credentials.expiresAt === null ? 0 : Date.parse(credentials.expiresAt);
    }
    for (const leg of this.#legs) {
      leg.retryRefused();
    }
  }

  join(part: CallPart): AudioLeg {
    // The SDK knows one call at a time, and so does the server.
    for (const before of [...this.#legs]) {
      before.leave();
    }
    const leg = new TwilioPart(part, this.#line);
    this.#legs.add(leg);
    leg.watch(() => {
      if (leg.view.state === "over") {
        this.#legs.delete(leg);
      }
    });
    return leg;
  }

  choose(devices: DeviceChoice): void {
    this.#line.devices = devices;
    void this.#line.phone?.speakThrough(devices.outputId);
    for (const leg of this.#legs) {
      leg.chooseMicrophone();
    }
  }

  close(): void {
    for (const leg of [...this.#legs]) {
      leg.leave();
    }
    this.#line.phone?.close();
    this.#line.phone = undefined;
    this.#line.outlet?.close();
    this.#line.outlet = undefined;
  }

  #fault(fault: TwilioFault): void {
    for (const leg of this.#legs) {
      leg.ended(fault);
    }
  }
}

/** What the parts of a line share. The SDK is made with the first of them: it starts an AudioContext, which needs a click before. */
type Line = {
  readonly announce: Announce;
  readonly gateway: string | undefined;
  readonly fault: (fault: TwilioFault) => void;
  token?: string | undefined;
  expiresAt: number;
  phone: TwilioPhone | undefined;
  outlet?: VoiceOutlet | undefined;
  devices?: DeviceChoice;
};

function outletOf(line: Line): VoiceOutlet {
  line.outlet ??= new VoiceOutlet();
  return line.outlet;
}

function phoneOf(line: Line, token: string): TwilioPhone {
  if (line.phone === undefined) {
    const { gateway, fault: onFault } = line;
    line.phone = new TwilioPhone(token, { gateway, onFault, voice: () => outletOf(line).stream() });
    void line.phone.speakThrough(line.devices?.outputId);
  }
  return line.phone;
}

class TwilioPart implements AudioLeg {
  #view: LegView = { state: "opening" };
  readonly #listeners = new Set<() => void>();
  #leg: TwilioLeg | undefined;
  #levels: Levels = { heard: 0, spoken: 0 };
  #wanted: MicrophoneState;
  #isAsking = false;
  #isEntering = false;
  #again: ReturnType<typeof setTimeout> | undefined;
  #stopWaiting: (() => void) | undefined;

  constructor(
    readonly part: CallPart,
    private readonly line: Line,
  ) {
    this.#wanted = part.microphone;
    void this.#begin();
  }

  get view(): LegView {
    return this.#view;
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #become(change: Partial<LegView>): void {
    if (this.#isOver) {
      return;
    }
    this.#view = { ...this.#view, ...change };
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }

  get #isOver(): boolean {
    return this.#view.state === "over";
  }

  async #begin(): Promise<void> {
    if (this.line.token === undefined) {
      await this.#takePartSilently();
      return;
    }
    await this.#follow();
    if (!this.#isOver && (outletOf(this.line).track !== undefined || !this.part.mustSpeak)) {
      await this.#enter();
    }
  }

  /** There is no sound to be had: the server is told that somebody is there. */
  async #takePartSilently(): Promise<void> {
    this.#become({ state: "connecting" });
    try {
      await this.line.announce(this.part.callId, this.part.softphoneId);
      this.#become({ state: "live" });
    } catch (thrown) {
      this.#become({ obstacle: "refused", error: ApiError.of(thrown) });
      this.#end();
    }
  }

  // The microphone.

  setMicrophone(state: MicrophoneState): void {
    if (state !== this.#wanted) {
      this.#wanted = state;
      void this.#follow();
    }
  }

  chooseMicrophone(): void {
    if (this.line.token !== undefined && outletOf(this.line).track !== undefined) {
      void this.#ask();
    }
  }

  /** Brings the microphone to what is wanted last. */
  async #follow(): Promise<void> {
    if (this.line.token === undefined || this.#isOver) {
      return;
    }
    const outlet = outletOf(this.line);
    if (this.#wanted === "none") {
      outlet.plug(undefined);
      this.#become({ obstacle: undefined });
      return;
    }
    if (outlet.track === undefined && !this.#isAsking) {
      await this.#ask();
    }
    if (outlet.track !== undefined) {
      outlet.track.enabled = this.#wanted === "open";
    }
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      const track = await openMicrophone(this.line.devices?.inputId);
      this.#isAsking = false;
      if (this.#isOver || this.#isGivenUp) {
        track.stop();
        return;
      }
      track.enabled = this.#wanted === "open";
      track.addEventListener("ended", () => {
        // The device was pulled out, or the permission taken back.
        if (outletOf(this.line).track === track) {
          outletOf(this.line).plug(undefined);
          void this.#follow();
        }
      });
      outletOf(this.line).plug(track);
      this.#become({ obstacle: undefined });
    } catch (thrown) {
      this.#isAsking = false;
      this.#become({ obstacle: thrown instanceof MicrophoneRefused ? thrown.obstacle : "microphone_busy" });
      this.#stopWaiting ??= onceAllowed(() => this.retry());
    }
  }

  /** Whether it was given up while the person was being asked. */
  get #isGivenUp(): boolean {
    return this.#wanted === "none";
  }

  // The connection.

  async #enter(): Promise<void> {
    const { token } = this.line;
    if (token === undefined || this.#isEntering || this.#leg !== undefined || this.#isOver) {
      return;
    }
    this.#isEntering = true;
    this.#become({ state: this.#view.state === "lost" ? "lost" : "connecting" });
    try {
      const leg = await phoneOf(this.line, token).enter(this.part.callId, this.part.softphoneId, {
        onConnected: () => this.#become({ state: "live", obstacle: this.#soundObstacle() }),
        onEnded: (fault) => this.ended(fault),
        onReconnecting: (isLost) => this.#become({ state: isLost ? "lost" : "live" }),
        onQuality: (quality) => this.#become({ quality }),
        onVolume: (spoken, heard) => {
          this.#levels = { heard, spoken };
        },
      });
      this.#isEntering = false;
      if (this.#isOver || this.#leg !== undefined) {
        leg.hangUp();
      } else {
        this.#leg = leg;
      }
    } catch {
      // The SDK still ends the part before this one.
      this.#isEntering = false;
      this.#later();
    }
  }

  #soundObstacle(): LegView["obstacle"] {
    return this.#view.obstacle ?? (outletOf(this.line).isSuspended ? "needs_click" : undefined);
  }

  /** The leg is over, or none came to be. Twilio ends one when the call is over: only a fault of the way there is tried again. */
  ended(fault: TwilioFault | null): void {
    this.#leg = undefined;
    this.#levels = { heard: 0, spoken: 0 };
    switch (fault) {
      case "unreachable":
        this.#become({ state: "lost" });
        if (!this.#isEntering) {
          this.#later();
        }
        break;
      case "refused_token":
        // What was begun with it never ends.
        this.#isEntering = false;
        this.#become({ state: "lost", obstacle: "refused" });
        break;
      case "blocked":
      case "no_microphone":
        this.#become({ obstacle: fault });
        this.#end();
        break;
      case "failed":
      case null:
        this.#end();
        break;
    }
  }

  /** There is a new token. */
  retryRefused(): void {
    if (this.#view.state === "lost" && this.#view.obstacle === "refused") {
      this.line.phone?.close();
      this.line.phone = undefined;
      this.#become({ obstacle: undefined });
      void this.#enter();
    }
  }

  #later(): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => void this.#enter(), AGAIN_MS);
  }

  retry(): void {
    if (this.#isOver || this.line.token === undefined) {
      return;
    }
    if (this.#view.obstacle === "needs_click") {
      outletOf(this.line).stream();
      this.#become({ obstacle: undefined });
    }
    void this.#begin();
  }

  async levels(): Promise<Levels> {
    return this.#levels;
  }

  #end(): void {
    clearTimeout(this.#again);
    this.#stopWaiting?.();
    this.line.outlet?.plug(undefined);
    this.#become({ state: "over" });
  }

  leave(): void {
    if (!this.#isOver) {
      const leg = this.#leg;
      this.#leg = undefined;
      this.#end();
      leg?.hangUp();
    }
  }
}
