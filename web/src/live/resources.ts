// Everything that is kept besides lists and threads: single conversations, cases, their contacts, contacts, the roles and the
// counts; and which of them an event touches or makes stale.
import { isUnderWay, seatOf } from "./calls";
import type { Changes } from "./changes";
import type { Shown } from "./host";
import type { Live } from "./live";
import type { CallView, CaseContactView, CaseView, ContactDetails, ContactRoleView, CountsView } from "./model";
import { Kept, type Plan } from "./resource";
import { Row, rowTopic } from "./row";
import { Shelf } from "./shelf";
import { learnNumbers, putCall } from "./state";

const IDLE = 12;
const IDLE_ROWS = 60;
const COUNTS_EVERY_MS = 2_000;

export const caseTopic = (number: string): string => `case ${number}`;
export const caseContactsTopic = (number: string): string => `case contacts ${number}`;
export const contactTopic = (id: string): string => `contact ${id}`;
export const rolesTopic = "contact roles";
export const callsTopic = (view: CallsView): string => `calls ${view}`;
export const countsTopic = (caseNumber: string | undefined): string => `counts ${caseNumber ?? ""}`;

/** The reader's own calls, or all under way that they may see. */
export type CallsView = "mine" | "live";

export class Resources {
  readonly rows: Shelf<Row>;
  readonly #cases: Shelf<Kept<CaseView>>;
  readonly #caseContacts: Shelf<Kept<readonly CaseContactView[]>>;
  readonly #contacts: Shelf<Kept<ContactDetails>>;
  readonly #roles: Shelf<Kept<readonly ContactRoleView[]>>;
  readonly #counts: Shelf<Kept<CountsView>>;
  /** What is kept besides the state, by topic. */
  #roleViews: readonly ContactRoleView[] | undefined;
  readonly #countViews = new Map<string, CountsView>();
  readonly #calls: Shelf<Kept<readonly CallView[]>>;
  readonly #callViews = new Set<CallsView>();

  constructor(private readonly live: Live) {
    const shelf = <T extends { users: number; lastUsed: number; close(): void }>(idle: number): Shelf<T> =>
      new Shelf<T>(idle, live.clock, (kept) => kept.close());
    this.rows = shelf(IDLE_ROWS);
    this.#cases = shelf(IDLE);
    this.#caseContacts = shelf(IDLE);
    this.#contacts = shelf(IDLE);
    this.#roles = shelf(1);
    this.#counts = shelf(IDLE);
    this.#calls = shelf(2);
  }

  row(id: string): Row {
    return this.rows.get(rowTopic(id), this.#rowMaker(id));
  }

  holdRow(id: string): () => void {
    return this.rows.use(rowTopic(id), this.#rowMaker(id));
  }

  #rowMaker(id: string): () => Row {
    return () => new Row(this.live, id);
  }

  case(number: string): Kept<CaseView> {
    const { live } = this;
    return this.#keep(this.#cases, {
      topic: caseTopic(number),
      load: () => live.source.case(number),
      get: () => live.state.cases.get(number) ?? live.before?.cases.get(number),
      put: (found) => set(live.state.cases, number, found),
    });
  }

  caseContacts(number: string): Kept<readonly CaseContactView[]> {
    const { live } = this;
    return this.#keep(this.#caseContacts, {
      topic: caseContactsTopic(number),
      load: () => live.source.caseContacts(number),
      get: () => live.state.caseContacts.get(number) ?? live.before?.caseContacts.get(number),
      put: (found) => {
        set(live.state.caseContacts, number, found);
        for (const link of found ?? []) {
          learnNumbers(live.state, link.contact);
        }
      },
    });
  }

  contact(id: string): Kept<ContactDetails> {
    const { live } = this;
    return this.#keep(this.#contacts, {
      topic: contactTopic(id),
      load: () => live.source.contact(id),
      get: () => live.state.contacts.get(id) ?? live.before?.contacts.get(id),
      put: (found) => {
        set(live.state.contacts, id, found);
        if (found !== undefined) {
          learnNumbers(live.state, found.contact);
        }
      },
    });
  }

  roles(): Kept<readonly ContactRoleView[]> {
    return this.#keep(this.#roles, {
      topic: rolesTopic,
      load: () => this.live.source.contactRoles(),
      get: () => this.#roleViews,
      put: (found) => {
        this.#roleViews = found;
      },
    });
  }

  counts(caseNumber: string | undefined): Kept<CountsView> {
    const topic = countsTopic(caseNumber);
    return this.#keep(this.#counts, {
      topic,
      load: () => this.live.source.counts(caseNumber),
      get: () => this.#countViews.get(topic),
      put: (found) => set(this.#countViews, topic, found),
      everyMs: COUNTS_EVERY_MS,
    });
  }

  calls(view: CallsView): Kept<readonly CallView[]> {
    const { live } = this;
    const isMeant = (call: CallView): boolean =>
      view === "live" ? isUnderWay(call) : seatOf(call, live.state.reader) !== undefined;
    return this.#keep(this.#calls, {
      topic: callsTopic(view),
      load: () => live.source.calls(view),
      get: () => (this.#callViews.has(view) ? [...live.state.calls.values()].filter(isMeant).sort(byBegin) : undefined),
      put: (found) => {
        this.#callViews.add(view);
        const read = new Set(found?.map((call) => call.id));
        for (const call of live.state.calls.values()) {
          if (isMeant(call) && !read.has(call.id)) {
            live.state.calls.delete(call.id);
          }
        }
        for (const call of found ?? []) {
          putCall(live.state, call);
          if (call.supervisors) {
            live.state.supervisors.set(call.id, call.supervisors);
          }
        }
        live.touch(callsTopic("mine"));
        live.touch(callsTopic("live"));
      },
    });
  }

  #keep<T>(shelf: Shelf<Kept<T>>, plan: Plan<T>): Kept<T> {
    return shelf.get(plan.topic, () => {
      const kept = new Kept(this.live, plan);
      void kept.refresh();
      return kept;
    });
  }

  *all(): Iterable<Shown> {
    yield* this.rows.all();
    yield* this.#cases.all();
    yield* this.#caseContacts.all();
    yield* this.#contacts.all();
    yield* this.#roles.all();
    yield* this.#counts.all();
    yield* this.#calls.all();
  }

  peek(topic: string): Shown | undefined {
    return (
      this.rows.peek(topic) ??
      this.#cases.peek(topic) ??
      this.#caseContacts.peek(topic) ??
      this.#contacts.peek(topic) ??
      this.#roles.peek(topic) ??
      this.#counts.peek(topic) ??
      this.#calls.peek(topic)
    );
  }

  dropIdle(): void {
    for (const shelf of [
      this.rows,
      this.#cases,
      this.#caseContacts,
      this.#contacts,
      this.#roles,
      this.#counts,
      this.#calls,
    ]) {
      shelf.dropIdle();
    }
  }

  /** Whether a conversation is shown by itself. */
  needs(conversation: string): boolean {
    return (this.rows.peek(rowTopic(conversation))?.users ?? 0) > 0;
  }

  conversationChanged(id: string, isThere: boolean): void {
    this.rows.peek(rowTopic(id))?.settle(isThere);
  }

  /** Reads the conversations that the lists did not bring after a new beginning. */
  needRows(): void {
    for (const row of this.rows.all()) {
      row.need();
    }
  }

  absorb(changes: Changes): void {
    for (const number of changes.cases) {
      this.live.touch(caseTopic(number));
      this.live.touch(caseContactsTopic(number));
    }
    for (const number of changes.caseContacts) {
      this.#caseContacts.peek(caseContactsTopic(number))?.ask();
    }
    for (const id of changes.contacts) {
      this.live.touch(contactTopic(id));
    }
    for (const id of changes.rereadContacts) {
      this.#contacts.peek(contactTopic(id))?.ask();
    }
    if (changes.calls.size > 0) {
      this.live.touch(callsTopic("mine"));
      this.live.touch(callsTopic("live"));
    }
    if (changes.counts) {
      for (const counts of this.#counts.all()) {
        counts.ask();
      }
    }
  }
}

const byBegin = (a: CallView, b: CallView): number => (a.at < b.at ? -1 : 1);

function set<T>(map: Map<string, T>, key: string, value: T | undefined): void {
  if (value === undefined) {
    map.delete(key);
  } else {
    map.set(key, value);
  }
}
