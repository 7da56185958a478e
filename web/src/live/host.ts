// What a list, a thread or a single resource needs of the store that keeps it.
import type { Changes } from "./changes";
import type { Clock } from "./clock";
import type { Source } from "./source";
import type { State } from "./state";

export interface Host {
  readonly clock: Clock;
  readonly source: Source;
  /** The state as it is now; another object after everything was begun anew. */
  readonly state: State;
  /**
   * Reads something and puts it into the state, then applies once more what was told while it was read: the answer may be
   * older than that. Throws {@link Superseded} where everything was begun anew meanwhile.
   */
  read<T>(load: () => Promise<T>, put: (answer: T) => void): Promise<Changes>;
  /** Acts on what changed, and on the conversations that were read. */
  absorb(changes: Changes, read?: Iterable<string>): void;
  /** Says that what is shown under this name is to be made anew before the next frame. */
  touch(topic: string): void;
  /** Something could not be read for now: it is tried again, later each time. */
  retryLater(): void;
  /** Looks at a conversation's texts, because a list cannot tell whether it has it. */
  lookUp(conversation: string): void;
}

/** What a screen shows and the store looks after. */
export interface Shown {
  /** Whether it is to be tried again as soon as there is a connection. */
  readonly isFailed: boolean;
  /** Whether it was read since everything was begun anew, or could not be. */
  readonly isSettled: boolean;
  /** Reads it again. */
  refresh(): Promise<void>;
  /** Everything is begun anew. */
  restart(): void;
  /** Makes what is shown anew. */
  render(): void;
}

/** Everything was begun anew while something was read; whoever still needs it was asked already. */
export class Superseded extends Error {}
