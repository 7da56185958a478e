// One conversation by its id, whether or not a list shows it: read only where nothing brought it yet.
import { ApiError } from "../api/client";
import { noChanges } from "./changes";
import { type Shown, Superseded } from "./host";
import type { Live } from "./live";
import type { ConversationState } from "./model";

export class Row implements Shown {
  users = 0;
  lastUsed = 0;
  /** Whether it is to be tried again as soon as there is a connection. */
  isFailed = false;
  #isReading = false;
  #status: ConversationState["status"] = "loading";
  #error: ApiError | undefined;
  #snapshot: ConversationState;

  constructor(
    private readonly live: Live,
    readonly id: string,
  ) {
    this.#status = live.state.conversations.has(id) ? "ready" : "loading";
    this.#snapshot = this.#made();
    this.need();
  }

  get snapshot(): ConversationState {
    return this.#snapshot;
  }

  /** Whether it is known what became of it, without what was shown before. */
  get isSettled(): boolean {
    return this.live.state.conversations.has(this.id) || (!this.#isReading && this.#status !== "loading");
  }

  render(): void {
    this.#snapshot = this.#made();
  }

  #made(): ConversationState {
    const conversation = this.#status === "gone" ? undefined : this.live.conversation(this.id);
    return { conversation, status: conversation === undefined ? this.#status : "ready", error: this.#error };
  }

  /** An event or a page brought it, or took it away. */
  settle(isThere: boolean): void {
    if (isThere) {
      this.#status = "ready";
      this.#error = undefined;
    } else if (!this.#isReading) {
      this.#status = "gone";
    }
  }

  async refresh(): Promise<void> {
    this.isFailed = false;
    this.need();
  }

  /** Everything was begun anew: the lists may bring it. */
  restart(): void {
    this.#isReading = false;
    this.#status = "loading";
  }

  /** Reads it, where it is not there. */
  need(): void {
    if (!this.#isReading && this.#status !== "gone" && !this.live.state.conversations.has(this.id)) {
      void this.#read();
    }
  }

  async #read(): Promise<void> {
    this.#isReading = true;
    const { live, id } = this;
    try {
      const changes = await live.read(
        () => live.source.conversation(id),
        (conversation) => live.state.conversations.set(id, conversation),
      );
      this.#isReading = false;
      this.settle(live.state.conversations.has(id));
      live.absorb(changes, [id]);
    } catch (thrown) {
      if (thrown instanceof Superseded) {
        return;
      }
      this.#isReading = false;
      this.#error = ApiError.of(thrown);
      this.isFailed = this.#error.isPassing;
      if (this.isFailed) {
        this.live.retryLater();
      }
      const isGone = this.#error.status === 404 || this.#error.status === 403;
      // An event may have brought it while the answer was on its way.
      const isBack = isGone && live.state.conversations.has(id);
      this.#status = isBack ? "ready" : isGone ? "gone" : "error";
      if (isGone) {
        live.absorb(noChanges(), [id]);
      }
    }
    live.touch(rowTopic(id));
  }

  close(): void {}
}

export function rowTopic(id: string): string {
  return `conversation ${id}`;
}
