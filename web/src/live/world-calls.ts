// The calls of the small firm of this folder's tests: they begin, ring, go on, end, are handed on, filed in another case and wrapped
// up, as the server tells of them. What stands where: world.ts.
import { isUnderWay, seatOf } from "./calls";
import type { CallView, LiveEvent, PersonView } from "./model";
import { orderKey } from "./state";

type Place = {
  id: string;
  kind: "case" | "unknown";
  number: string;
  caseNumber: string | undefined;
  contact: string | undefined;
};

export interface Firm {
  id(): string;
  now(): string;
  tell(event: LiveEvent): void;
  placeChanged(place: string): void;
  /** The conversations of cases. */
  places(): Place[];
  person(place: Place): PersonView;
}

const READER = { id: "usr_0001", name: "Maria Alvarez" };
const OTHER = { id: "usr_0002", name: "Tom Brooks" };
const NEXT: Readonly<Record<string, string>> = {
  queued: "ringing",
  ringing: "in-progress",
  "in-progress": "completed",
};

export class CallBook {
  readonly #byId = new Map<string, CallView>();

  constructor(private readonly firm: Firm) {}

  // What happens.

  begin(where: number, byReader: boolean): void {
    const { firm } = this;
    const place = firm.places()[where % firm.places().length];
    if (place !== undefined) {
      const call = { ...BLANK, id: firm.id(), at: firm.now(), ...this.#placed(place), user: byReader ? READER : OTHER };
      this.#tell(call, "started");
      firm.placeChanged(place.id);
    }
  }

  /** The next that happens to a call: it rings, is answered, ends, is wrapped up. */
  goOn(which: number): void {
    const call = this.#pick(which);
    if (call !== undefined) {
      const [status, at] = [NEXT[call.status], this.firm.now()];
      const change: Partial<CallView> =
        status === undefined
          ? { wrap_up_until: null, disposition: "spoke" }
          : {
              status,
              ...(status === "in-progress" ? { answered_at: at } : {}),
              ...(status === "completed" ? { ended_at: at, wrap_up_until: at, transfer_to: null } : {}),
            };
      this.#tell({ ...call, ...change }, "changed");
      this.firm.placeChanged(call.conversation_id ?? "");
    }
  }

  handOver(which: number, toReader: boolean): void {
    const call = this.#pick(which, ({ status }) => status === "in-progress");
    if (call !== undefined) {
      this.#tell({ ...call, transfer_to: call.transfer_to ? null : toReader ? READER : OTHER }, "transferred");
    }
  }

  file(which: number, where: number): void {
    const { firm } = this;
    const call = this.#pick(which);
    const from = call?.conversation_id;
    const places = firm.places().filter((place) => place.id !== from);
    const target = places[where % Math.max(1, places.length)];
    if (call !== undefined && from && target !== undefined) {
      firm.tell({ type: "call_withdrawn", call_id: call.id, conversation_id: from });
      this.#byId.delete(call.id);
      firm.placeChanged(from);
      this.#tell({ ...call, ...this.#placed(target) }, "filed");
      firm.placeChanged(target.id);
    }
  }

  supervise(which: number): void {
    const call = this.#pick(which, isUnderWay);
    if (call !== undefined) {
      const supervisors = [{ user: OTHER, mode: "listen" as const, since: call.at }];
      this.firm.tell({ type: "call_supervision_changed", call_id: call.id, supervisors });
    }
  }

  // What is read.

  /** Ascending. */
  in(place: string): CallView[] {
    return this.#all((call) => call.conversation_id === place);
  }

  list(view: "mine" | "live"): CallView[] {
    return this.#all((call) => (view === "live" ? isUnderWay(call) : seatOf(call, READER.id) !== undefined));
  }

  #all(isMeant: (call: CallView) => boolean): CallView[] {
    return [...this.#byId.values()]
      .filter(isMeant)
      .map((call) => this.#asNow(call))
      .sort((a, b) => (orderKey(a.at, a.id) < orderKey(b.at, b.id) ? -1 : 1));
  }

  #pick(which: number, isMeant: (call: CallView) => boolean = () => true): CallView | undefined {
    const found = [...this.#byId.values()].filter(isMeant);
    return found[which % Math.max(1, found.length)];
  }

  #placed(place: Place): Pick<CallView, "conversation_id" | "case_id" | "matter_id" | "person"> {
    return {
      conversation_id: place.id,
      case_id: `case_${place.caseNumber}`,
      matter_id: place.caseNumber ?? null,
      person: this.firm.person(place),
    };
  }

  /** A call with the name of now. */
  #asNow(call: CallView): CallView {
    const place = this.firm.places().find((one) => one.id === call.conversation_id);
    return place === undefined ? call : { ...call, person: this.firm.person(place) };
  }

  #tell(call: CallView, cause: "started" | "changed" | "transferred" | "filed"): void {
    const told = this.#asNow({ ...call, version: call.version + 1 });
    this.#byId.set(call.id, told);
    this.firm.tell({ type: "call_changed", cause, call: told });
  }
}

export const nobody: PersonView = {
  name: "",
  number: "",
  display_name: "",
  contact_id: null,
  case_contact_id: null,
  role: null,
};
const BLANK: CallView = {
  id: "",
  at: "",
  conversation_id: null,
  direction: "outbound",
  person: nobody,
  case_id: null,
  matter_id: null,
  lead_id: null,
  number_id: null,
  status: "queued",
  answered_at: null,
  ended_at: null,
  end_reason: null,
  duration_seconds: 0,
  has_recording: false,
  user: null,
  is_on_hold: false,
  is_muted: false,
  agent_line: "here",
  outside_line: "here",
  transfer_to: null,
  recording: "none",
  recordings: [],
  disposition: null,
  note: null,
  wrap_up_until: null,
  line: "local",
  version: 0,
};
