// The live store on a test's own world, clock and wires: requests are answered and frames are drawn when the test says so,
// in whatever order it says.
import { ApiError } from "../api/client";
import type { Clock } from "./clock";
import { Live } from "./live";
import type { LiveEvent } from "./model";
import { LiveSocket, type Wire } from "./socket";
import type { Source } from "./source";
import { READER, type World } from "./world";

type Timer = { at: number; run: () => void };
type Asked = {
  answer: () => unknown;
  served: { value: unknown } | undefined;
  resolve: (value: unknown) => void;
  reject: (error: ApiError) => void;
};

export class TestClock implements Clock {
  time = 0;
  frames = 0;
  #timers: Timer[] = [];
  #frame: (() => void)[] = [];

  now(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
    this.#timers.push(timer);
    return () => {
      this.#timers = this.#timers.filter((one) => one !== timer);
    };
  }

  beforeFrame(run: () => void): void {
    this.#frame.push(run);
  }

  frame(): void {
    this.frames += 1;
    for (const run of this.#frame.splice(0)) {
      run();
    }
  }

  pass(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const next = this.#timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) {
        break;
      }
      this.#timers = this.#timers.filter((one) => one !== next);
      this.time = Math.max(this.time, next.at);
      next.run();
    }
    this.time = end;
  }
}

/** Lets everything that waits for an answer take note of it. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class Rig {
  readonly clock = new TestClock();
  readonly live: Live;
  readonly socket: LiveSocket;
  /** Pages have at most this many rows, whatever is asked for. */
  pageSize = 3;
  requests = 0;
  #asked: Asked[] = [];
  #wire: (Wire & { sent: number; isGreeted: boolean; isReset: boolean }) | undefined;
  /** Whether the log does not go back far enough the next time. */
  isTrimmed = false;
  isReachable = true;

  constructor(readonly world: World) {
    this.live = new Live(READER, this.#source(), this.clock, { readerChanged() {}, othersChanged() {} });
    const ports = {
      clock: this.clock,
      random: () => 0.5,
      isHidden: () => false,
      isOffline: () => false,
      isSignedOut: async () => false,
      open: (since: number | undefined) => this.#open(since),
    };
    this.socket = new LiveSocket(ports, {
      hello: () => this.live.hello(),
      tell: (event: LiveEvent) => this.live.tell(event),
      beginAnew: () => this.live.beginAnew(),
      signedOut() {},
      changed() {},
    });
  }

  #open(since: number | undefined): Wire {
    const sent = this.isTrimmed || since === undefined ? this.world.head : since;
    const wire = {
      onmessage: null,
      onclose: null,
      close() {},
      sent,
      isGreeted: false,
      isReset: this.isTrimmed && since !== undefined,
    };
    this.isTrimmed = false;
    this.#wire = wire;
    return wire;
  }

  /** Sends the hello, then at most so many events; some of them twice. */
  send(events: number, repeated = 0): void {
    const wire = this.#wire;
    if (wire === undefined || !this.isReachable) {
      return;
    }
    const say = (frame: object): void => wire.onmessage?.({ data: JSON.stringify(frame) });
    if (!wire.isGreeted) {
      wire.isGreeted = true;
      say({ type: "hello", head: this.world.head, seq: wire.sent });
      if (wire.isReset) {
        wire.sent = this.world.head;
        say({ type: "reset", head: this.world.head });
      }
    }
    for (let one = 0; one < events && wire.sent < this.world.head; one += 1) {
      const from = Math.max(0, wire.sent - repeated);
      wire.sent += 1;
      for (const event of this.world.log.slice(from, wire.sent)) {
        say(event);
      }
    }
    if (wire.sent === this.world.head) {
      say({ type: "head", head: wire.sent });
    }
  }

  drop(): void {
    const wire = this.#wire;
    this.#wire = undefined;
    wire?.onclose?.({ code: 1006 });
  }

  get waiting(): number {
    return this.#asked.length;
  }

  /** The server answers a request: as of now. */
  serve(which: number): void {
    const asked = this.#asked[which % Math.max(1, this.#asked.length)];
    if (asked !== undefined && asked.served === undefined) {
      asked.served = { value: asked.answer() };
    }
  }

  /** The answer arrives. */
  async deliver(which: number): Promise<void> {
    const asked = this.#asked[which % Math.max(1, this.#asked.length)];
    if (asked !== undefined) {
      this.#asked = this.#asked.filter((one) => one !== asked);
      const value = asked.served === undefined ? asked.answer() : asked.served.value;
      if (value instanceof ApiError) {
        asked.reject(value);
      } else {
        asked.resolve(structuredClone(value));
      }
      await turn();
    }
  }

  async fail(which: number): Promise<void> {
    const asked = this.#asked[which % Math.max(1, this.#asked.length)];
    if (asked !== undefined) {
      this.#asked = this.#asked.filter((one) => one !== asked);
      asked.reject(ApiError.network());
      await turn();
    }
  }

  /** Everything arrives, timers run, until nothing is left to do. */
  async settle(): Promise<void> {
    this.isReachable = true;
    for (let round = 0; round < 200; round += 1) {
      this.socket.hurry();
      this.send(Number.POSITIVE_INFINITY);
      while (this.#asked.length > 0) {
        await this.deliver(0);
      }
      this.clock.pass(round < 3 ? 40_000 : 500);
      this.send(Number.POSITIVE_INFINITY);
      await turn();
      this.clock.frame();
      if (round > 12 && this.#asked.length === 0) {
        return;
      }
    }
    throw new Error("it does not come to rest");
  }

  #source(): Source {
    const { world } = this;
    const ask = <T>(answer: () => NoInfer<T> | undefined): Promise<T> => {
      this.requests += 1;
      return new Promise((resolve, reject) => {
        this.#asked.push({
          answer: () => answer() ?? new ApiError(404, { code: "not_found" }),
          served: undefined,
          resolve: (value) => resolve(value as T),
          reject,
        });
      });
    };
    return {
      conversations: (key, cursor, limit) => ask(() => world.list(key, cursor, Math.min(limit, this.pageSize))),
      conversation: (id) => ask(() => world.view(id)),
      items: (id, cursor, limit) =>
        ask(() => (world.view(id) === undefined ? undefined : world.items(id, cursor, Math.min(limit, this.pageSize)))),
      steps: (id) => ask(() => world.steps(id)),
      counts: () =>
        ask(() => ({
          unclaimed: world.all({ view: "unclaimed" }).length,
          mine: 0,
          unknown: 0,
          attention: 0,
          dismissed: 0,
        })),
      case: () => ask(() => undefined),
      caseContacts: () => ask(() => []),
      contact: () => ask(() => undefined),
      contactRoles: () => ask(() => []),
      calls: (view) => ask(() => world.calls.list(view)),
    };
  }
}
