// How the softphone puts a person's sound into calls, whoever carries it. A line is one way to do that: the local engine by
// WebRTC (local-audio.ts), Twilio by its SDK. Refuses to know of acts, rights and screens: softphone.ts says which call is
// joined and left, and the server alone decides who hears whom.
import type { ApiError } from "../../api/client";

export type LineName = "local" | "twilio";

/** As whom one takes part. */
export type Party = "agent" | "supervisor";

/** `none` sends no sound at all and asks for no microphone; `muted` keeps it, silent. */
export type MicrophoneState = "open" | "muted" | "none";

/** What the server gave this softphone when it was elected. */
export type LineCredentials = { readonly token: string | null; readonly expiresAt: string | null };

/** The devices that a person chose; undefined is the system's own choice. */
export type DeviceChoice = {
  readonly inputId: string | undefined;
  readonly outputId: string | undefined;
  readonly ringId: string | undefined;
};

export type CallPart = {
  readonly callId: string;
  readonly party: Party;
  readonly softphoneId: string;
  readonly microphone: MicrophoneState;
  /** Whether the part is worth nothing without a microphone, as for who is just calling somebody. */
  readonly mustSpeak: boolean;
};

/**
 * What stands in the way, in the order of its weight: the microphone was refused, there is none, another program has it, the
 * page is not served securely, the browser plays nothing before a click, the server refused.
 */
export type Obstacle = "blocked" | "no_microphone" | "microphone_busy" | "insecure" | "needs_click" | "refused";

/**
 * `opening` asks for the microphone, `connecting` makes the connection, `live` hears and can be heard, `lost` tries to come
 * back by itself, `over` does not.
 */
export type LegState = "opening" | "connecting" | "live" | "lost" | "over";

export type Quality = "good" | "fair" | "poor";

export type LegView = {
  readonly state: LegState;
  readonly obstacle?: Obstacle | undefined;
  /** Why the server refused. */
  readonly error?: ApiError | undefined;
  /** Unknown until it was measured. */
  readonly quality?: Quality | undefined;
};

/** How loud it is, 0 to 1: what is heard here, and what the microphone takes up. */
export type Levels = { readonly heard: number; readonly spoken: number };

/** One's own part in one call. */
export interface AudioLeg {
  readonly part: CallPart;
  /** Another object whenever something in it changed. */
  readonly view: LegView;
  watch(listener: () => void): () => void;
  /** Opens, silences or gives up the microphone; what is asked for last counts. */
  setMicrophone(state: MicrophoneState): void;
  levels(): Promise<Levels>;
  /** Tries again at once: after a click, or when the microphone was allowed. */
  retry(): void;
  /** Takes one's sound out. The call itself is ended by an act. */
  leave(): void;
}

export interface AudioLine {
  readonly name: LineName;
  /** Whether it carries no sound at all, so that nobody needs a microphone for it. */
  readonly isSilent: boolean;
  /** Makes this browser reachable, and keeps it so with newer credentials. */
  prepare(credentials: LineCredentials): Promise<void>;
  /** Takes a part; replaces what this line had of the same call. */
  join(part: CallPart): AudioLeg;
  /** Takes other devices into use, in what goes on as well. */
  choose(devices: DeviceChoice): void;
  /** Leaves everything. */
  close(): void;
}
