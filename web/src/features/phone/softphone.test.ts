// The softphone follows what the live store has: it joins, silences, leaves and rings as the reader's calls and the election ask.
import { beforeEach, describe, expect, it } from "vitest";
import type { CallView } from "../../live/model";
import type { AudioLeg, AudioLine, CallPart, LegView, MicrophoneState } from "./audio";
import type { Election, Place } from "./election";
import { Softphone } from "./softphone";

const ME = { id: "usr_me", name: "Avery Quinn" };
const OTHER = { id: "usr_other", name: "Tom Brooks" };
const HERE: Place = {
  at: "here",
  lease: { is_elected: true, elected_at: "", line: "local", token: null, token_expires_at: null } as never,
};

class FakeLeg implements AudioLeg {
  view: LegView = { state: "live" };
  microphone: MicrophoneState;
  tries = 0;
  readonly #listeners = new Set<() => void>();

  constructor(readonly part: CallPart) {
    this.microphone = part.microphone;
  }
  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
  become(view: LegView): void {
    this.view = view;
    for (const listener of this.#listeners) {
      listener();
    }
  }
  setMicrophone(state: MicrophoneState): void {
    this.microphone = state;
  }
  async levels() {
    return { heard: 0, spoken: 0 };
  }
  retry(): void {
    this.tries += 1;
  }
  leave(): void {
    this.become({ state: "over" });
  }
}

class Rig {
  calls: CallView[] = [];
  place: Place = HERE;
  legs: FakeLeg[] = [];
  isRinging = false;
  readonly phone: Softphone;
  #tellCalls = (): void => {};
  #tellPlace = (): void => {};

  constructor() {
    const rig = this;
    const line: AudioLine = {
      name: "local",
      isSilent: false,
      prepare: async () => {},
      join: (part) => {
        const leg = new FakeLeg(part);
        rig.legs.push(leg);
        return leg;
      },
      choose: () => {},
      close: () => {},
    };
    const election = {
      get place() {
        return rig.place;
      },
      id: "softphone-1",
      watch: (listener: () => void) => {
        rig.#tellPlace = listener;
        return () => {};
      },
    } as unknown as Election;
    this.phone = new Softphone({
      reader: ME.id,
      election,
      calls: () => rig.calls,
      watchCalls: (listener) => {
        rig.#tellCalls = listener;
        return () => {};
      },
      line: async () => line,
      devices: () => ({ inputId: undefined, outputId: undefined, ringId: undefined }),
      watchDevices: () => () => {},
      ring: (on) => {
        rig.isRinging = on;
      },
    });
  }

  tell(...calls: Partial<CallView>[]): void {
    this.calls = calls.map((one) => ({ ...call, ...one }));
    this.#tellCalls();
  }

  move(place: Place): void {
    this.place = place;
    this.#tellPlace();
  }

  get leg(): FakeLeg | undefined {
    return this.legs.at(-1);
  }
}

const call = {
  id: "call_1",
  direction: "outbound",
  status: "queued",
  user: ME,
  is_muted: false,
  is_on_hold: false,
} as CallView;

describe("the softphone", () => {
  let rig: Rig;
  beforeEach(async () => {
    rig = new Rig();
    await new Promise((resolve) => setTimeout(resolve, 0));
  });

  it("joins a call that its person places, with a microphone or not at all", () => {
    rig.tell({});
    expect(rig.leg?.part).toEqual({
      callId: "call_1",
      party: "agent",
      softphoneId: "softphone-1",
      microphone: "open",
      mustSpeak: true,
    });
  });

  it("goes on with a call that was under way, as after a reload", () => {
    rig.tell({ status: "in-progress", is_muted: true });
    expect(rig.leg?.part).toMatchObject({ microphone: "muted", mustSpeak: false });
  });

  it("rings for a call that comes in, and joins it only when it was answered", () => {
    rig.tell({ direction: "inbound", status: "ringing" });
    expect([rig.isRinging, rig.legs.length]).toEqual([true, 0]);
    rig.tell({ direction: "inbound", status: "in-progress" });
    expect([rig.isRinging, rig.legs.length]).toEqual([false, 1]);
  });

  it("rings for a call that a colleague hands over, and joins it once it is its person's", () => {
    rig.tell({ status: "in-progress", user: OTHER, transfer_to: ME });
    expect([rig.isRinging, rig.legs.length]).toEqual([true, 0]);
    rig.tell({ status: "in-progress", user: ME, transfer_to: null });
    expect([rig.isRinging, rig.legs.length]).toEqual([false, 1]);
  });

  it("silences the microphone as the call says", () => {
    rig.tell({ status: "in-progress" });
    rig.tell({ status: "in-progress", is_muted: true });
    expect(rig.leg?.microphone).toBe("muted");
    rig.tell({ status: "in-progress" });
    expect(rig.leg?.microphone).toBe("open");
    expect(rig.legs).toHaveLength(1);
  });

  it("leaves when the call is over, handed on, or lost from sight", () => {
    for (const next of [[{ status: "completed" }], [{ status: "in-progress", user: OTHER }], []]) {
      rig.tell({ status: "in-progress" });
      const { leg } = rig;
      rig.tell(...next);
      expect(leg?.view.state).toBe("over");
      expect(rig.phone.view.leg).toBeUndefined();
    }
  });

  it("neither rings nor joins while another tab has the phone, and leaves what it had", () => {
    rig.tell({ status: "in-progress" });
    const { leg } = rig;
    rig.move({ at: "other_tab" });
    expect(leg?.view.state).toBe("over");
    rig.tell({ direction: "inbound", status: "ringing" });
    expect([rig.isRinging, rig.legs.length]).toEqual([false, 1]);
  });

  it("keeps talking while the server cannot be reached", () => {
    rig.tell({ status: "in-progress" });
    rig.move({ at: "unreachable" });
    expect(rig.leg?.view.state).toBe("live");
  });

  it("does not hammer a server that refuses its sound", () => {
    rig.tell({ status: "in-progress" });
    rig.leg?.become({ state: "over", obstacle: "refused" });
    rig.tell({ status: "in-progress", is_muted: true });
    expect(rig.legs).toHaveLength(1);
    rig.phone.retry();
    expect(rig.legs).toHaveLength(2);
  });

  it("listens without a microphone, opens it to be heard, and gives it back", () => {
    rig.phone.monitor("call_9", "listen");
    expect(rig.leg?.part).toMatchObject({ party: "supervisor", microphone: "none" });
    rig.phone.monitorAs("whisper");
    expect(rig.leg?.microphone).toBe("open");
    rig.phone.monitorAs("listen");
    expect(rig.leg?.microphone).toBe("none");
    rig.phone.stopMonitoring();
    expect(rig.leg?.view.state).toBe("over");
  });
});
