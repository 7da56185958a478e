// A small firm behind the live store, for this folder's tests: it behaves as the server does (docs/api.md), keeps a log, and
// answers as of the moment it is asked. One reader, who may read everything. Refuses to be quick about it.
import type { ConversationView, ListKey, LiveEvent, MessageView, PersonView, StepLineView } from "./model";
import type { ItemView, Page } from "./source";
import { conversationKey, isMine, isOpen, orderKey } from "./state";
import { CallBook, nobody } from "./world-calls";

export const READER = "usr_0001";
const OTHER = { id: "usr_0002", name: "Tom Brooks" };
const ME = { id: READER, name: "Maria Alvarez" };

type Text = {
  id: string;
  at: string;
  body: string;
  direction: "inbound" | "outbound";
  /** Where it is offered, or would be again. */
  offered: string[];
  /** Where it stands. */
  stands: string[];
  standing: MessageView["standing"];
  sentBy: typeof ME | undefined;
  claim: { at: string; by: typeof ME } | undefined;
  attention: boolean;
  state: MessageView["state"];
  /** Conversations in which the reader dismissed it. */
  hidden: Set<string>;
};

type Place = {
  id: string;
  kind: "case" | "unknown";
  number: string;
  caseNumber: string | undefined;
  contact: string | undefined;
};

const id = (prefix: string, number: number): string => `${prefix}_${String(number).padStart(8, "0")}`;

export class World {
  readonly places = new Map<string, Place>();
  readonly texts = new Map<string, Text>();
  readonly contacts = new Map<string, { id: string; name: string; numbers: string[] }>();
  readonly cases = new Map<string, string>();
  readonly calls = new CallBook({
    id: () => id("call", this.#next()),
    now: () => this.#now(),
    tell: (event) => this.#tell(event),
    placeChanged: (place) => this.#placeChanged(place),
    places: () => this.#cases(),
    person: (place) => this.#person(place),
  });
  readonly log: LiveEvent[] = [];
  #clock = 0;
  #ids = 0;
  readonly #byPlace = new Map<string, Set<Text>>();
  readonly #list: Place[];
  /** Lists as of a number of the log: nothing changes without an event. */
  readonly #lists = new Map<string, { head: number; views: ConversationView[] }>();

  constructor(people: number, cases: number, strangers: number) {
    for (let one = 0; one < cases; one += 1) {
      this.cases.set(String(100 + one), `Matter ${one}`);
    }
    for (let one = 0; one < people; one += 1) {
      const contact = id("con", one);
      const number = `(212) 555-0${100 + one}`;
      this.contacts.set(contact, { id: contact, name: `Person ${one}`, numbers: [number] });
      for (const caseNumber of [...this.cases.keys()].slice(0, (one % cases) + 1)) {
        const place = id("conv", 1000 + this.places.size);
        this.places.set(place, { id: place, kind: "case", number, caseNumber, contact });
      }
    }
    for (let one = 0; one < strangers; one += 1) {
      const place = id("conv", 1000 + this.places.size);
      this.places.set(place, {
        id: place,
        kind: "unknown",
        number: `(212) 555-0${700 + one}`,
        caseNumber: undefined,
        contact: undefined,
      });
    }
    this.#list = [...this.places.values()];
  }

  get head(): number {
    return this.log.length;
  }

  // What happens.

  receive(who: number): void {
    const place = this.#list[who % this.#list.length];
    if (place === undefined) {
      return;
    }
    const same = (): string[] => this.#list.filter((one) => one.contact === place.contact).map((one) => one.id);
    const offered = place.kind === "unknown" ? [place.id] : same();
    const standing = place.kind === "unknown" ? "unknown" : offered.length > 1 ? "unclaimed" : "routed";
    const text = this.#text("inbound", offered, standing);
    this.#place(text, "received");
  }

  write(where: number, byReader: boolean): void {
    const cases = [...this.places.values()].filter(({ kind }) => kind === "case");
    const place = cases[where % cases.length];
    if (place !== undefined) {
      const text = this.#text("outbound", [place.id], "sent");
      text.sentBy = byReader ? ME : OTHER;
      text.state = "queued";
      this.#place(text, "written");
    }
  }

  deliver(which: number): void {
    const text = this.#pick(which, ({ standing }) => standing === "sent");
    if (text !== undefined) {
      text.state = "delivered";
      this.#place(text, "delivery_advanced");
    }
  }

  claim(which: number, where: number, byReader: boolean): void {
    const text = this.#pick(which, ({ standing }) => standing === "unclaimed");
    const winner = text?.stands[where % text.stands.length];
    if (text === undefined || winner === undefined) {
      return;
    }
    const others = text.stands.filter((place) => place !== winner);
    this.#stand(text, [winner]);
    text.standing = "claimed";
    text.attention = false;
    text.claim = { at: this.#now(), by: byReader ? ME : OTHER };
    for (const place of others) {
      this.#withdraw(text, place, "claimed_elsewhere");
    }
    this.#place(text, "claimed");
  }

  release(which: number): void {
    const text = this.#pick(which, ({ standing }) => standing === "claimed");
    if (text !== undefined) {
      text.standing = "unclaimed";
      text.claim = undefined;
      this.#stand(text, text.offered);
      this.#place(text, "released");
      for (const place of text.stands.filter((one) => text.hidden.has(one))) {
        this.#tell({ type: "message_dismissed", conversation_id: place, message_id: text.id });
      }
    }
  }

  move(which: number, where: number): void {
    const text = this.#pick(which, ({ standing }) => standing === "claimed" || standing === "routed");
    const cases = [...this.places.values()].filter(
      ({ kind, id: place }) => kind === "case" && place !== text?.stands[0],
    );
    const target = cases[where % Math.max(1, cases.length)];
    const from = text?.stands[0];
    if (text !== undefined && target !== undefined && from !== undefined) {
      this.#stand(text, [target.id]);
      text.standing = "moved";
      this.#withdraw(text, from, "moved");
      this.#place(text, "moved");
    }
  }

  hide(which: number, where: number, hidden: boolean): void {
    const text = this.#pick(which, (one) => one.standing === "unclaimed" || one.standing === "unknown");
    const place = text?.stands[where % text.stands.length];
    if (text === undefined || place === undefined || text.hidden.has(place) === hidden) {
      return;
    }
    if (hidden) {
      text.hidden.add(place);
    } else {
      text.hidden.delete(place);
    }
    const type = hidden ? "message_dismissed" : "message_undismissed";
    this.#tell({ type, conversation_id: place, message_id: text.id });
  }

  needAttention(which: number): void {
    const text = this.#pick(which, (one) => one.standing === "unclaimed" || one.standing === "unknown");
    if (text !== undefined) {
      text.attention = !text.attention;
      this.#place(text, "attention_changed");
    }
  }

  rename(which: number): void {
    const contact = [...this.contacts.values()][which % this.contacts.size];
    if (contact !== undefined) {
      contact.name = `Renamed ${this.#next()}`;
      this.#contactChanged(contact.id);
    }
  }

  /** Gives a stranger's number to a contact, or takes it away. */
  hold(which: number, whose: number): void {
    const contact = [...this.contacts.values()][which % this.contacts.size];
    const strangers = [...this.places.values()].filter(({ kind }) => kind === "unknown");
    const number = strangers[whose % Math.max(1, strangers.length)]?.number;
    if (contact !== undefined && number !== undefined) {
      contact.numbers = contact.numbers.includes(number)
        ? contact.numbers.filter((one) => one !== number)
        : [...contact.numbers, number];
      this.#contactChanged(contact.id);
    }
  }

  renameCase(which: number): void {
    const number = [...this.cases.keys()][which % this.cases.size] ?? "";
    const name = `Matter renamed ${this.#next()}`;
    this.cases.set(number, name);
    const more = { status: "open", assigned: [], client_contact_id: null } as const;
    this.#tell({
      type: "case_changed",
      case: { id: `case_${number}`, mycase_case_id: number, name, ...more, assigned: [] },
    });
  }

  #cases(): Place[] {
    return [...this.places.values()].filter(({ kind }) => kind === "case");
  }

  #placeChanged(place: string): void {
    const conversation = this.view(place);
    const shown = conversation ?? this.#empty(place);
    if (shown !== undefined) {
      this.#tell({ type: "conversation_changed", conversation: shown, is_empty: conversation === undefined });
    }
  }

  changeRights(): void {
    this.#tell({ type: "access_changed", user_id: READER });
  }

  // What is read.

  list(key: ListKey, cursor: string | undefined, limit: number): Page<ConversationView> {
    const all = this.all(key).filter((one) => cursor === undefined || conversationKey(one) < cursor);
    const items = all.slice(0, limit);
    const last = items.at(-1);
    return { items, next_cursor: all.length > limit && last !== undefined ? conversationKey(last) : null };
  }

  /** A list as a whole. */
  all(key: ListKey): ConversationView[] {
    const name = JSON.stringify(key);
    const cached = this.#lists.get(name);
    if (cached?.head === this.head) {
      return cached.views;
    }
    const views = this.#all(key);
    this.#lists.set(name, { head: this.head, views });
    return views;
  }

  #all(key: ListKey): ConversationView[] {
    const found = [...this.places.values()].filter((place) => this.#isIn(key, place));
    const views = found.map((place) => this.view(place.id)).filter((view) => view !== undefined);
    return views.sort((a, b) => (conversationKey(a) < conversationKey(b) ? 1 : -1));
  }

  items(place: string, cursor: string | undefined, limit: number): Page<ItemView> {
    const key = (item: ItemView): string =>
      item.kind === "text" ? orderKey(item.message.at, item.message.id) : orderKey(item.call.at, item.call.id);
    const all = this.everything(place)
      .reverse()
      .filter((item) => cursor === undefined || key(item) < cursor);
    const last = all.slice(0, limit).at(-1);
    return {
      items: all.slice(0, limit),
      next_cursor: all.length > limit && last !== undefined ? key(last) : null,
    };
  }

  /** Texts and calls, ascending. */
  everything(place: string): ItemView[] {
    const keyed: [string, ItemView][] = [
      ...this.messages(place).map((message): [string, ItemView] => [
        orderKey(message.at, message.id),
        { kind: "text", message },
      ]),
      ...this.calls.in(place).map((call): [string, ItemView] => [orderKey(call.at, call.id), { kind: "call", call }]),
    ];
    return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item);
  }

  /** Ascending, with what the reader dismissed. */
  messages(place: string): MessageView[] {
    const views = [...(this.#byPlace.get(place) ?? [])].map((text) => this.#message(text, place, true));
    return views.sort((a, b) => (orderKey(a.at, a.id) < orderKey(b.at, b.id) ? -1 : 1));
  }

  steps(_place: string): StepLineView[] {
    return [];
  }

  view(place: string): ConversationView | undefined {
    const messages = this.messages(place);
    const known = this.places.get(place);
    const [text, call] = [messages.at(-1), this.calls.in(place).at(-1)];
    const isCall = call !== undefined && (text === undefined || text.at < call.at);
    const last = isCall ? { at: call.at, direction: call.direction, body: "" } : text;
    if (known === undefined || last === undefined) {
      return undefined;
    }
    return {
      ...(isCall ? { last_call: call.status } : {}),
      id: place,
      kind: known.kind,
      attention_count: messages.filter((message) => message.attention !== null).length,
      unclaimed_count: messages.filter((message) => message.standing === "unclaimed").length,
      case_id: known.caseNumber === undefined ? null : `case_${known.caseNumber}`,
      case_name: known.caseNumber === undefined ? null : (this.cases.get(known.caseNumber) ?? null),
      mycase_case_id: known.caseNumber ?? null,
      lead_id: null,
      last_at: last.at,
      last_direction: last.direction,
      preview: last.body,
      person: this.#person(known),
    };
  }

  #isIn(key: ListKey, place: Place): boolean {
    const view = this.view(place.id);
    if (view === undefined || (key.case_id !== undefined && place.caseNumber !== key.case_id)) {
      return false;
    }
    if (key.q !== undefined && !`${view.person.name} ${view.preview}`.includes(key.q)) {
      return false;
    }
    const messages = this.messages(place.id);
    const isOffered = view.unclaimed_count > 0;
    const isLeft =
      (!isOffered && place.kind === "case") ||
      messages.some((message) => message.dismissed !== true) ||
      this.calls.in(place.id).length > 0;
    switch (key.view ?? "all") {
      case "all":
        return isLeft;
      case "unknown":
        return place.kind === "unknown" && isLeft;
      case "unclaimed":
        return isOffered && messages.some((message) => isOpen(message) && message.dismissed !== true);
      case "dismissed":
        return (isOffered || place.kind === "unknown") && messages.some((one) => isOpen(one) && one.dismissed === true);
      case "attention":
        return view.attention_count > 0;
      case "mine":
        return (
          messages.some((message) => isMine(message, READER)) ||
          this.calls.in(place.id).some((call) => call.user?.id === READER)
        );
    }
  }

  #person(place: Place): PersonView {
    const holders = [...this.contacts.values()].filter(({ numbers }) => numbers.includes(place.number));
    const own = place.contact === undefined ? undefined : this.contacts.get(place.contact);
    const name = own?.name ?? (holders.length === 1 ? holders[0]?.name : undefined) ?? place.number;
    const role = place.contact === undefined ? null : "Witness";
    return {
      case_contact_id: place.contact === undefined ? null : `cc_${place.id}`,
      contact_id: place.contact ?? null,
      name,
      number: own?.numbers[0] ?? place.number,
      role,
      display_name: role === null ? name : `${name} - ${role}`,
    };
  }

  #message(text: Text, place: string, forReader: boolean): MessageView {
    const known = this.places.get(place);
    const isWaiting = text.standing === "unclaimed" || text.standing === "unknown";
    const view: MessageView = {
      id: text.id,
      at: text.at,
      body: text.body,
      direction: text.direction,
      conversation_id: place,
      case_id: known?.caseNumber === undefined ? null : `case_${known.caseNumber}`,
      case_number: known?.caseNumber ?? null,
      standing: text.standing,
      attention: text.attention ? "dismissed_by_all" : null,
      claim: text.claim ?? null,
      sent_by: text.sentBy ?? null,
      state: text.state ?? null,
      person: known === undefined ? nobody : this.#person(known),
      is_clarifying: false,
      media: [],
      parts: [],
    };
    return forReader ? { ...view, dismissed: isWaiting && text.hidden.has(place) } : view;
  }

  // How it comes about.

  #next(): number {
    this.#ids += 1;
    return this.#ids;
  }

  #now(): string {
    this.#clock += 1;
    return `2026-01-27T09:${String(10 + Math.floor(this.#clock / 60)).padStart(4, "0")}:${String(this.#clock % 60).padStart(2, "0")}.000000Z`;
  }

  #text(direction: Text["direction"], places: string[], standing: Text["standing"]): Text {
    const number = this.#next();
    const text: Text = {
      id: id("msg", number),
      at: this.#now(),
      body: `Text ${number}`,
      direction,
      offered: places,
      stands: [],
      standing,
      sentBy: undefined,
      claim: undefined,
      attention: false,
      state: undefined,
      hidden: new Set(),
    };
    this.texts.set(text.id, text);
    this.#stand(text, places);
    return text;
  }

  #stand(text: Text, places: string[]): void {
    for (const place of text.stands) {
      this.#byPlace.get(place)?.delete(text);
    }
    text.stands = places;
    for (const place of places) {
      this.#byPlace.set(place, (this.#byPlace.get(place) ?? new Set()).add(text));
    }
  }

  #pick(which: number, isMeant: (text: Text) => boolean): Text | undefined {
    const found = [...this.texts.values()].filter(isMeant);
    return found[which % Math.max(1, found.length)];
  }

  #tell(event: LiveEvent): void {
    this.log.push({ ...event, seq: this.log.length + 1, at: this.#now() });
  }

  #place(
    text: Text,
    cause: "received" | "written" | "claimed" | "released" | "moved" | "delivery_advanced" | "attention_changed",
  ): void {
    for (const place of text.stands) {
      const conversation = this.view(place);
      if (conversation !== undefined) {
        this.#tell({ type: "message_placed", cause, conversation, message: this.#message(text, place, false) });
      }
    }
  }

  #withdraw(text: Text, place: string, reason: "claimed_elsewhere" | "released" | "moved"): void {
    const now = this.view(place);
    const conversation = now ?? this.#empty(place);
    if (conversation !== undefined) {
      const is_empty = now === undefined;
      this.#tell({ type: "message_withdrawn", message_id: text.id, conversation, is_empty, reason });
    }
  }

  #empty(place: string): ConversationView | undefined {
    const known = this.places.get(place);
    if (known === undefined) {
      return undefined;
    }
    const at = "2026-01-27T09:0000:00.000000Z";
    const person = this.#person(known);
    return { id: place, kind: known.kind, attention_count: 0, unclaimed_count: 0, last_at: at, preview: "", person };
  }

  #contactChanged(contact: string): void {
    const known = this.contacts.get(contact);
    if (known !== undefined) {
      const phones = known.numbers.map((number, at) => ({
        id: `ph_${number}`,
        e164: number,
        number,
        label: "",
        is_primary: at === 0,
        opted_out: false,
      }));
      const at = "2026-01-27T09:0000:00.000000Z";
      const view = { id: contact, name: known.name, contact_type: "person", phones, created_at: at, updated_at: at };
      this.#tell({ type: "contact_changed", contact: view });
    }
  }
}
