// One thing that is read as a whole and kept while somebody shows it: read when it is first shown, anew when it may be
// another; what was there stays until then. Refuses to know where the value is kept: that is whoever made it.
import { ApiError } from "../api/client";
import { noChanges } from "./changes";
import { Soon } from "./clock";
import { type Host, type Shown, Superseded } from "./host";
import type { Resource } from "./model";

const QUIET_MS = 120;

export type Plan<T> = {
  topic: string;
  load: () => Promise<T>;
  /** Puts what was read into the state; `undefined` where it is not there any more. */
  put: (value: T | undefined) => void;
  get: () => T | undefined;
  /** The conversations that were read with it. */
  read?: () => readonly string[];
  /** How often it is read at most. */
  everyMs?: number;
};

export class Kept<T> implements Shown {
  users = 0;
  lastUsed = 0;
  /** Whether it is to be tried again as soon as there is a connection. */
  isFailed = false;
  readonly #soon: Soon;
  #isReading = false;
  #isToReadAgain = false;
  #status: Resource<T>["status"] = "loading";
  #error: ApiError | undefined;
  #snapshot: Resource<T>;

  constructor(
    private readonly host: Host,
    private readonly plan: Plan<T>,
  ) {
    const every = plan.everyMs ?? QUIET_MS;
    this.#soon = new Soon(host.clock, Math.min(every, 300), every, () => void this.refresh());
    this.#status = plan.get() === undefined ? "loading" : "ready";
    this.#snapshot = this.#made();
  }

  get topic(): string {
    return this.plan.topic;
  }

  get snapshot(): Resource<T> {
    return this.#snapshot;
  }

  get isSettled(): boolean {
    return !this.#isReading;
  }

  render(): void {
    this.#snapshot = this.#made();
  }

  #made(): Resource<T> {
    const isThere = this.#status !== "gone" && this.#status !== "forbidden";
    return {
      value: isThere ? this.plan.get() : undefined,
      status: this.#status,
      error: this.#error,
      reload: this.reload,
    };
  }

  readonly reload = (): void => {
    if (this.#status !== "ready") {
      this.#status = "loading";
      this.#error = undefined;
      this.host.touch(this.topic);
    }
    void this.refresh();
  };

  /** It may be another soon. */
  ask(): void {
    this.#soon.ask();
  }

  restart(): void {
    this.#isReading = false;
    this.#isToReadAgain = false;
    void this.refresh();
  }

  async refresh(): Promise<void> {
    if (this.#isReading) {
      this.#isToReadAgain = true;
      return;
    }
    this.#isReading = true;
    const { host, plan } = this;
    try {
      const changes = await host.read(plan.load, plan.put);
      this.#isReading = false;
      this.#status = plan.get() === undefined ? "gone" : "ready";
      this.#error = undefined;
      this.isFailed = false;
      host.absorb(changes, plan.read?.());
    } catch (thrown) {
      if (thrown instanceof Superseded) {
        return;
      }
      this.#isReading = false;
      this.#error = ApiError.of(thrown);
      this.isFailed = this.#error.isPassing;
      if (this.isFailed) {
        this.host.retryLater();
      }
      const { status } = this.#error;
      if (status === 404 || status === 403) {
        this.#status = status === 404 ? "gone" : "forbidden";
        plan.put(undefined);
        host.absorb(noChanges(), plan.read?.());
      } else if (plan.get() === undefined) {
        this.#status = "error";
      }
    }
    host.touch(this.topic);
    if (this.#isToReadAgain) {
      this.#isToReadAgain = false;
      this.#soon.ask();
    }
  }

  close(): void {
    this.#soon.drop();
  }
}
