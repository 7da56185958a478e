// What was told while something was being read: kept from the moment the first reading in flight began, dropped when none is
// left. An answer may be older than what was told since its request, so that is applied once more over it.
import type { LiveEvent } from "./model";

export class Window {
  #events: LiveEvent[] = [];
  /** The position of the first kept event. */
  #from = 0;
  readonly #open = new Map<symbol, number>();

  note(event: LiveEvent): void {
    if (this.#open.size > 0) {
      this.#events.push(event);
    } else {
      this.#from += 1;
    }
  }

  open(): symbol {
    const mark = Symbol("reading");
    this.#open.set(mark, this.#from + this.#events.length);
    return mark;
  }

  since(mark: symbol): readonly LiveEvent[] {
    const position = this.#open.get(mark) ?? Number.POSITIVE_INFINITY;
    return this.#events.slice(Math.max(0, position - this.#from));
  }

  close(mark: symbol): void {
    this.#open.delete(mark);
    const needed = this.#open.size === 0 ? Number.POSITIVE_INFINITY : Math.min(...this.#open.values());
    const dropped = Math.min(this.#events.length, Math.max(0, needed - this.#from));
    if (dropped > 0) {
      this.#events = this.#events.slice(dropped);
      this.#from += dropped;
    }
  }
}
