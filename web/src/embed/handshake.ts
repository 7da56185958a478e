// The frame's side of the handshake with the page around it, by postMessage. Refuses words of any other window than its parent, and of any
// other origin than the first that handed over a token; nothing but "ready" is said before. The host's side: ../embed-host/embed.ts.

/** What the frame says. */
export type FrameWord =
  | { casewire: "ready" }
  | { casewire: "unread-count"; count: number }
  | { casewire: "height"; height: number }
  | { casewire: "session-ended" };

export type Heard = { token: string } | "other-origin";

/** The part of a window that the handshake needs. */
export interface Frame {
  readonly parent: { postMessage(word: FrameWord, origin: string): void };
  addEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void;
  removeEventListener(type: "message", listener: (event: MessageEvent<unknown>) => void): void;
}

/** Whether there is a page around this one. */
export function isFramed(window: { readonly parent: unknown }): boolean {
  return window.parent !== window;
}

function tokenIn(data: unknown): string | undefined {
  if (typeof data !== "object" || data === null || !("casewire" in data) || !("token" in data)) {
    return undefined;
  }
  return data.casewire === "launch" && typeof data.token === "string" && data.token !== "" ? data.token : undefined;
}

export class Handshake {
  #origin: string | undefined;
  #stop: (() => void) | undefined;

  constructor(private readonly frame: Frame) {}

  /** Begins to listen and says that it is ready; what comes back ends it. */
  open(heard: (what: Heard) => void): () => void {
    const hear = (event: MessageEvent<unknown>): void => {
      if (event.source !== this.frame.parent) {
        return;
      }
      const token = tokenIn(event.data);
      if (token === undefined) {
        return;
      }
      if (this.#origin !== undefined && event.origin !== this.#origin) {
        heard("other-origin");
        return;
      }
      this.#origin = event.origin;
      heard({ token });
    };
    this.frame.addEventListener("message", hear);
    this.#stop = () => this.frame.removeEventListener("message", hear);
    this.ready();
    return () => this.#stop?.();
  }

  /** Holds nothing secret, so that it can be said before the host is known. */
  ready(): void {
    this.frame.parent.postMessage({ casewire: "ready" }, this.#origin ?? "*");
  }

  /** Asks for a new launch token. */
  sessionEnded(): void {
    if (this.#origin === undefined) {
      this.ready();
    } else {
      this.#say({ casewire: "session-ended" });
    }
  }

  unreadCount(count: number): void {
    this.#say({ casewire: "unread-count", count });
  }

  height(height: number): void {
    this.#say({ casewire: "height", height: Math.ceil(height) });
  }

  #say(word: FrameWord): void {
    if (this.#origin !== undefined) {
      this.frame.parent.postMessage(word, this.#origin);
    }
  }
}
