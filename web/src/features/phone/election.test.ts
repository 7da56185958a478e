// One phone per person: among the tabs of a browser by its lock, among browsers by the server's lease.
import { beforeEach, describe, expect, it } from "vitest";
import { ApiError } from "../../api/client";
import { type Booth, Election } from "./election";
import type { Lease } from "./phone-acts";

/** The server: who has the lease, and until when. */
class Server {
  holder: string | undefined;
  isReachable = true;
  isForbidden = false;
  hasLine = true;
  asked = 0;

  lease(id: string, takeover: boolean): Lease {
    this.asked += 1;
    if (!this.isReachable) {
      throw ApiError.network();
    }
    if (this.isForbidden) {
      throw new ApiError(403, { code: "forbidden" });
    }
    if (!this.hasLine) {
      throw new ApiError(409, { code: "no_line" });
    }
    if (this.holder === undefined || takeover) {
      this.holder = id;
    }
    const isElected = this.holder === id;
    return { is_elected: isElected, elected_at: "", line: "local", token: null, token_expires_at: null } as Lease;
  }
}

type Holder = { end: () => void; steal: () => void };

/** A browser with its lock, its tabs and a clock. */
class Browser {
  time = 0;
  holder: Holder | undefined;
  waiting: (() => void)[] = [];
  timers: { at: number; run: () => void }[] = [];

  constructor(
    readonly server: Server,
    readonly id: string,
  ) {}

  tab(): Election {
    const { server, id } = this;
    const booth: Booth = {
      id,
      lease: async (takeover) => server.lease(id, takeover),
      giveUp: async () => {
        server.holder = undefined;
      },
      hold: async (how, run) => {
        if (how === "if_free" && this.holder !== undefined) {
          return false;
        }
        if (how === "take") {
          this.holder?.steal();
        } else if (this.holder !== undefined) {
          await new Promise<void>((free) => this.waiting.push(free));
        }
        await new Promise<void>((done, stolen) => {
          const holder: Holder = { end: done, steal: () => stolen(new Error("stolen")) };
          this.holder = holder;
          void run().then(() => {
            if (this.holder === holder) {
              this.holder = undefined;
              this.waiting.shift()?.();
            }
            done();
          });
        });
        return true;
      },
      after: (ms, run) => {
        const timer = { at: this.time + ms, run };
        this.timers.push(timer);
        return () => {
          this.timers = this.timers.filter((one) => one !== timer);
        };
      },
      now: () => this.time,
    };
    const election = new Election(booth);
    election.start();
    return election;
  }

  async pass(ms: number): Promise<void> {
    const end = this.time + ms;
    for (;;) {
      const next = this.timers.filter(({ at }) => at <= end).sort((a, b) => a.at - b.at)[0];
      if (next === undefined) {
        break;
      }
      this.timers = this.timers.filter((one) => one !== next);
      this.time = next.at;
      next.run();
      await rest();
    }
    this.time = end;
  }
}

const rest = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("the election of a phone", () => {
  let server: Server;
  let browser: Browser;
  beforeEach(() => {
    server = new Server();
    browser = new Browser(server, "browser-a");
  });

  it("the first tab has the calls, the second knows that another one has them", async () => {
    const first = browser.tab();
    await rest();
    const second = browser.tab();
    await rest();
    expect([first.place.at, second.place.at]).toEqual(["here", "other_tab"]);
  });

  it("a tab that takes over has them, and the former one knows it", async () => {
    const first = browser.tab();
    await rest();
    const second = browser.tab();
    await rest();
    second.takeOver();
    await rest();
    await rest();
    expect([first.place.at, second.place.at]).toEqual(["other_tab", "here"]);
  });

  it("when the tab that has them is closed, the next one has them with the same lease", async () => {
    const first = browser.tab();
    await rest();
    const second = browser.tab();
    await rest();
    first.stop();
    await rest();
    await rest();
    expect(second.place.at).toBe("here");
    expect(server.holder).toBe("browser-a");
  });

  it("the lease is renewed every ten seconds and by one tab alone", async () => {
    browser.tab();
    browser.tab();
    await rest();
    const before = server.asked;
    await browser.pass(60_000);
    expect(server.asked - before).toBe(6);
  });

  it("another browser may take over, and the former one learns it by the event", async () => {
    const here = browser.tab();
    await rest();
    const other = new Browser(server, "browser-b").tab();
    await rest();
    expect(other.place.at).toBe("other_browser");
    other.takeOver();
    await rest();
    here.told("browser-b");
    expect([here.place.at, other.place.at]).toEqual(["other_browser", "here"]);
  });

  it("it learns of it also without the event, at its next renewal", async () => {
    const here = browser.tab();
    await rest();
    server.holder = "browser-b";
    await browser.pass(10_000);
    expect(here.place.at).toBe("other_browser");
  });

  it("when no browser has the calls any more, one that is open takes them", async () => {
    const here = browser.tab();
    await rest();
    here.told("browser-b");
    server.holder = undefined;
    here.told(undefined);
    await rest();
    expect(here.place.at).toBe("here");
  });

  it("a server that is away for a moment changes nothing, and for longer than the lease is said so", async () => {
    const here = browser.tab();
    await rest();
    server.isReachable = false;
    await browser.pass(15_000);
    expect(here.place.at).toBe("here");
    await browser.pass(40_000);
    expect(here.place.at).toBe("unreachable");
    server.isReachable = true;
    await browser.pass(3_000);
    expect(here.place.at).toBe("here");
  });

  it("a server that carries no calls yet is asked again, and less and less often", async () => {
    server.hasLine = false;
    const here = browser.tab();
    await rest();
    await browser.pass(15_000);
    expect([here.place.at, server.asked]).toEqual(["refused", 1]);
    await browser.pass(10_000);
    expect([here.place.at, server.asked]).toEqual(["refused", 2]);
    await browser.pass(30_000);
    expect(server.asked).toBe(2);
    server.hasLine = true;
    await browser.pass(15_000);
    expect(here.place.at).toBe("here");
  });

  it("a refusal is no reason to ask again and again", async () => {
    server.isForbidden = true;
    const here = browser.tab();
    await rest();
    const before = server.asked;
    await browser.pass(60_000);
    expect(here.place.at).toBe("refused");
    expect(server.asked).toBe(before);
  });

  it("who signs out gives the calls up at once", async () => {
    const here = browser.tab();
    await rest();
    await here.giveUp();
    expect(server.holder).toBeUndefined();
  });
});
