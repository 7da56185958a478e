// Ids in descending order of their keys: found, placed and removed in logarithmic time, copied once per frame at most. Remembers
// who left, so that nobody has to hold two copies against each other to find out.

/** As many of those who left are remembered: more than leave between two frames. */
const REMEMBERED = 1_000;

export class Order {
  #ids: string[] = [];
  #keys: string[] = [];
  readonly #keyOf = new Map<string, string>();
  /** Who left, the latest last, and how many were forgotten before them. */
  #left: string[] = [];
  #forgotten = 0;

  get size(): number {
    return this.#ids.length;
  }

  has(id: string): boolean {
    return this.#keyOf.has(id);
  }

  /** A copy, the greatest first. */
  ids(): readonly string[] {
    return this.#ids.slice();
  }

  place(id: string, key: string): void {
    if (this.#keyOf.get(id) === key) {
      return;
    }
    this.#take(id);
    const at = this.#position(key);
    this.#ids.splice(at, 0, id);
    this.#keys.splice(at, 0, key);
    this.#keyOf.set(id, key);
  }

  remove(id: string): void {
    if (this.#take(id)) {
      this.#left.push(id);
      if (this.#left.length > 2 * REMEMBERED) {
        this.#forgotten += this.#left.length - REMEMBERED;
        this.#left = this.#left.slice(-REMEMBERED);
      }
    }
  }

  /** How many were ever removed one by one. */
  get leftCount(): number {
    return this.#forgotten + this.#left.length;
  }

  /** Who was removed after so many had been, up to so many; some of them may be back. */
  leftBetween(from: number, to: number): readonly string[] {
    return this.#left.slice(Math.max(0, from - this.#forgotten), Math.max(0, to - this.#forgotten));
  }

  /** The ids whose keys are at least `low` and below `high`. */
  between(low: string, high: string): string[] {
    const found: string[] = [];
    for (let at = this.#position(high); at < this.#ids.length; at += 1) {
      const [id, key] = [this.#ids[at], this.#keys[at]];
      if (id === undefined || key === undefined || key < low) {
        break;
      }
      if (key < high) {
        found.push(id);
      }
    }
    return found;
  }

  /** Begins anew: nobody is said to have left. */
  clear(): void {
    this.#ids = [];
    this.#keys = [];
    this.#keyOf.clear();
  }

  #take(id: string): boolean {
    const key = this.#keyOf.get(id);
    if (key === undefined) {
      return false;
    }
    const at = this.#position(key);
    this.#ids.splice(at, 1);
    this.#keys.splice(at, 1);
    this.#keyOf.delete(id);
    return true;
  }

  /** The first position whose key is not greater: where the key stands, or would. Keys are unique, they end in the id. */
  #position(key: string): number {
    let [from, to] = [0, this.#keys.length];
    while (from < to) {
      const middle = (from + to) >>> 1;
      if ((this.#keys[middle] ?? "") > key) {
        from = middle + 1;
      } else {
        to = middle;
      }
    }
    return from;
  }
}
