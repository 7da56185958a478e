// The live store: what was read and what was told since, for every screen at once. Events, answers and pages go through one
// reducer; screens hear of it once a frame. When it cannot go on from what it has (reset, other rights) everything that is
// shown is read into a new state, and the old one is shown until then. The socket: socket.ts. For screens: hooks.ts.
import type { ApiError } from "../api/client";
import { type Changes, noChanges } from "./changes";
import { type Clock, Soon } from "./clock";
import { type Host, type Shown, Superseded } from "./host";
import { ConversationList, listTopic } from "./list";
import { Lookups } from "./lookups";
import type { ConversationView, ListKey, LiveEvent, MessageView, SupervisorView } from "./model";
import { reduce } from "./reduce";
import { Resources } from "./resources";
import { rowTopic } from "./row";
import { Shelf } from "./shelf";
import type { Source } from "./source";
import { closeThread, emptyState, forget, putText, type State } from "./state";
import { Thread, threadTopic } from "./thread";
import { Topics } from "./topics";
import { Window } from "./window";

/** What nobody shows any more is kept up for this many, for those who come back. */
const IDLE_LISTS = 5;
const IDLE_THREADS = 8;
/** Conversations are looked through for what no list needs when there are twice as many as after the last time. */
const SMALLEST_SWEEP = 4_000;
/** How long reading waits for the socket's hello before it goes ahead without. */
const HELLO_WITHIN_MS = 2_500;
/** Rights change by several events in a row, which are one reason to begin anew. */
const ANEW_QUIET_MS = 80;
const ANEW_AT_LATEST_MS = 400;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;
/** More conversations than these are not read one by one. */
const MANY = 120;

/** Touched with every text: few screens listen to single texts. */
export const messagesTopic = "messages";
export const softphoneTopic = "softphone";
const CALLS_QUIET_MS = 250;
const CALLS_AT_LATEST_MS = 1_000;

const nobody: readonly SupervisorView[] = [];

/** What happens outside of the store. */
export interface Effects {
  /** The reader, their rights or somebody's name changed. */
  readerChanged(): void;
  /** What is read without events may be others. */
  othersChanged(what: "cases" | "contacts" | "settings" | "calls" | "tasks" | "documents" | "everything"): void;
}

const reminderListeners = new Set<(taskId: string) => void>();

/** Calls back when the reader is to be reminded of a task. */
export function onReminder(listener: (taskId: string) => void): () => void {
  reminderListeners.add(listener);
  return () => {
    reminderListeners.delete(listener);
  };
}

export class Live implements Host {
  readonly topics: Topics;
  readonly resources: Resources;
  readonly lists: Shelf<ConversationList>;
  readonly threads: Shelf<Thread>;
  readonly #lookups: Lookups;
  readonly #window = new Window();
  readonly #anew: Soon;
  /** Agents and the lists of calls are read without events of their own. */
  readonly #callLists: Soon;
  #state: State;
  /** What was shown before everything was begun anew, until it has been read. */
  #before: State | undefined;
  #epoch = 0;
  #hello: "awaited" | "late" | "heard" = "awaited";
  #waiting: (() => void)[] = [];
  #sweepAt = SMALLEST_SWEEP;
  #failures = 0;
  #isRetrying = false;

  constructor(
    reader: string,
    readonly source: Source,
    readonly clock: Clock,
    private readonly effects: Effects,
  ) {
    this.#state = emptyState(reader);
    this.topics = new Topics(clock, (topics) => this.#render(topics));
    this.resources = new Resources(this);
    this.lists = new Shelf(IDLE_LISTS, clock, (list) => list.close());
    this.threads = new Shelf(IDLE_THREADS, clock, (thread) => {
      thread.close();
      closeThread(this.#state, thread.id);
    });
    this.#lookups = new Lookups(this, MANY);
    this.#anew = new Soon(clock, ANEW_QUIET_MS, ANEW_AT_LATEST_MS, () => this.beginAnew());
    this.#callLists = new Soon(clock, CALLS_QUIET_MS, CALLS_AT_LATEST_MS, () => effects.othersChanged("calls"));
    clock.after(HELLO_WITHIN_MS, () => this.#goAhead("late"));
  }

  get state(): State {
    return this.#state;
  }

  /** What was shown before everything was begun anew, while that is still shown. */
  get before(): State | undefined {
    return this.#before;
  }

  // What screens show.

  list(key: ListKey): ConversationList {
    return this.lists.get(listTopic(key), () => new ConversationList(this, key));
  }

  thread(id: string): Thread {
    return this.threads.get(threadTopic(id), () => new Thread(this, id));
  }

  conversation(id: string): ConversationView | undefined {
    return this.#state.conversations.get(id) ?? this.#before?.conversations.get(id);
  }

  supervisors(callId: string): readonly SupervisorView[] {
    return this.#state.supervisors.get(callId) ?? this.#before?.supervisors.get(callId) ?? nobody;
  }

  message(id: string): MessageView | undefined {
    for (const state of [this.#state, this.#before]) {
      for (const kept of state?.texts.values() ?? []) {
        const found = kept.get(id);
        if (found !== undefined) {
          return found;
        }
      }
    }
    return undefined;
  }

  // What the socket tells.

  /** The stream begins, or goes on where it was. */
  hello(): void {
    if (this.#hello === "late") {
      this.#hello = "heard";
      this.beginAnew();
      return;
    }
    this.#goAhead("heard");
    this.#failures = 0;
    this.#retry();
  }

  tell(event: LiveEvent): void {
    this.#window.note(event);
    if (event.type === "task_reminded") {
      for (const listener of reminderListeners) {
        listener(event.task_id);
      }
    }
    this.absorb(reduce(this.#state, event));
  }

  /** Everything that is shown is read anew; until then it stays as it is. */
  beginAnew(): void {
    this.#epoch += 1;
    this.#anew.drop();
    this.#before ??= this.#state;
    this.#state = emptyState(this.#state.reader);
    this.#lookups.clear();
    this.lists.dropIdle();
    this.threads.dropIdle();
    this.resources.dropIdle();
    for (const kept of this.#shown()) {
      kept.restart();
    }
    this.effects.readerChanged();
    this.effects.othersChanged("everything");
    this.#settle();
  }

  // What acts bring.

  /** An act's answer has texts as of its moment: they are put like a page that was read. */
  async answer<T>(request: Promise<T>, textsIn: (answer: T) => readonly MessageView[]): Promise<T> {
    try {
      const told = await this.read(
        () => request,
        (value) => {
          for (const message of textsIn(value)) {
            putText(this.#state, { ...message, dismissed: message.dismissed ?? false });
            this.touch(threadTopic(message.conversation_id));
          }
        },
      );
      this.absorb(told);
    } catch (thrown) {
      if (!(thrown instanceof Superseded)) {
        throw thrown;
      }
    }
    return await request;
  }

  /** What an act's answer says, in the form of the event that will follow. */
  learn(event: LiveEvent): void {
    this.absorb(reduce(this.#state, event));
  }

  /** Shows that a text is dismissed, or is not any more, before the server agreed; takes it back where it does not. */
  async foresee(
    id: string,
    caseNumber: string | undefined,
    hidden: boolean,
    act: () => Promise<unknown>,
  ): Promise<void> {
    const seen: string[] = [];
    for (const [conversation, kept] of this.#state.texts) {
      const isMeant = caseNumber === undefined || this.conversation(conversation)?.mycase_case_id === caseNumber;
      if (isMeant && kept.get(id)?.dismissed === !hidden) {
        seen.push(conversation);
      }
    }
    const show = (dismissed: boolean): void => {
      for (const conversation of seen) {
        const type = dismissed ? "message_dismissed" : "message_undismissed";
        this.absorb(reduce(this.#state, { type, conversation_id: conversation, message_id: id }));
      }
    };
    show(hidden);
    try {
      await act();
    } catch (thrown) {
      show(!hidden);
      throw thrown;
    }
  }

  // What lists, threads and resources need.

  async read<T>(load: () => Promise<T>, put: (answer: T) => void): Promise<Changes> {
    if (this.#hello === "awaited") {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
    const epoch = this.#epoch;
    const mark = this.#window.open();
    try {
      const answer = await load().catch((thrown: ApiError) => {
        throw epoch === this.#epoch ? thrown : new Superseded();
      });
      if (epoch !== this.#epoch) {
        throw new Superseded();
      }
      this.#failures = 0;
      put(answer);
      const changes = noChanges();
      for (const event of this.#window.since(mark)) {
        reduce(this.#state, event, changes, "again");
      }
      return { ...changes, everything: false };
    } finally {
      this.#window.close(mark);
      if (this.#before !== undefined) {
        // After whoever read has taken note.
        this.clock.after(0, () => this.#settle());
      }
    }
  }

  absorb(changes: Changes, read: Iterable<string> = []): void {
    if (changes.everything) {
      this.#anew.ask();
    }
    for (const id of read) {
      this.#weigh(id, "read");
    }
    for (const id of changes.conversations) {
      this.#weigh(id, changes.unsure.has(id) ? "unsure" : "told");
    }
    for (const id of changes.texts) {
      this.touch(threadTopic(id));
      this.touch(messagesTopic);
    }
    for (const id of changes.steps) {
      this.threads.peek(threadTopic(id))?.askSteps();
    }
    this.#lookups.reread(changes.reread);
    this.resources.absorb(changes);
    if (changes.calls.size > 0) {
      this.#callLists.ask();
    }
    if (changes.softphone) {
      this.touch(softphoneTopic);
    }
    if (changes.users) {
      this.effects.readerChanged();
    }
    if (changes.cases.size > 0) {
      this.effects.othersChanged("cases");
    }
    if (changes.contacts.size > 0 || changes.rereadContacts.size > 0) {
      this.effects.othersChanged("contacts");
    }
    for (const what of ["settings", "tasks", "documents"] as const) {
      if (changes[what]) {
        this.effects.othersChanged(what);
      }
    }
    if (this.#state.conversations.size > this.#sweepAt) {
      this.#sweep();
    }
  }

  #weigh(id: string, why: "read" | "told" | "unsure" | "settled"): void {
    for (const list of this.lists.all()) {
      list.weigh(id, why);
    }
    const isThere = this.#state.conversations.has(id);
    if (isThere || why === "told" || why === "unsure") {
      this.resources.conversationChanged(id, isThere);
    }
    if (isThere) {
      this.threads.peek(threadTopic(id))?.appear();
    }
    this.touch(rowTopic(id));
  }

  /** A conversation was looked at, or is not there any more. */
  lookedAt(id: string): void {
    this.#weigh(id, "settled");
    this.touch(threadTopic(id));
  }

  forget(id: string): void {
    forget(this.#state, id);
    this.#before?.conversations.delete(id);
    this.resources.conversationChanged(id, false);
    this.lookedAt(id);
  }

  lookUp(conversation: string): void {
    this.#lookups.lookUp(conversation);
  }

  touch(topic: string): void {
    this.topics.touch(topic);
  }

  listen(topic: string, listener: () => void): () => void {
    return this.topics.listen(topic, listener);
  }

  // Its own housekeeping.

  #shown(): Shown[] {
    return [...this.lists.all(), ...this.threads.all(), ...this.resources.all()];
  }

  #goAhead(hello: "late" | "heard"): void {
    if (this.#hello !== "awaited") {
      return;
    }
    this.#hello = hello;
    for (const resume of this.#waiting.splice(0)) {
      resume();
    }
  }

  retryLater(): void {
    if (!this.#isRetrying) {
      this.#isRetrying = true;
      const wait = Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** this.#failures);
      this.#failures += 1;
      this.clock.after(wait, () => {
        this.#isRetrying = false;
        this.#retry();
      });
    }
  }

  #retry(): void {
    for (const kept of this.#shown()) {
      if (kept.isFailed) {
        void kept.refresh();
      }
    }
    this.#lookups.retry();
  }

  /** Drops what was shown before, once everything that is shown was read. */
  #settle(): void {
    if (this.#before === undefined) {
      return;
    }
    if ([...this.lists.all(), ...this.threads.all()].every((kept) => kept.isSettled)) {
      this.resources.needRows();
    }
    if (this.#shown().every((kept) => kept.isSettled)) {
      const before = this.#before;
      this.#before = undefined;
      for (const id of before.conversations.keys()) {
        if (!this.#state.conversations.has(id)) {
          this.touch(rowTopic(id));
        }
      }
    }
  }

  #render(topics: ReadonlySet<string>): void {
    for (const topic of topics) {
      (this.lists.peek(topic) ?? this.threads.peek(topic) ?? this.resources.peek(topic))?.render();
    }
  }

  /** Drops conversations that no list, thread or screen needs. */
  #sweep(): void {
    const lists = [...this.lists.all()];
    for (const id of this.#state.conversations.keys()) {
      const isNeeded =
        lists.some((list) => list.has(id)) || this.threads.has(threadTopic(id)) || this.resources.needs(id);
      if (!isNeeded) {
        forget(this.#state, id);
      }
    }
    for (const list of lists) {
      list.tidy();
    }
    this.#sweepAt = Math.max(SMALLEST_SWEEP, this.#state.conversations.size * 2);
  }
}
