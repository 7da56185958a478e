// The live socket: opens, resumes from the last number it knows, waits longer after every failure, and notices that the
// machine slept or the network changed. Tells what it hears and how it stands. Refuses to know what events mean. Close codes
// and frames: docs/api.md.
import type { Clock } from "./clock";
import type { ConnectionState, LiveEvent } from "./model";

/** The parts of a WebSocket that are used. */
export interface Wire {
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number }) => void) | null;
  close(): void;
}

export interface SocketPorts {
  readonly clock: Clock;
  /** Opens a wire; `since` is the number to resume from. */
  open(since: number | undefined): Wire;
  /** Between 0 and 1. */
  random(): number;
  /** Whether the sign-in still holds: asked where the wire does not open. */
  isSignedOut(): Promise<boolean>;
  isHidden(): boolean;
  /** Whether there is surely no network. */
  isOffline(): boolean;
}

export interface SocketListener {
  hello(): void;
  tell(event: LiveEvent): void;
  beginAnew(): void;
  signedOut(): void;
  changed(state: ConnectionState): void;
}

type Frame =
  | { type: "hello"; head: number; seq: number }
  | { type: "reset"; head: number }
  | { type: "head"; head: number }
  | LiveEvent;

const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 30_000;
const OPENS_WITHIN_MS = 15_000;
const BEAT_MS = 5_000;
/** Timers of a hidden tab run once a minute; a longer silence of the clock is sleep. */
const ASLEEP_MS = 15_000;
const ASLEEP_HIDDEN_MS = 150_000;
/** After this long without a frame the wire is renewed: a browser cannot see the server's pings. */
const SILENT_MS = 90_000;
const NEWS_FOR_MS = 10_000;

const SIGNED_OUT = 4401;

function parse(data: unknown): Frame | undefined {
  if (typeof data !== "string") {
    return undefined;
  }
  try {
    // The boundary: what the socket says is taken at its word, as the description has it.
    return JSON.parse(data) as Frame;
  } catch {
    return undefined;
  }
}

export class LiveSocket {
  #wire: Wire | undefined;
  /** Everything up to here that the reader may see has come. */
  #last: number | undefined;
  /** Where the log was when the wire opened. */
  #head = 0;
  #failures = 0;
  #isWanted = false;
  #state: ConnectionState = { state: "connecting" };
  #upTo: string | undefined;
  readonly #missed = new Set<string>();
  #cancelRetry: (() => void) | undefined;
  #cancelPatience: (() => void) | undefined;
  #cancelBeat: (() => void) | undefined;
  #heardAt = 0;
  #beatAt = 0;

  constructor(
    private readonly ports: SocketPorts,
    private readonly listener: SocketListener,
  ) {}

  get state(): ConnectionState {
    return this.#state;
  }

  /** The number to resume from. */
  get last(): number | undefined {
    return this.#last;
  }

  start(): void {
    if (!this.#isWanted) {
      this.#isWanted = true;
      this.#failures = 0;
      this.#beat();
      this.#connect();
    }
  }

  stop(): void {
    this.#isWanted = false;
    this.#cancelRetry?.();
    this.#cancelBeat?.();
    this.#drop();
  }

  /** The network is there again, or the tab is looked at: no more waiting. */
  hurry(): void {
    if (this.#isWanted && this.#cancelRetry !== undefined) {
      this.#failures = 0;
      this.#connect();
    }
  }

  /** The network is gone. */
  lost(): void {
    if (this.#isWanted) {
      this.#drop();
      this.#say("offline");
      this.#retryLater();
    }
  }

  #connect(): void {
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#drop();
    const wire = this.ports.open(this.#last);
    this.#wire = wire;
    let isHeard = false;
    this.#cancelPatience = this.ports.clock.after(OPENS_WITHIN_MS, () => this.#ended(wire, isHeard, 1006));
    wire.onmessage = ({ data }) => {
      if (wire === this.#wire) {
        isHeard = true;
        this.#hear(data);
      }
    };
    wire.onclose = ({ code }) => this.#ended(wire, isHeard, code);
  }

  #drop(): void {
    this.#cancelPatience?.();
    const wire = this.#wire;
    this.#wire = undefined;
    if (wire !== undefined) {
      wire.onmessage = null;
      wire.onclose = null;
      wire.close();
    }
  }

  #ended(wire: Wire, wasHeard: boolean, code: number): void {
    if (wire !== this.#wire) {
      return;
    }
    this.#drop();
    this.#say("offline");
    if (code === SIGNED_OUT) {
      this.#signedOut();
    } else if (wasHeard) {
      this.#retryLater();
    } else {
      // A refused upgrade looks like a network failure to a browser.
      void this.ports.isSignedOut().then((isSignedOut) => {
        if (this.#isWanted && this.#wire === undefined) {
          if (isSignedOut) {
            this.#signedOut();
          } else {
            this.#retryLater();
          }
        }
      });
    }
  }

  #signedOut(): void {
    this.stop();
    this.listener.signedOut();
  }

  #retryLater(): void {
    this.#cancelRetry?.();
    const longest = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** this.#failures);
    this.#failures += 1;
    const wait = Math.max(FIRST_WAIT_MS, longest * (0.5 + this.ports.random() / 2));
    this.#cancelRetry = this.ports.clock.after(wait, () => {
      if (this.ports.isOffline()) {
        this.#retryLater();
      } else {
        this.#connect();
      }
    });
  }

  #hear(data: unknown): void {
    this.#heardAt = this.ports.clock.now();
    const frame = parse(data);
    if (frame === undefined) {
      return;
    }
    switch (frame.type) {
      case "hello":
        this.#cancelPatience?.();
        this.#failures = 0;
        this.#head = frame.head;
        // Where the log does not have that number any more, a reset follows.
        this.#last = Math.min(this.#last ?? frame.seq, frame.seq);
        this.#missed.clear();
        this.listener.hello();
        break;
      case "reset":
        this.#last = frame.head;
        this.#head = frame.head;
        this.listener.beginAnew();
        break;
      case "head":
        this.#last = frame.head;
        break;
      default:
        this.#hearEvent(frame);
    }
    this.#say((this.#last ?? 0) >= this.#head ? "live" : "catching_up");
  }

  #hearEvent(event: LiveEvent): void {
    if (event.seq !== undefined) {
      if (event.seq <= (this.#last ?? 0)) {
        return;
      }
      this.#last = event.seq;
    }
    this.#upTo = event.at ?? this.#upTo;
    if (this.#state.state === "catching_up" && event.type === "message_placed" && event.cause === "received") {
      this.#missed.add(event.message.id);
    }
    this.listener.tell(event);
  }

  #say(state: ConnectionState["state"]): void {
    const isFirst = this.#state.state === "connecting";
    if (isFirst && state === "offline" && this.#last === undefined && this.#failures === 0) {
      return;
    }
    if (state === this.#state.state) {
      return;
    }
    if (state === "offline" && this.#state.state === "live") {
      this.#upTo = new Date(this.#heardOrBeat()).toISOString();
    }
    const missed = this.#missed.size > 0 ? this.#missed.size : undefined;
    this.#state = state === "live" ? { state, missed } : { state, upTo: this.#upTo, missed };
    this.listener.changed(this.#state);
    if (state === "live" && missed !== undefined) {
      this.ports.clock.after(NEWS_FOR_MS, () => {
        if (this.#state.state === "live") {
          this.#state = { state: "live" };
          this.listener.changed(this.#state);
        }
      });
    }
  }

  /** When the wire was last known to be good. */
  #heardOrBeat(): number {
    return Math.max(this.#heardAt, this.#beatAt);
  }

  #beat(): void {
    this.#beatAt = this.ports.clock.now();
    this.#cancelBeat = this.ports.clock.after(BEAT_MS, () => {
      const now = this.ports.clock.now();
      const slept = now - this.#beatAt - BEAT_MS > (this.ports.isHidden() ? ASLEEP_HIDDEN_MS : ASLEEP_MS);
      const isSilent = this.#wire !== undefined && now - this.#heardAt > SILENT_MS;
      if (slept) {
        this.lost();
        this.#failures = 0;
        this.#connect();
      } else if (isSilent && this.#state.state === "live") {
        this.#heardAt = now;
        this.#connect();
      }
      this.#beat();
    });
  }
}
