// Twilio's browser SDK, as much of it as a softphone needs: a device that holds a short token, and one leg at a time into the call
// that the server names. Whose the leg is, the server takes from the token, never from what is sent along here. The SDK gets no
// sounds of its own, for it would fetch them from elsewhere. Loaded only where a firm calls over Twilio.
import { Call, Device } from "@twilio/voice-sdk";
import type { Quality } from "./audio";

/** Why there is no leg, or not any more. */
export type TwilioFault = "blocked" | "no_microphone" | "refused_token" | "unreachable" | "failed";

export type TwilioEvents = {
  /** The leg is in the call. */
  onConnected: () => void;
  /** It is over; a fault where it did not end as it should. */
  onEnded: (fault: TwilioFault | null) => void;
  /** The connection is lost, or back. */
  onReconnecting: (isLost: boolean) => void;
  onQuality: (quality: Quality) => void;
  /** How loud the microphone and the others are, 0 to 1. */
  onVolume: (spoken: number, heard: number) => void;
};

export type TwilioOptions = {
  /** Host and port of another gateway than Twilio's. */
  gateway?: string | undefined;
  /** Gives what the browser says: the SDK never asks for a microphone itself. */
  voice: () => MediaStream;
  /** What went wrong at the device, whether there is a leg or not. */
  onFault: (fault: TwilioFault) => void;
};

/** Stands for each of the SDK's sounds. */
class NoSound {
  readonly isPlaying = false;
  async play(): Promise<void> {}
  async setSinkIds(): Promise<void> {}
  stop(): void {}
}

/** By the codes of twilio.com/docs/api/errors. */
const FAULTS: readonly (readonly [TwilioFault, readonly number[]])[] = [
  ["blocked", [31_401, 31_208]],
  ["no_microphone", [31_402]],
  ["refused_token", [20_101, 20_102, 20_103, 20_104, 20_151, 20_157, 31_201, 31_202, 31_204, 31_205, 51_007]],
  ["unreachable", [31_000, 31_005, 31_009, 53_000, 53_001, 53_405]],
];

export function faultOf(error: unknown): TwilioFault {
  const code: unknown = Object(error).code;
  return FAULTS.find(([, codes]) => typeof code === "number" && codes.includes(code))?.[0] ?? "failed";
}

/** How a warning of the SDK weighs; that a silent microphone is silent is none. */
function qualityOf(warnings: ReadonlySet<string>): Quality {
  if (warnings.has("low-mos") || warnings.has("high-packet-loss") || warnings.has("ice-connectivity-lost")) {
    return "poor";
  }
  return warnings.size > 0 ? "fair" : "good";
}

/** A leg in a call. */
export class TwilioLeg {
  readonly #warnings = new Set<string>();
  #isOver = false;

  constructor(
    private readonly call: Call,
    private readonly events: TwilioEvents,
  ) {
    call.on("accept", () => events.onConnected());
    call.on("disconnect", () => this.#end(null));
    call.on("cancel", () => this.#end(null));
    call.on("error", (error: unknown) => this.#end(faultOf(error)));
    call.on("reconnecting", () => events.onReconnecting(true));
    call.on("reconnected", () => events.onReconnecting(false));
    call.on("volume", (spoken: number, heard: number) => events.onVolume(spoken, heard));
    call.on("warning", (name: string) => {
      if (!name.startsWith("constant-audio")) {
        this.#warnings.add(name);
        events.onQuality(qualityOf(this.#warnings));
      }
    });
    call.on("warning-cleared", (name: string) => {
      this.#warnings.delete(name);
      events.onQuality(qualityOf(this.#warnings));
    });
  }

  hangUp(): void {
    this.call.disconnect();
  }

  #end(fault: TwilioFault | null): void {
    if (!this.#isOver) {
      this.#isOver = true;
      this.events.onEnded(fault);
    }
  }
}

/** This browser as a phone at Twilio. */
export class TwilioPhone {
  readonly #device: Device;

  constructor(token: string, options: TwilioOptions) {
    // `Sound` and `chunderw` are typed but not among the documented options; the SDK's version is pinned for their sake.
    const more = {
      Sound: NoSound,
      publishEvents: false,
      ...(options.gateway === undefined ? {} : { chunderw: options.gateway }),
    };
    this.#device = new Device(token, {
      codecPreferences: [Call.Codec.Opus, Call.Codec.PCMU],
      enableImprovedSignalingErrorPrecision: true,
      getUserMedia: async () => options.voice(),
      logLevel: "silent",
      maxCallSignalingTimeoutMs: 10_000,
      ...more,
    });
    this.#device.on("error", (error: unknown) => options.onFault(faultOf(error)));
  }

  setToken(token: string): void {
    this.#device.updateToken(token);
  }

  /** Puts this browser into a call. */
  async enter(call: string, softphone: string, events: TwilioEvents): Promise<TwilioLeg> {
    return new TwilioLeg(await this.#device.connect({ params: { call, softphone } }), events);
  }

  /** Not every browser lets a page choose; the system's own device is used then. */
  async speakThrough(device: string | undefined): Promise<void> {
    if (this.#device.audio?.isOutputSelectionSupported) {
      await this.#device.audio.speakerDevices.set(device ?? "default").catch(() => {});
    }
  }

  /** Ends what there is, and the connection to Twilio. */
  close(): void {
    this.#device.destroy();
  }
}
