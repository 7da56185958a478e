// What no event could say and is looked up: conversations whose name or role may be another, and texts of conversations of
// which a list cannot tell whether it has them. A few at a time, each once for many causes, again until it worked.
import { ApiError } from "../api/client";
import { Superseded } from "./host";
import type { Live } from "./live";
import type { ConversationView } from "./model";
import type { ItemView } from "./source";
import { isOpen, know, putText } from "./state";
import { threadTopic } from "./thread";

const AT_ONCE = 4;
const PAGE = 200;
const DEEPEST_PAGES = 5;

type Kind = "row" | "texts";

export class Lookups {
  readonly #asked = new Map<string, Kind>();
  readonly #failed = new Map<string, Kind>();
  #running = 0;
  #epoch = 0;

  constructor(
    private readonly live: Live,
    /** More than these are not looked up one by one. */
    private readonly many: number,
  ) {}

  /** Conversations to be read anew, with what is shown of them. */
  reread(conversations: Iterable<string>): void {
    for (const id of conversations) {
      this.#ask(id, "row");
    }
    if (this.#asked.size > this.many) {
      this.live.beginAnew();
    }
  }

  lookUp(conversation: string): void {
    this.#ask(conversation, "texts");
  }

  retry(): void {
    for (const [name, kind] of this.#failed) {
      this.#asked.set(name, kind);
    }
    this.#failed.clear();
    this.#run();
  }

  clear(): void {
    this.#epoch += 1;
    this.#asked.clear();
    this.#failed.clear();
    this.#running = 0;
  }

  get isIdle(): boolean {
    return this.#running === 0 && this.#asked.size === 0 && this.#failed.size === 0;
  }

  #ask(id: string, kind: Kind): void {
    const name = `${kind} ${id}`;
    this.#asked.set(name, kind);
    this.#run();
  }

  #run(): void {
    while (this.#running < AT_ONCE) {
      const next = this.#asked.entries().next();
      if (next.done) {
        return;
      }
      const [name, kind] = next.value;
      this.#asked.delete(name);
      this.#running += 1;
      void this.#look(name.slice(kind.length + 1), kind);
    }
  }

  async #look(id: string, kind: Kind): Promise<void> {
    const epoch = this.#epoch;
    const before = this.live.state.conversations.get(id);
    try {
      await (kind === "row" ? this.#readRow(id) : this.#readTexts(id));
    } catch (thrown) {
      if (thrown instanceof Superseded || epoch !== this.#epoch) {
        return;
      }
      const error = ApiError.of(thrown);
      if (error.status === 404 || error.status === 403) {
        if (this.live.state.conversations.get(id) === before) {
          this.live.forget(id);
        } else {
          // An event brought it while the answer was on its way.
          this.#asked.set(`${kind} ${id}`, kind);
        }
      } else {
        this.#failed.set(`${kind} ${id}`, kind);
        this.live.retryLater();
      }
    }
    if (epoch === this.#epoch) {
      this.#running -= 1;
      this.#run();
    }
  }

  async #readRow(id: string): Promise<void> {
    const { live } = this;
    const isNew = !live.state.conversations.has(id);
    const changes = await live.read(
      () => live.source.conversation(id),
      (conversation: ConversationView) => live.state.conversations.set(id, conversation),
    );
    if (isNew) {
      changes.conversations.add(id);
      changes.unsure.add(id);
    }
    void live.threads.peek(threadTopic(id))?.refresh();
    live.absorb(changes, [id]);
  }

  async #readTexts(id: string): Promise<void> {
    const { live } = this;
    const changes = await live.read(
      () => this.#load(id),
      ({ items, isWhole }) => {
        let isOther = false;
        const kept = live.state.texts.get(id);
        const read = new Set<string>();
        for (const item of items) {
          if (item.kind === "text" && isOpen(item.message)) {
            putText(live.state, item.message);
            read.add(item.message.id);
          } else {
            isOther = true;
          }
        }
        if (isWhole) {
          for (const message of kept?.values() ?? []) {
            if (isOpen(message) && !read.has(message.id)) {
              kept?.delete(message.id);
            }
          }
        }
        know(live.state, id, { open: isWhole, other: isOther || (isWhole ? false : undefined) });
      },
    );
    live.absorb(changes);
    live.lookedAt(id);
  }

  async #load(id: string): Promise<{ items: readonly ItemView[]; isWhole: boolean }> {
    const items: ItemView[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < DEEPEST_PAGES; page += 1) {
      const answer = await this.live.source.items(id, cursor, PAGE);
      items.push(...answer.items);
      cursor = answer.next_cursor ?? undefined;
      if (cursor === undefined) {
        return { items, isWhole: true };
      }
    }
    return { items, isWhole: false };
  }
}
