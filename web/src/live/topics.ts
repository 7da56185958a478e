// Who is told when something under a name was made anew: at most once a frame, and only those who listen to that name.
import type { Clock } from "./clock";

export class Topics {
  /** How many listeners were called: what the tests count instead of time. */
  calls = 0;
  readonly #listeners = new Map<string, Set<() => void>>();
  #touched = new Set<string>();
  #isAsked = false;

  constructor(
    private readonly clock: Clock,
    /** Makes what is shown under these names anew. */
    private readonly render: (topics: ReadonlySet<string>) => void,
  ) {}

  listen(topic: string, listener: () => void): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners.add(listener));
    return () => {
      listeners.delete(listener);
      if (listeners.size === 0 && this.#listeners.get(topic) === listeners) {
        this.#listeners.delete(topic);
      }
    };
  }

  touch(topic: string): void {
    this.#touched.add(topic);
    if (!this.#isAsked) {
      this.#isAsked = true;
      this.clock.beforeFrame(() => this.flush());
    }
  }

  flush(): void {
    this.#isAsked = false;
    const touched = this.#touched;
    this.#touched = new Set();
    this.render(touched);
    for (const topic of touched) {
      for (const listener of this.#listeners.get(topic) ?? []) {
        this.calls += 1;
        listener();
      }
    }
  }
}
