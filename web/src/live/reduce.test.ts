// The reducer against what the server's own tests recorded: before, events, what was read anew, after.
import { describe, expect, it } from "vitest";
import { noChanges } from "./changes";
import { contents, type Fixture, fixtures, stateOf } from "./fixtures";
import { belongs } from "./membership";
import type { ViewName } from "./model";
import { reduce } from "./reduce";
import { forget, putText, type State } from "./state";

const views: ViewName[] = ["all", "unclaimed", "dismissed", "attention", "unknown"];

/** What the reader would read anew, taken from what they had in the end. */
function readAnew(state: State, ids: Iterable<string>, { after }: Fixture): void {
  for (const id of ids) {
    const conversation = after.conversations.find((one) => one.id === id);
    const knowledge = state.knowledge.get(id);
    forget(state, id);
    if (conversation !== undefined) {
      state.conversations.set(id, conversation);
      for (const message of after.texts.filter((one) => one.conversation_id === id)) {
        putText(state, message);
      }
      if (knowledge !== undefined) {
        state.knowledge.set(id, knowledge);
      }
    }
  }
}

describe("what the server's tests recorded", () => {
  const all = fixtures();

  it("is there", () => {
    expect(all.length).toBeGreaterThan(40);
  });

  for (const fixture of all) {
    it(fixture.act, () => {
      const state = stateOf(fixture.before);
      const changes = noChanges();
      for (const event of fixture.events) {
        for (const conversation of fixture.after.conversations) {
          state.threads.add(conversation.id);
        }
        reduce(state, event, changes);
      }
      expect([...changes.reread].sort()).toEqual(expect.arrayContaining([...fixture.reread].sort()));
      readAnew(state, changes.reread, fixture);
      const wanted = contents(stateOf(fixture.after));
      expect(contents(state)).toEqual(wanted);
      const fresh = stateOf(fixture.after);
      for (const view of views) {
        for (const conversation of state.conversations.values()) {
          const kept = belongs({ view }, conversation, state);
          expect([undefined, belongs({ view }, conversation, fresh)], `${view} ${conversation.id}`).toContain(kept);
        }
      }
    });
  }

  for (const fixture of all) {
    it(`${fixture.act}, told twice`, () => {
      const state = stateOf(fixture.before);
      for (const { id } of fixture.after.conversations) {
        state.threads.add(id);
      }
      const changes = noChanges();
      for (const turn of ["first", "again"] as const) {
        for (const event of fixture.events) {
          reduce(state, event, changes, turn);
        }
      }
      readAnew(state, changes.reread, fixture);
      expect(contents(state)).toEqual(contents(stateOf(fixture.after)));
    });
  }
});

describe("what the reader dismissed", () => {
  const placed = fixtures().find((fixture) => fixture.act === "a text needs attention again");

  it("is unknown of an old text that was not kept, and never guessed", () => {
    if (placed === undefined) {
      throw new Error("the fixture is missing");
    }
    const state = stateOf({ conversations: placed.before.conversations, texts: [] });
    state.knowledge.clear();
    for (const event of placed.events) {
      reduce(state, event);
    }
    const kept = [...state.texts.values()].flatMap((texts) => [...texts.values()]);
    expect(kept.map((message) => message.dismissed)).toEqual([null, null]);
  });
});
