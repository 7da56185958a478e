// Time as the live layer sees it: now, later, and the next frame. Tests have a clock of their own.

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
  /** Runs something later; the answer calls it off. */
  after(ms: number, run: () => void): () => void;
  /** Runs something before the next frame is drawn, or within 200 ms while nothing is drawn. */
  beforeFrame(run: () => void): void;
}

const HIDDEN_MS = 200;

export const browserClock: Clock = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  beforeFrame(run) {
    let isDone = false;
    const once = (): void => {
      if (!isDone) {
        isDone = true;
        run();
      }
    };
    // Frames stop in a hidden tab, and in one that is covered; the timer is for those.
    setTimeout(once, HIDDEN_MS);
    if (!document.hidden) {
      requestAnimationFrame(once);
    }
  },
};

/** Something that is done soon, once for many causes: when it has been quiet for a while, at the latest after a limit. */
export class Soon {
  #cancel: (() => void) | undefined;
  #firstAt = 0;

  constructor(
    private readonly clock: Clock,
    private readonly quietMs: number,
    private readonly atLatestMs: number,
    private readonly run: () => void,
  ) {}

  ask(): void {
    const now = this.clock.now();
    if (this.#cancel === undefined) {
      this.#firstAt = now;
    } else {
      this.#cancel();
    }
    const wait = Math.max(0, Math.min(this.quietMs, this.#firstAt + this.atLatestMs - now));
    this.#cancel = this.clock.after(wait, () => {
      this.#cancel = undefined;
      this.run();
    });
  }

  drop(): void {
    this.#cancel?.();
    this.#cancel = undefined;
  }
}
