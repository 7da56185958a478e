// Who of a person's tabs and browsers has their calls: within a browser whoever holds a lock, among browsers whoever the server
// gave the lease, which is renewed every ten seconds. Tabs of one browser share one name, so that a tab that follows another
// goes on with its lease. Another one can be taken over on purpose. Refuses to know of calls.
import { ApiError } from "../../api/client";
import type { Lease } from "./phone-acts";

export type Place =
  /** It is being found out. */
  | { readonly at: "electing" }
  | { readonly at: "here"; readonly lease: Lease }
  | { readonly at: "other_tab" }
  | { readonly at: "other_browser" }
  /** The server cannot be reached: nothing rings here. */
  | { readonly at: "unreachable" }
  /** The server refuses it to this person. */
  | { readonly at: "refused"; readonly error: ApiError };

export interface Booth {
  readonly id: string;
  lease(takeover: boolean): Promise<Lease>;
  giveUp(): Promise<void>;
  /** Holds this browser's lock while the promise that `run` gives is open. Gives false where another tab holds it. */
  hold(how: "if_free" | "wait" | "take", run: () => Promise<void>): Promise<boolean>;
  after(ms: number, run: () => void): () => void;
  now(): number;
}

const RENEW_MS = 10_000;
const RETRY_MS = 2_000;
const LEASE_MS = 30_000;
/** A server that was started anew carries calls only after a while, and some never do: asked less and less often. */
const NO_LINE_MS = { first: 20_000, most: 320_000 };

export class Election {
  #place: Place = { at: "electing" };
  readonly #listeners = new Set<() => void>();
  #isOver = false;
  #letGo: (() => void) | undefined;
  #cancel: (() => void) | undefined;
  #renewedAt = 0;
  #turn = 0;
  #noLineMs = NO_LINE_MS.first;

  constructor(private readonly booth: Booth) {}

  get place(): Place {
    return this.#place;
  }

  get id(): string {
    return this.booth.id;
  }

  watch(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  #become(place: Place): void {
    this.#place = place;
    for (const listener of [...this.#listeners]) {
      listener();
    }
  }

  start(): void {
    void this.#contend("if_free", false);
  }

  /** Takes the calls to this tab, from wherever they are. */
  takeOver(): void {
    if (this.#letGo === undefined) {
      void this.#contend("take", true);
    } else {
      void this.#renew(true);
    }
  }

  /** The server says who was elected. */
  told(id: string | undefined): void {
    if (id === this.booth.id || this.#letGo === undefined) {
      return;
    }
    if (id === undefined) {
      // Nobody has them: given up, or run out.
      void this.#renew(false);
    } else if (this.#place.at === "here") {
      this.#become({ at: "other_browser" });
    }
  }

  async #contend(how: "if_free" | "wait" | "take", takeover: boolean): Promise<void> {
    let isStolen = false;
    const isHeld = await this.booth
      .hold(how, () => this.#reign(takeover))
      .catch(() => {
        isStolen = true;
        return true;
      });
    if (this.#isOver) {
      return;
    }
    if (isStolen || !isHeld) {
      this.#resign();
      this.#become({ at: "other_tab" });
      void this.#contend("wait", false);
    }
  }

  /** Lasts as long as this tab has the lock. */
  #reign(takeover: boolean): Promise<void> {
    return new Promise((resolve) => {
      if (this.#isOver) {
        resolve();
        return;
      }
      this.#letGo = resolve;
      this.#become({ at: "electing" });
      void this.#renew(takeover);
    });
  }

  #resign(): void {
    this.#turn += 1;
    this.#cancel?.();
    this.#letGo = undefined;
  }

  async #renew(takeover: boolean): Promise<void> {
    this.#turn += 1;
    const turn = this.#turn;
    this.#cancel?.();
    let again = RENEW_MS;
    try {
      const lease = await this.booth.lease(takeover);
      if (turn !== this.#turn) {
        return;
      }
      this.#renewedAt = this.booth.now();
      this.#noLineMs = NO_LINE_MS.first;
      this.#become(lease.is_elected ? { at: "here", lease } : { at: "other_browser" });
    } catch (thrown) {
      if (turn !== this.#turn) {
        return;
      }
      const error = ApiError.of(thrown);
      if (error.code === "no_line") {
        this.#become({ at: "refused", error });
        again = this.#noLineMs;
        this.#noLineMs = Math.min(NO_LINE_MS.most, 2 * this.#noLineMs);
      } else if (!error.isPassing) {
        this.#become({ at: "refused", error });
        return;
      } else {
        again = RETRY_MS;
        if (this.booth.now() - this.#renewedAt > LEASE_MS) {
          this.#become({ at: "unreachable" });
        }
      }
    }
    this.#cancel = this.booth.after(again, () => void this.#renew(false));
  }

  /** Ends for good. */
  stop(): void {
    this.#isOver = true;
    const letGo = this.#letGo;
    this.#resign();
    letGo?.();
  }

  /** Ends for good, and says so: somebody signs out. */
  async giveUp(): Promise<void> {
    const wasHere = this.#place.at === "here";
    this.stop();
    if (wasHere) {
      await this.booth.giveUp();
    }
  }
}
