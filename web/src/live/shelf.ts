// What is kept by name while somebody shows it, and a few more for those who come back; the longest unused goes first.
import type { Clock } from "./clock";

export interface Shelved {
  users: number;
  lastUsed: number;
}

export class Shelf<T extends Shelved> {
  readonly #kept = new Map<string, T>();

  constructor(
    private readonly idle: number,
    private readonly clock: Clock,
    private readonly close: (one: T) => void,
  ) {}

  get(name: string, make: () => T): T {
    let one = this.#kept.get(name);
    if (one === undefined) {
      one = make();
      this.#kept.set(name, one);
    }
    one.lastUsed = this.clock.now();
    return one;
  }

  peek(name: string): T | undefined {
    return this.#kept.get(name);
  }

  has(name: string): boolean {
    return this.#kept.has(name);
  }

  all(): Iterable<T> {
    return this.#kept.values();
  }

  /** Somebody shows it, until they call back. */
  use(name: string, make: () => T): () => void {
    const one = this.get(name, make);
    one.users += 1;
    let isUsed = true;
    return () => {
      if (isUsed) {
        isUsed = false;
        one.users -= 1;
        one.lastUsed = this.clock.now();
        this.#thin();
      }
    };
  }

  dropIdle(): void {
    for (const [name, one] of this.#kept) {
      if (one.users === 0) {
        this.#drop(name, one);
      }
    }
  }

  #thin(): void {
    const idle = [...this.#kept].filter(([, one]) => one.users === 0);
    idle.sort(([, a], [, b]) => a.lastUsed - b.lastUsed);
    for (const [name, one] of idle.slice(0, Math.max(0, idle.length - this.idle))) {
      this.#drop(name, one);
    }
  }

  #drop(name: string, one: T): void {
    this.#kept.delete(name);
    this.close(one);
  }
}
