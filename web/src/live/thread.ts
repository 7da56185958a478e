// What stands in one conversation: texts, calls and system lines in one order, the stretch that was read from the newest
// down. Texts and calls are the state's; lines are kept here. Always read with what the reader dismissed, which a screen
// leaves out.
import { ApiError } from "../api/client";
import { isUnderWay } from "./calls";
import { Soon } from "./clock";
import { type Host, type Shown, Superseded } from "./host";
import type { CallView, Item, ItemsState, MessageView, StepLineView } from "./model";
import type { ItemView, Page } from "./source";
import { callsOf, isOpen, know, orderKey, putCall, putText, textsOf } from "./state";

const PAGE = 60;
/** As many pages are read anew, when a conversation is, as were open; but not more than these. */
const DEEPEST_PAGES = 6;
const STEPS_QUIET_MS = 150;
const STEPS_AT_LATEST_MS = 1_500;

const TOP = "~";
const BOTTOM = "";

export class Thread implements Shown {
  readonly topic: string;
  users = 0;
  lastUsed = 0;
  /** Whether it is to be tried again as soon as there is a connection. */
  isFailed = false;
  readonly #stepsSoon: Soon;
  #steps: readonly StepLineView[] = [];
  #low = TOP;
  #cursor: string | undefined;
  #pages = 0;
  #status: ItemsState["status"] = "loading";
  #error: ApiError | undefined;
  #reading = 0;
  #isReadingOlder = false;
  #isToReadAgain = false;
  #all: ItemsState;
  #shown: ItemsState;

  constructor(
    private readonly host: Host,
    readonly id: string,
  ) {
    this.topic = threadTopic(id);
    this.#stepsSoon = new Soon(host.clock, STEPS_QUIET_MS, STEPS_AT_LATEST_MS, () => void this.#readSteps());
    this.#all = this.#snapshot([]);
    this.#shown = this.#all;
    host.state.threads.add(id);
    void this.refresh();
  }

  /** With or without what the reader dismissed. */
  snapshot(withDismissed: boolean): ItemsState {
    return withDismissed ? this.#all : this.#shown;
  }

  get isSettled(): boolean {
    return this.#low !== TOP || this.#status !== "loading";
  }

  render(): void {
    const isFrozen = this.#low === TOP && this.#status !== "gone" && this.#status !== "forbidden";
    const items = isFrozen ? this.#all.items : this.#merged();
    this.#all = this.#snapshot(items);
    this.#shown = this.#snapshot(items.filter((item) => item.kind !== "text" || item.message.dismissed !== true));
  }

  #snapshot(items: readonly Item[]): ItemsState {
    return {
      items,
      status: this.#status,
      error: this.#error,
      hasOlder: this.#cursor !== undefined,
      isLoadingOlder: this.#isReadingOlder,
      loadOlder: this.loadOlder,
      reload: this.reload,
    };
  }

  #merged(): Item[] {
    const keyed: [string, Item][] = [];
    for (const message of textsOf(this.host.state, this.id).values()) {
      keyed.push([orderKey(message.at, message.id), { kind: "text", message }]);
    }
    for (const call of callsOf(this.host.state, this.id)) {
      keyed.push([orderKey(call.at, call.id), { kind: "call", call }]);
    }
    for (const step of this.#steps) {
      // After a text of the same moment.
      keyed.push([`${step.at} ~${step.id}`, { kind: "step", step }]);
    }
    return keyed
      .filter(([key]) => key >= this.#low)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, item]) => item);
  }

  readonly reload = (): void => {
    this.#error = undefined;
    this.#status = this.#low === TOP ? "loading" : "ready";
    this.host.touch(this.topic);
    void this.refresh();
  };

  readonly loadOlder = (): void => {
    if (this.#cursor !== undefined && !this.#isReadingOlder && this.#reading === 0) {
      void this.#readOlder(this.#cursor);
    }
  };

  /** Begins anew in a new state. */
  restart(): void {
    this.host.state.threads.add(this.id);
    this.#low = TOP;
    this.#cursor = undefined;
    this.#reading = 0;
    this.#isReadingOlder = false;
    this.#isToReadAgain = false;
    void this.refresh();
  }

  /** The conversation was gone and is back. */
  appear(): void {
    if (this.#status === "gone" && this.#reading === 0) {
      this.reload();
    }
  }

  /** A line may have been added. */
  askSteps(): void {
    this.#stepsSoon.ask();
  }

  /** Reads what is open of it anew, all of it in one go, so that nothing flickers. */
  async refresh(): Promise<void> {
    if (this.#reading > 0 || this.#isReadingOlder) {
      this.#isToReadAgain = true;
      return;
    }
    this.#reading += 1;
    void this.#readSteps();
    const { host, id } = this;
    const wanted = Math.min(DEEPEST_PAGES, Math.max(1, this.#pages));
    try {
      const changes = await host.read(
        () => this.#load(wanted),
        (pages) => {
          this.#dropAllBut(pages);
          this.#low = TOP;
          this.#pages = 0;
          for (const page of pages) {
            this.#put(page);
          }
        },
      );
      this.#reading = 0;
      this.#status = "ready";
      this.#error = undefined;
      this.isFailed = false;
      changes.texts.add(id);
      host.absorb(changes, [id]);
    } catch (thrown) {
      if (thrown instanceof Superseded) {
        return;
      }
      this.#reading = 0;
      this.#fail(thrown);
    }
    host.touch(this.topic);
    this.#goOn();
  }

  /** What is not in the stretch that was read is not in the conversation any more; what is older was not read. */
  #dropAllBut(pages: readonly Page<ItemView>[]): void {
    const kept = this.host.state.texts.get(this.id);
    const read = new Set<string>();
    let low = TOP;
    for (const item of pages.flatMap((page) => page.items)) {
      const { at, id } = item.kind === "text" ? item.message : item.call;
      read.add(id);
      low = orderKey(at, id);
    }
    const isWhole = pages.at(-1)?.next_cursor == null;
    for (const message of kept?.values() ?? []) {
      if (!read.has(message.id) && (isWhole || orderKey(message.at, message.id) >= low)) {
        kept?.delete(message.id);
      }
    }
    for (const call of callsOf(this.host.state, this.id)) {
      if (!read.has(call.id) && !isUnderWay(call) && (isWhole || orderKey(call.at, call.id) >= low)) {
        this.host.state.calls.delete(call.id);
      }
    }
  }

  async #load(pages: number): Promise<Page<ItemView>[]> {
    const loaded: Page<ItemView>[] = [];
    let cursor: string | undefined;
    do {
      const page = await this.host.source.items(this.id, cursor, PAGE);
      loaded.push(page);
      cursor = page.next_cursor ?? undefined;
    } while (cursor !== undefined && loaded.length < pages);
    return loaded;
  }

  async #readOlder(cursor: string): Promise<void> {
    this.#isReadingOlder = true;
    this.host.touch(this.topic);
    const { host, id } = this;
    try {
      const changes = await host.read(
        () => host.source.items(id, cursor, PAGE),
        (page) => this.#put(page),
      );
      this.#isReadingOlder = false;
      changes.texts.add(id);
      host.absorb(changes, [id]);
    } catch (thrown) {
      if (thrown instanceof Superseded) {
        return;
      }
      this.#isReadingOlder = false;
      this.#fail(thrown);
    }
    host.touch(this.topic);
    this.#goOn();
  }

  #goOn(): void {
    if (this.#isToReadAgain) {
      this.#isToReadAgain = false;
      void this.refresh();
    }
  }

  #fail(thrown: unknown): void {
    this.#error = ApiError.of(thrown);
    this.isFailed = this.#error.isPassing;
    if (this.isFailed) {
      this.host.retryLater();
    }
    if (this.#error.status === 404 && this.host.state.conversations.has(this.id)) {
      // An event brought it while the answer was on its way.
      this.isFailed = true;
      this.host.retryLater();
    } else if (this.#error.status === 404 || this.#error.status === 403) {
      this.#status = this.#error.status === 404 ? "gone" : "forbidden";
    } else if (this.#low === TOP) {
      this.#status = "error";
    }
  }

  #put(page: Page<ItemView>): void {
    const { state } = this.host;
    for (const item of page.items) {
      if (item.kind === "text") {
        putText(state, ofConversation(item.message, this.id));
      } else {
        putCall(state, ofThread(item.call, this.id));
        know(state, this.id, { other: true });
      }
    }
    const last = page.items.at(-1);
    this.#cursor = page.next_cursor ?? undefined;
    this.#pages += 1;
    if (this.#cursor === undefined || last === undefined) {
      this.#low = BOTTOM;
      const isOther =
        !callsOf(state, this.id).next().done ||
        [...textsOf(state, this.id).values()].some((message) => !isOpen(message));
      know(state, this.id, { open: true, other: isOther });
    } else {
      this.#low =
        last.kind === "text" ? orderKey(last.message.at, last.message.id) : orderKey(last.call.at, last.call.id);
    }
  }

  async #readSteps(): Promise<void> {
    try {
      this.#steps = await this.host.source.steps(this.id);
      this.host.touch(this.topic);
    } catch {
      // The texts are what matters; the lines come with the next change.
    }
  }

  close(): void {
    this.#stepsSoon.drop();
  }
}

/** A text names the conversation that it is shown in. */
function ofConversation(message: MessageView, id: string): MessageView {
  return message.conversation_id === id ? message : { ...message, conversation_id: id };
}

function ofThread(call: CallView, id: string): CallView {
  return call.conversation_id === id ? call : { ...call, conversation_id: id };
}

export function threadTopic(id: string): string {
  return `items ${id}`;
}
