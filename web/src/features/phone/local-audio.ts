// The local line: sound between this browser and the server's own voice engine by WebRTC, one connection per part in a call.
// The offer goes out at once, for the engine is the lite side of ICE; a connection that is lost is made anew, as often as it
// takes, and takes the place of the one before. Refuses to decide when to be in a call.
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
  Quality,
} from "./audio";
import { Measures } from "./measures";
import { MicrophoneRefused, onceAllowed, openMicrophone } from "./microphone";

/** Gives the engine's answer to an offer. */
export type Offer = (callId: string, softphoneId: string, sdp: string) => Promise<string>;

/** A connection that hangs may come back by itself this long. */
const HANGS_MS = 2_500;
const AGAIN_MS = 800;
const MEASURE_MS = 1_000;

export class LocalAudio implements AudioLine {
  readonly name = "local";
  readonly isSilent = false;
  readonly #legs = new Map<string, LocalLeg>();
  #devices: DeviceChoice = { inputId: undefined, outputId: undefined, ringId: undefined };

  constructor(private readonly offer: Offer) {}

  async prepare(_credentials: LineCredentials): Promise<void> {}

  join(part: CallPart): AudioLeg {
    const key = `${part.party} ${part.callId}`;
    this.#legs.get(key)?.leave();
    const leg = new LocalLeg(part, this.offer, this.#devices);
    this.#legs.set(key, leg);
    leg.watch(() => {
      if (leg.view.state === "over" && this.#legs.get(key) === leg) {
        this.#legs.delete(key);
      }
    });
    return leg;
  }

  choose(devices: DeviceChoice): void {
    this.#devices = devices;
    for (const leg of this.#legs.values()) {
      leg.choose(devices);
    }
  }

  close(): void {
    for (const leg of [...this.#legs.values()]) {
      leg.leave();
    }
  }
}

class LocalLeg implements AudioLeg {
  #view: LegView = { state: "opening" };
  readonly #listeners = new Set<() => void>();
  readonly #measures = new Measures();
  readonly #speaker = new Audio();
  #connection: RTCPeerConnection | undefined;
  #sender: RTCRtpSender | undefined;
  #track: MediaStreamTrack | undefined;
  #wanted: MicrophoneState;
  #isAsking = false;
  /** Goes up with every connection: what belongs to an earlier one is not listened to. */
  #turn = 0;
  #again: ReturnType<typeof setTimeout> | undefined;
  #measuring: ReturnType<typeof setInterval> | undefined;
  #stopWaiting: (() => void) | undefined;

  constructor(
    readonly part: CallPart,
    private readonly offer: Offer,
    private devices: DeviceChoice,
  ) {
    this.#wanted = part.microphone;
    this.#speaker.autoplay = true;
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
    if (this.#view.state === "over") {
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
    await this.#follow();
    if (!this.#isOver && (this.#track !== undefined || !this.part.mustSpeak)) {
      await this.#connect();
    }
  }

  // The microphone.

  setMicrophone(state: MicrophoneState): void {
    if (state !== this.#wanted) {
      this.#wanted = state;
      void this.#follow();
    }
  }

  /** Brings the microphone to what is wanted last. */
  async #follow(): Promise<void> {
    if (this.#wanted === "none") {
      this.#drop();
      this.#become({ obstacle: undefined });
      return;
    }
    if (this.#track === undefined && !this.#isAsking) {
      await this.#ask();
    }
    if (this.#track !== undefined) {
      this.#track.enabled = this.#wanted === "open";
    }
  }

  async #ask(): Promise<void> {
    this.#isAsking = true;
    try {
      const track = await openMicrophone(this.devices.inputId);
      this.#isAsking = false;
      if (this.#isOver || this.#isGivenUp) {
        track.stop();
        return;
      }
      this.#take(track);
    } catch (thrown) {
      this.#isAsking = false;
      const obstacle = thrown instanceof MicrophoneRefused ? thrown.obstacle : "microphone_busy";
      this.#become({ obstacle });
      this.#stopWaiting ??= onceAllowed(() => this.retry());
    }
  }

  /** Whether it was given up while the person was being asked. */
  get #isGivenUp(): boolean {
    return this.#wanted === "none";
  }

  #take(track: MediaStreamTrack): void {
    this.#drop();
    this.#track = track;
    track.enabled = this.#wanted === "open";
    track.addEventListener("ended", () => {
      // The device was pulled out, or the permission taken back.
      if (this.#track === track) {
        this.#drop();
        void this.#follow();
      }
    });
    void this.#sender?.replaceTrack(track).catch(() => this.#lost());
    this.#become({ obstacle: undefined });
  }

  #drop(): void {
    this.#track?.stop();
    this.#track = undefined;
    void this.#sender?.replaceTrack(null).catch(() => {});
  }

  choose(devices: DeviceChoice): void {
    const before = this.devices;
    this.devices = devices;
    if (before.inputId !== devices.inputId && this.#track !== undefined) {
      void this.#ask();
    }
    if (before.outputId !== devices.outputId) {
      this.#speakThrough();
    }
  }

  #speakThrough(): void {
    // Not every browser lets a page choose; the system's own device is used then.
    void this.#speaker.setSinkId?.(this.devices.outputId ?? "").catch(() => {});
  }

  // The connection.

  async #connect(): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    const isOld = (): boolean => turn !== this.#turn || this.#isOver;
    this.#close();
    this.#become({ state: this.#view.state === "live" || this.#view.state === "lost" ? "lost" : "connecting" });
    const connection = new RTCPeerConnection({ iceServers: [] });
    this.#connection = connection;
    this.#sender = connection.addTransceiver(this.#track ?? "audio", { direction: "sendrecv" }).sender;
    connection.addEventListener("track", ({ track }) => {
      if (!isOld()) {
        this.#hear(track);
      }
    });
    connection.addEventListener("connectionstatechange", () => {
      if (!isOld()) {
        this.#stateOf(connection.connectionState, turn);
      }
    });
    try {
      const description = await connection.createOffer();
      await connection.setLocalDescription(description);
      const sdp = await this.offer(this.part.callId, this.part.softphoneId, description.sdp ?? "");
      if (isOld()) {
        return;
      }
      // Meanwhile it may have been opened.
      await this.#sender.replaceTrack(this.#track ?? null);
      await connection.setRemoteDescription({ type: "answer", sdp });
    } catch (thrown) {
      if (isOld()) {
        return;
      }
      const error = ApiError.of(thrown);
      if (error.status > 0 && !error.isPassing) {
        this.#become({ obstacle: "refused", error });
        this.#end();
      } else {
        this.#become({ state: "lost" });
        this.#later(AGAIN_MS);
      }
    }
  }

  #stateOf(state: RTCPeerConnectionState, turn: number): void {
    switch (state) {
      case "connected":
        clearTimeout(this.#again);
        this.#become({ state: "live" });
        this.#measure();
        break;
      case "disconnected":
        this.#become({ state: "lost" });
        this.#later(HANGS_MS, turn);
        break;
      case "failed":
      case "closed":
        this.#lost();
        break;
      case "new":
      case "connecting":
        break;
    }
  }

  #lost(): void {
    this.#become({ state: "lost" });
    this.#later(AGAIN_MS);
  }

  #later(ms: number, turn = this.#turn): void {
    clearTimeout(this.#again);
    this.#again = setTimeout(() => {
      if (!this.#isOver && turn === this.#turn && this.#connection?.connectionState !== "connected") {
        void this.#connect();
      }
    }, ms);
  }

  #hear(track: MediaStreamTrack): void {
    this.#speaker.srcObject = new MediaStream([track]);
    this.#speakThrough();
    this.#play();
  }

  #play(): void {
    this.#speaker.play().then(
      () => {
        if (this.#view.obstacle === "needs_click") {
          this.#become({ obstacle: undefined });
        }
      },
      (thrown: unknown) => {
        if (thrown instanceof Error && thrown.name === "NotAllowedError") {
          this.#become({ obstacle: "needs_click" });
        }
      },
    );
  }

  retry(): void {
    if (this.#isOver) {
      return;
    }
    if (this.#view.obstacle === "needs_click") {
      this.#play();
      return;
    }
    if (this.#connection === undefined) {
      void this.#begin();
    } else {
      void this.#follow();
      if (this.#view.state === "lost") {
        void this.#connect();
      }
    }
  }

  // What is measured.

  #measure(): void {
    clearInterval(this.#measuring);
    this.#measuring = setInterval(() => {
      const connection = this.#connection;
      if (connection === undefined) {
        return;
      }
      void this.#measures.read(connection).then((quality: Quality | undefined) => {
        if (quality !== undefined && quality !== this.#view.quality) {
          this.#become({ quality });
        }
      });
    }, MEASURE_MS);
  }

  async levels(): Promise<Levels> {
    return this.#connection === undefined ? { heard: 0, spoken: 0 } : await this.#measures.levels(this.#connection);
  }

  #close(): void {
    clearTimeout(this.#again);
    clearInterval(this.#measuring);
    this.#connection?.close();
    this.#connection = undefined;
    this.#sender = undefined;
  }

  #end(): void {
    this.#turn += 1;
    this.#stopWaiting?.();
    this.#close();
    this.#track?.stop();
    this.#track = undefined;
    this.#speaker.srcObject = null;
    this.#become({ state: "over" });
  }

  leave(): void {
    if (!this.#isOver) {
      this.#end();
    }
  }
}
