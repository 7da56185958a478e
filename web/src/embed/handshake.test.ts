// The handshake and the launch machine without a browser.
import { describe, expect, it } from "vitest";
import { type FrameWord, Handshake, type Heard } from "./handshake";
import { asksByItself, firstState, next } from "./launch";
import { memoryStorage } from "./own-storage";

function scene() {
  const said: { word: FrameWord; origin: string }[] = [];
  const listeners = new Set<(event: MessageEvent<unknown>) => void>();
  const parent = { postMessage: (word: FrameWord, origin: string) => void said.push({ word, origin }) };
  const frame = {
    parent,
    addEventListener: (_: "message", listener: (event: MessageEvent<unknown>) => void) => void listeners.add(listener),
    removeEventListener: (_: "message", listener: (event: MessageEvent<unknown>) => void) =>
      void listeners.delete(listener),
  };
  const heard: Heard[] = [];
  const handshake = new Handshake(frame);
  const close = handshake.open((what) => heard.push(what));
  const arrive = (data: unknown, origin: string, source: unknown = parent) => {
    const event = Object.assign(new Event("message"), { data, origin, source });
    for (const listener of listeners) {
      Reflect.apply(listener, undefined, [event]);
    }
  };
  return { said, heard, handshake, arrive, close, listeners };
}

const HOST = "https://cases.example";

describe("the handshake", () => {
  it("says that it is ready, and nothing else before it knows the host", () => {
    const { said, handshake } = scene();
    handshake.unreadCount(3);
    handshake.height(400);
    expect(said).toEqual([{ word: { casewire: "ready" }, origin: "*" }]);
  });

  it("takes a token of its parent and then speaks to that origin alone", () => {
    const { said, heard, handshake, arrive } = scene();
    arrive({ casewire: "launch", token: "t1" }, HOST);
    handshake.unreadCount(3);
    handshake.sessionEnded();
    expect(heard).toEqual([{ token: "t1" }]);
    expect(said.slice(1)).toEqual([
      { word: { casewire: "unread-count", count: 3 }, origin: HOST },
      { word: { casewire: "session-ended" }, origin: HOST },
    ]);
  });

  it("does not hear other windows or other words", () => {
    const { heard, arrive } = scene();
    arrive({ casewire: "launch", token: "t1" }, HOST, {});
    for (const data of [
      null,
      "launch",
      7,
      {},
      { casewire: "launch" },
      { casewire: "launch", token: "" },
      { token: "t" },
    ]) {
      arrive(data, HOST);
    }
    expect(heard).toEqual([]);
  });

  it("refuses a token of another origin than the first", () => {
    const { heard, arrive } = scene();
    arrive({ casewire: "launch", token: "t1" }, HOST);
    arrive({ casewire: "launch", token: "t2" }, "https://evil.example");
    expect(heard).toEqual([{ token: "t1" }, "other-origin"]);
  });

  it("stops listening", () => {
    const { close, listeners } = scene();
    close();
    expect(listeners.size).toBe(0);
  });
});

describe("the launch", () => {
  const failed = (status: number) => ({ type: "failed", status }) as const;

  it("asks once by itself for a new token, and then waits for the reader", () => {
    const first = next({ at: "signing-in" }, failed(401), false);
    expect(first).toEqual({ at: "expired", again: false });
    expect(asksByItself(first)).toBe(true);
    const second = next({ at: "signing-in" }, failed(401), true);
    expect(second).toEqual({ at: "expired", again: true });
    expect(asksByItself(second)).toBe(false);
  });

  it("tells a host that is not allowed from a token that is not valid", () => {
    expect(next({ at: "signing-in" }, failed(403), false)).toEqual({ at: "refused" });
    expect(next({ at: "signing-in" }, failed(0), false)).toEqual({ at: "unavailable" });
    expect(next({ at: "signing-in" }, failed(503), false)).toEqual({ at: "unavailable" });
  });

  it("renews a session without leaving the case", () => {
    expect(next({ at: "in" }, { type: "token" }, false)).toEqual({ at: "in" });
    expect(next({ at: "in" }, { type: "opened" }, false)).toEqual({ at: "in" });
  });

  it("says after a while that the host does not answer, but only while it waits", () => {
    expect(next(firstState, { type: "no-answer" }, false)).toEqual({ at: "waiting-long" });
    expect(next({ at: "in" }, { type: "no-answer" }, false)).toEqual({ at: "in" });
    expect(next({ at: "waiting-long" }, { type: "token" }, false)).toEqual({ at: "signing-in" });
  });

  it("keeps a working session when another page tries", () => {
    expect(next({ at: "in" }, { type: "other-origin" }, false)).toEqual({ at: "in" });
  });
});

describe("storage in memory", () => {
  it("keeps, lists, removes and forgets", () => {
    const storage = memoryStorage();
    storage.setItem("draft", "Hello");
    storage.setItem("theme", "dark");
    expect([storage.length, storage.key(0), storage.key(2), storage.getItem("draft")]).toEqual([
      2,
      "draft",
      null,
      "Hello",
    ]);
    storage.removeItem("draft");
    expect(storage.getItem("draft")).toBeNull();
    storage.clear();
    expect(storage.length).toBe(0);
  });
});
