// One list of conversations: the stretch that was read, page by page, kept right by what happens since. Which conversations
// are in it follows from the state where that can be told (membership.ts); the server is asked where it cannot. Refuses to
// hold rows: the state does.
import { ApiError } from "../api/client";
import { Soon } from "./clock";
import { type Host, type Shown, Superseded } from "./host";
import { belongs, isSearched, remedy } from "./membership";
import type { ConversationView, ListKey, ListState, ReadStatus } from "./model";
import { Order } from "./order";
import { conversationKey } from "./state";

const PAGE = 100;
/** As much of a list as is read anew when everything is; what is deeper is read when it is scrolled to. */
const DEEPEST = 1000;
const LARGEST_PAGE = 200;
const QUIET_MS = 400;
const AT_LATEST_MS = 2_500;

/** Greater than every order key: nothing was read yet. */
const TOP = "~";
/** Smaller than every order key: all was read. */
const BOTTOM = "";

/** What a page covered: down to this key, and where the next one begins. */
type Stretch = { low: string; next: string | undefined };

/**
 * Why a conversation is looked at: it was read, an event told of it, an event may have changed what its row cannot tell, or
 * its texts were just looked at.
 */
export type Why = "read" | "told" | "unsure" | "settled";

export class ConversationList implements Shown {
  readonly topic: string;
  /** How many screens show it. */
  users = 0;
  lastUsed = 0;
  /** Whether it is to be tried again as soon as there is a connection. */
  isFailed = false;
  readonly #order = new Order();
  /** What is not in the list although its row alone could not tell. */
  readonly #denied = new Set<string>();
  /** What the server is being asked about. */
  readonly #wondered = new Set<string>();
  /** What is in the list although its row says otherwise: a case that nobody looks after needs attention as a whole. */
  readonly #unattended = new Set<string>();
  readonly #again: Soon;
  #low = TOP;
  #cursor: string | undefined;
  #status: ReadStatus = "loading";
  #error: ApiError | undefined;
  #isReading = false;
  #isReadingMore = false;
  #isToReadAgain = false;
  /** Which reading is the current one: a new beginning ends those before it. */
  #run = 0;
  /** How many rows to read when it is begun anew. */
  #depth = PAGE;
  #snapshot: ListState;

  constructor(
    private readonly host: Host,
    readonly key: ListKey,
  ) {
    this.topic = listTopic(key);
    this.#again = new Soon(host.clock, QUIET_MS, AT_LATEST_MS, () => void this.refresh());
    this.#snapshot = this.#shown([]);
    void this.refresh();
  }

  get snapshot(): ListState {
    return this.#snapshot;
  }

  get isSettled(): boolean {
    return this.#low !== TOP || this.#status === "forbidden" || this.#status === "error";
  }

  readonly has = (id: string): boolean => this.#order.has(id);

  readonly leftBetween = (from: number, to: number): readonly string[] => this.#order.leftBetween(from, to);

  /** Makes what is shown anew; until the first page is there after a new beginning, what was shown before stays. */
  render(): void {
    this.#snapshot = this.#shown(
      this.#low === TOP && this.#status !== "forbidden" ? this.#snapshot.ids : this.#order.ids(),
    );
  }

  #shown(ids: readonly string[]): ListState {
    return {
      ids,
      status: this.#status,
      error: this.#error,
      hasMore: this.#low !== TOP && this.#cursor !== undefined,
      isLoadingMore: this.#isReadingMore,
      leftCount: this.#order.leftCount,
      leftBetween: this.leftBetween,
      has: this.has,
      loadMore: this.loadMore,
      reload: this.reload,
    };
  }

  readonly reload = (): void => {
    this.#error = undefined;
    this.#status = this.#low === TOP ? "loading" : "ready";
    this.host.touch(this.topic);
    void this.refresh();
  };

  readonly loadMore = (): void => {
    if (this.#cursor !== undefined && !this.#isReadingMore && !this.#isReading) {
      this.#isReadingMore = true;
      this.host.touch(this.topic);
      void this.#read(this.#cursor, this.#low, PAGE).then(() => this.#done());
    }
  };

  /** Begins anew in a new state. */
  restart(): void {
    this.#depth = Math.min(DEEPEST, Math.max(PAGE, this.#order.size));
    this.#order.clear();
    this.#denied.clear();
    this.#wondered.clear();
    this.#unattended.clear();
    this.#again.drop();
    this.#low = TOP;
    this.#cursor = undefined;
    this.#isReading = false;
    this.#isReadingMore = false;
    this.#isToReadAgain = false;
    void this.refresh();
  }

  /** Reads again from the top, as far down as there is something to find out; while that goes on, once more after it. */
  async refresh(): Promise<void> {
    if (this.#isReading || this.#isReadingMore) {
      this.#isToReadAgain = true;
      return;
    }
    this.#isReading = true;
    this.#run += 1;
    const run = this.#run;
    const isBeginning = this.#low === TOP;
    let limit = isBeginning ? Math.min(LARGEST_PAGE, this.#depth) : PAGE;
    let [cursor, high]: [string | undefined, string] = [undefined, TOP];
    for (let rows = 0; rows < DEEPEST; rows += limit) {
      const page = await this.#read(cursor, high, limit);
      if (page === "superseded" || run !== this.#run) {
        return;
      }
      const isDeepEnough = isBeginning
        ? this.#order.size >= this.#depth
        : this.#lowestWonder() >= (page?.low ?? BOTTOM);
      if (page?.next === undefined || isDeepEnough) {
        break;
      }
      [cursor, high, limit] = [page.next, page.low, LARGEST_PAGE];
    }
    this.#done();
  }

  #done(): void {
    this.#isReading = false;
    this.#isReadingMore = false;
    this.host.touch(this.topic);
    if (this.#isToReadAgain) {
      this.#isToReadAgain = false;
      this.#again.ask();
    }
  }

  /** The key of the lowest conversation that the server is asked about. */
  #lowestWonder(): string {
    let lowest = TOP;
    for (const id of this.#wondered) {
      const conversation = this.host.state.conversations.get(id);
      const key = conversation === undefined ? TOP : conversationKey(conversation);
      lowest = key < lowest ? key : lowest;
    }
    return lowest;
  }

  /** Reads the page after a cursor: what stands below `high`. */
  async #read(cursor: string | undefined, high: string, limit: number): Promise<Stretch | "superseded" | undefined> {
    const { host, key } = this;
    try {
      let ids = new Set<string>();
      let stretch: Stretch = { low: BOTTOM, next: undefined };
      const told = await host.read(
        () => host.source.conversations(key, cursor, limit),
        (page) => {
          ids = new Set(page.items.map((conversation) => conversation.id));
          const next = page.next_cursor ?? undefined;
          const last = page.items.at(-1);
          stretch = { next, low: next !== undefined && last !== undefined ? conversationKey(last) : BOTTOM };
          for (const conversation of page.items) {
            host.state.conversations.set(conversation.id, conversation);
          }
        },
      );
      this.#take(ids, high, stretch, told.conversations);
      host.absorb(told, ids);
      return stretch;
    } catch (thrown) {
      if (thrown instanceof Superseded) {
        return "superseded";
      }
      this.#fail(ApiError.of(thrown));
      return undefined;
    }
  }

  #fail(error: ApiError): void {
    this.#error = error;
    this.isFailed = error.isPassing;
    if (this.isFailed) {
      this.host.retryLater();
    }
    if (error.status === 403 || error.status === 404) {
      this.#status = "forbidden";
      this.#order.clear();
    } else if (this.#low === TOP) {
      this.#status = "error";
    }
  }

  /** A page tells exactly what is in its stretch, but for what was told of meanwhile. */
  #take(ids: Set<string>, high: string, { low, next }: Stretch, told: Set<string>): void {
    for (const id of this.#order.between(low, high)) {
      if (!ids.has(id) && !told.has(id)) {
        this.#order.remove(id);
      }
    }
    if (low <= this.#low) {
      this.#low = low;
      this.#cursor = next;
    }
    this.#status = "ready";
    this.#error = undefined;
    this.isFailed = false;
    for (const id of ids) {
      this.#admit(id);
      if (this.host.state.conversations.get(id)?.attention_count === 0) {
        this.#unattended.add(id);
      }
    }
    for (const id of this.#wondered) {
      const conversation = this.host.state.conversations.get(id);
      if (conversation === undefined || conversationKey(conversation) >= low) {
        this.#wondered.delete(id);
        if (!ids.has(id) && !told.has(id)) {
          this.#denied.add(id);
          this.#order.remove(id);
        }
      }
    }
    for (const id of told) {
      this.weigh(id, "unsure");
    }
  }

  #admit(id: string): void {
    const conversation = this.host.state.conversations.get(id);
    const key = conversation === undefined ? undefined : conversationKey(conversation);
    this.#denied.delete(id);
    if (key === undefined || key < this.#low) {
      this.#order.remove(id);
    } else {
      this.#order.place(id, key);
    }
  }

  /** Looks at a conversation that changed: whether it is in the list, and where. */
  weigh(id: string, why: Why): void {
    const conversation = this.host.state.conversations.get(id);
    const isMember = this.#order.has(id);
    if (conversation === undefined || this.#low === TOP || conversationKey(conversation) < this.#low) {
      if (isMember) {
        this.#order.remove(id);
        this.host.touch(this.topic);
      }
      return;
    }
    const verdict = this.#verdict(conversation);
    if (verdict === undefined) {
      this.#wonder(id, isMember, why);
    }
    if (verdict ?? (isMember && why !== "settled")) {
      this.#admit(id);
      this.host.touch(this.topic);
      return;
    }
    if (verdict === false || why === "settled") {
      this.#denied.add(id);
    }
    if (isMember) {
      this.#order.remove(id);
      this.host.touch(this.topic);
    }
  }

  #verdict(conversation: ConversationView): boolean | undefined {
    const verdict = belongs(this.key, conversation, this.host.state);
    const isKept = verdict === false && this.key.view === "attention" && this.#unattended.has(conversation.id);
    return isKept ? undefined : verdict;
  }

  /** Asks, where the answer may have changed or was never known. */
  #wonder(id: string, isMember: boolean, why: Why): void {
    // That all of it was read says nothing: while one pages, what is written to goes to the top, past the page to come.
    const isKnown = isMember || this.#denied.has(id);
    const isToAsk = why === "unsure" || (why === "told" && (!isKnown || isSearched(this.key)));
    if (!isToAsk) {
      return;
    }
    if (remedy(this.key) === "list") {
      this.#wondered.add(id);
      this.#again.ask();
    } else {
      this.host.lookUp(id);
    }
  }

  /** Forgets the negative verdicts on what is not kept any more. */
  tidy(): void {
    for (const id of this.#denied) {
      if (!this.host.state.conversations.has(id)) {
        this.#denied.delete(id);
      }
    }
  }

  close(): void {
    this.#again.drop();
  }
}

/** The name of a list: the same for keys that mean the same. */
export function listTopic(key: ListKey): string {
  const parts = [key.view ?? "all", key.case_id, key.contact_id, key.lead_id, key.q?.trim(), key.role, key.channel];
  return `list ${JSON.stringify(parts.map((part) => (part === "" ? undefined : part) ?? null))}`;
}
