// Ids in descending order of their keys: found, placed and removed in logarithmic time, copied once per frame at most.

export class Order {
  #ids: string[] = [];
  #keys: string[] = [];
  readonly #keyOf = new Map<string, string>();

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
    const before = this.#keyOf.get(id);
    if (before === key) {
      return;
    }
    if (before !== undefined) {
      this.remove(id);
    }
    const at = this.#position(key);
    this.#ids.splice(at, 0, id);
    this.#keys.splice(at, 0, key);
    this.#keyOf.set(id, key);
  }

  remove(id: string): void {
    const key = this.#keyOf.get(id);
    if (key === undefined) {
      return;
    }
    const at = this.#position(key);
    this.#ids.splice(at, 1);
    this.#keys.splice(at, 1);
    this.#keyOf.delete(id);
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

  clear(): void {
    this.#ids = [];
    this.#keys = [];
    this.#keyOf.clear();
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
