// The socket on a clock that is moved by hand: resuming, waiting, giving up, and what it says of itself.
import { describe, expect, it } from "vitest";
import type { ConnectionState, LiveEvent } from "./model";
import { TestClock, turn } from "./rig";
import { LiveSocket, type Wire } from "./socket";

class Line {
  readonly clock = new TestClock();
  readonly opened: { since: number | undefined; wire: Wire; at: number }[] = [];
  readonly states: ConnectionState[] = [];
  readonly told: LiveEvent[] = [];
  began = 0;
  ended = 0;
  isSignedOut = false;
  isHidden = false;
  isOffline = false;
  random = 1;
  readonly socket = new LiveSocket(
    {
      clock: this.clock,
      random: () => this.random,
      isHidden: () => this.isHidden,
      isOffline: () => this.isOffline,
      isSignedOut: async () => this.isSignedOut,
      open: (since) => {
        const wire: Wire = { onmessage: null, onclose: null, close() {} };
        this.opened.push({ since, wire, at: this.clock.now() });
        return wire;
      },
    },
    {
      hello() {},
      tell: (event) => this.told.push(event),
      beginAnew: () => {
        this.began += 1;
      },
      signedOut: () => {
        this.ended += 1;
      },
      changed: (state) => this.states.push(state),
    },
  );

  get wire(): Wire {
    const last = this.opened.at(-1);
    if (last === undefined) {
      throw new Error("no wire was opened");
    }
    return last.wire;
  }

  say(frame: object): void {
    this.wire.onmessage?.({ data: JSON.stringify(frame) });
  }

  settings(seq: number): void {
    this.say({ type: "settings_changed", seq, at: "2026-01-27T09:30:00.000000Z" });
  }

  live(): this {
    this.socket.start();
    this.say({ type: "hello", head: 7, seq: 7 });
    return this;
  }
}

describe("the socket", () => {
  it("begins without a number, and is live with the hello", () => {
    const line = new Line().live();
    expect(line.opened.map(({ since }) => since)).toEqual([undefined]);
    expect(line.socket.state).toEqual({ state: "live" });
  });

  it("resumes from the last number, of an event or of a head, and takes nothing twice", () => {
    const line = new Line().live();
    line.settings(8);
    line.settings(8);
    line.say({ type: "head", head: 11 });
    line.settings(10);
    expect(line.told.map(({ seq }) => seq)).toEqual([8]);
    line.wire.onclose?.({ code: 1001 });
    line.clock.pass(500);
    expect(line.opened.at(-1)?.since).toBe(11);
  });

  it("is catching up until it is where the log was, and tells how many texts were missed", () => {
    const line = new Line().live();
    line.wire.onclose?.({ code: 4408 });
    line.clock.pass(500);
    line.say({ type: "hello", head: 10, seq: 7 });
    expect(line.socket.state.state).toBe("catching_up");
    line.say({
      type: "message_placed",
      cause: "received",
      message: { id: "msg_1" },
      seq: 8,
      at: "2026-01-27T09:30:00Z",
    });
    line.say({
      type: "message_placed",
      cause: "received",
      message: { id: "msg_1" },
      seq: 9,
      at: "2026-01-27T09:30:00Z",
    });
    expect(line.socket.state.state).toBe("catching_up");
    line.say({ type: "head", head: 10 });
    expect(line.socket.state).toEqual({ state: "live", missed: 1 });
    line.clock.pass(10_000);
    expect(line.socket.state).toEqual({ state: "live" });
  });

  it("says up to when everything is shown, while it is not", () => {
    const line = new Line();
    line.clock.time = Date.parse("2026-01-27T10:42:00Z");
    line.live();
    line.socket.lost();
    expect(line.socket.state).toMatchObject({ state: "offline", upTo: "2026-01-27T10:42:00.000Z" });
  });

  it("waits from half a second to half a minute, longer each time, never all at once", async () => {
    const line = new Line().live();
    line.wire.onclose?.({ code: 1006 });
    const waits: number[] = [];
    for (let one = 0; one < 9; one += 1) {
      const [before, opened] = [line.clock.now(), line.opened.length];
      while (line.opened.length === opened) {
        line.clock.pass(100);
      }
      waits.push(line.clock.now() - before);
      line.wire.onclose?.({ code: 1006 });
      await turn();
    }
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16000, 30000, 30000, 30000]);
    const other = new Line();
    other.random = 0;
    other.live().wire.onclose?.({ code: 1006 });
    other.clock.pass(500);
    other.wire.onclose?.({ code: 1006 });
    await turn();
    other.clock.pass(500);
    expect(other.opened.length, "half the wait").toBe(3);
  });

  it("asks to sign in again on 4401, and where a wire is refused and nobody is signed in; then stops", async () => {
    const line = new Line().live();
    line.wire.onclose?.({ code: 4401 });
    expect(line.ended).toBe(1);
    line.clock.pass(120_000);
    expect(line.opened.length).toBe(1);
    line.socket.start();
    expect(line.opened.at(-1)?.since).toBe(7);
    line.isSignedOut = true;
    line.wire.onclose?.({ code: 1006 });
    await turn();
    expect(line.ended).toBe(2);
  });

  it("begins anew on a reset, and goes on after its head", () => {
    const line = new Line().live();
    line.wire.onclose?.({ code: 1001 });
    line.clock.pass(500);
    line.say({ type: "hello", head: 90_000, seq: 90_000 });
    line.say({ type: "reset", head: 90_000 });
    expect(line.began).toBe(1);
    expect(line.socket.state.state).toBe("live");
    expect(line.socket.last).toBe(90_000);
  });

  it("goes on from a log that is shorter than it was", () => {
    const line = new Line().live();
    line.wire.onclose?.({ code: 1001 });
    line.clock.pass(500);
    line.say({ type: "hello", head: 3, seq: 3 });
    line.say({ type: "reset", head: 3 });
    line.settings(4);
    expect(line.told.map(({ seq }) => seq)).toEqual([4]);
  });

  it("hurries when the network is there again", () => {
    const line = new Line().live();
    line.socket.lost();
    line.socket.hurry();
    expect(line.opened.length).toBe(2);
  });

  it("does not try where there is surely no network", () => {
    const line = new Line().live();
    line.isOffline = true;
    line.socket.lost();
    line.clock.pass(60_000);
    expect(line.opened.length).toBe(1);
    line.isOffline = false;
    line.socket.hurry();
    expect(line.opened.length).toBe(2);
  });

  it("opens anew after sleep", () => {
    const line = new Line().live();
    line.clock.time += 600_000;
    line.clock.pass(0);
    expect(line.opened.length).toBe(2);
    expect(line.opened.at(-1)?.since).toBe(7);
  });

  it("does not take a hidden tab's slow timers for sleep", () => {
    const line = new Line();
    line.isHidden = true;
    line.live();
    line.clock.time += 61_000;
    line.clock.pass(0);
    expect(line.opened.length).toBe(1);
  });

  it("renews a wire that has been silent, for it may be dead", () => {
    const line = new Line().live();
    line.clock.pass(89_000);
    expect(line.opened.length).toBe(1);
    line.clock.pass(10_000);
    expect(line.opened.length).toBe(2);
    expect(line.socket.state.state, "without alarm").toBe("live");
  });

  it("gives up on a wire that does not open", async () => {
    const line = new Line().live();
    line.wire.onclose?.({ code: 1001 });
    line.clock.pass(500);
    line.clock.pass(15_000);
    await turn();
    line.clock.pass(1_000);
    expect(line.opened.length).toBe(3);
  });

  it("overlooks a frame that is none", () => {
    const line = new Line().live();
    line.wire.onmessage?.({ data: "{" });
    line.wire.onmessage?.({ data: new ArrayBuffer(1) });
    expect(line.socket.state.state).toBe("live");
  });
});
