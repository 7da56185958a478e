// Whatever happens, in whatever order it is told and read: in the end a client shows what one shows that loads anew.
import fc from "fast-check";
import { expect, it } from "vitest";
import { ConversationList, listTopic } from "./list";
import type { ListKey } from "./model";
import { callsTopic } from "./resources";
import { Rig, turn } from "./rig";
import { rowTopic } from "./row";
import { Thread, threadTopic } from "./thread";
import { World } from "./world";

const keys: ListKey[] = [
  { view: "all" },
  { view: "unclaimed" },
  { view: "dismissed" },
  { view: "attention" },
  { view: "unknown" },
  { view: "mine" },
  { case_id: "101" },
  { view: "unclaimed", case_id: "101" },
  { q: "Person 1" },
];

const n = fc.nat({ max: 40 });
const step = <T>(arbitrary: fc.Arbitrary<T>, name: string, run: (rig: Rig, value: T) => void | Promise<void>) =>
  arbitrary.map((value) => ({
    toString: () => `${name} ${JSON.stringify(value)}`,
    run: (rig: Rig) => run(rig, value),
  }));

const happens = fc.oneof(
  { weight: 6, arbitrary: step(n, "receive", (rig, who) => rig.world.receive(who)) },
  { weight: 3, arbitrary: step(fc.tuple(n, fc.boolean()), "write", (rig, [who, mine]) => rig.world.write(who, mine)) },
  { weight: 1, arbitrary: step(n, "delivered", (rig, which) => rig.world.deliver(which)) },
  { weight: 4, arbitrary: step(fc.tuple(n, n, fc.boolean()), "claim", (rig, [a, b, c]) => rig.world.claim(a, b, c)) },
  { weight: 3, arbitrary: step(n, "release", (rig, which) => rig.world.release(which)) },
  { weight: 3, arbitrary: step(fc.tuple(n, n), "move", (rig, [a, b]) => rig.world.move(a, b)) },
  { weight: 6, arbitrary: step(fc.tuple(n, n, fc.boolean()), "hide", (rig, [a, b, c]) => rig.world.hide(a, b, c)) },
  { weight: 2, arbitrary: step(n, "attention", (rig, which) => rig.world.needAttention(which)) },
  { weight: 1, arbitrary: step(n, "rename", (rig, which) => rig.world.rename(which)) },
  { weight: 2, arbitrary: step(fc.tuple(n, n), "hold", (rig, [a, b]) => rig.world.hold(a, b)) },
  { weight: 1, arbitrary: step(n, "rename case", (rig, which) => rig.world.renameCase(which)) },
  {
    weight: 3,
    arbitrary: step(fc.tuple(n, fc.boolean()), "call", (rig, [who, mine]) => rig.world.calls.begin(who, mine)),
  },
  { weight: 4, arbitrary: step(n, "go on", (rig, which) => rig.world.calls.goOn(which)) },
  {
    weight: 1,
    arbitrary: step(fc.tuple(n, fc.boolean()), "hand over", (rig, [a, b]) => rig.world.calls.handOver(a, b)),
  },
  { weight: 2, arbitrary: step(fc.tuple(n, n), "file", (rig, [a, b]) => rig.world.calls.file(a, b)) },
  { weight: 1, arbitrary: step(n, "supervise", (rig, which) => rig.world.calls.supervise(which)) },
  { weight: 1, arbitrary: step(fc.constant(0), "rights", (rig) => rig.world.changeRights()) },
);

const travels = fc.oneof(
  {
    weight: 6,
    arbitrary: step(fc.tuple(fc.nat({ max: 6 }), fc.nat({ max: 2 })), "send", (rig, [a, b]) => rig.send(a, b)),
  },
  { weight: 4, arbitrary: step(n, "serve", (rig, which) => rig.serve(which)) },
  { weight: 6, arbitrary: step(n, "arrive", (rig, which) => rig.deliver(which)) },
  { weight: 1, arbitrary: step(n, "fail", (rig, which) => rig.fail(which)) },
  { weight: 2, arbitrary: step(fc.nat({ max: 5_000 }), "pass", (rig, ms) => rig.clock.pass(ms)) },
  {
    weight: 1,
    arbitrary: step(fc.boolean(), "drop", (rig, trimmed) => {
      rig.isTrimmed = trimmed;
      rig.drop();
    }),
  },
  { weight: 2, arbitrary: step(fc.constant(0), "frame", (rig) => rig.clock.frame()) },
);

const looks = fc.oneof(
  step(n, "open a list", (rig, which) => {
    const key = keys[which % keys.length] ?? {};
    rig.live.lists.use(listTopic(key), () => new ConversationList(rig.live, key));
  }),
  step(n, "open a thread", (rig, which) => {
    const place = [...rig.world.places.keys()][which % rig.world.places.size] ?? "";
    rig.live.threads.use(threadTopic(place), () => new Thread(rig.live, place));
  }),
  step(n, "open a row", (rig, which) => {
    rig.live.resources.holdRow([...rig.world.places.keys()][which % rig.world.places.size] ?? "");
  }),
  step(n, "open the calls", (rig, which) => {
    rig.live.resources.calls(which % 2 === 0 ? "mine" : "live").users += 1;
  }),
  step(n, "scroll", (rig, which) => [...rig.live.lists.all()][which % 3]?.loadMore()),
  step(n, "scroll up", (rig, which) => [...rig.live.threads.all()][which % 3]?.loadOlder()),
);

const story = fc.array(
  fc.oneof({ weight: 5, arbitrary: happens }, { weight: 5, arbitrary: travels }, { weight: 2, arbitrary: looks }),
  {
    minLength: 10,
    maxLength: 90,
  },
);

function compare(rig: Rig): void {
  const { live, world } = rig;
  expect(rig.socket.state.state).toBe("live");
  for (const list of live.lists.all()) {
    const { ids, hasMore, status } = list.snapshot;
    const all = world.all(list.key);
    expect(status, list.topic).toBe("ready");
    expect(ids, list.topic).toEqual(all.slice(0, ids.length).map(({ id }) => id));
    expect(hasMore || ids.length === all.length, `${list.topic} ends too early`).toBe(true);
    for (const id of ids) {
      expect(live.conversation(id), id).toEqual(world.view(id));
    }
  }
  for (const thread of live.threads.all()) {
    const { items, hasOlder } = thread.snapshot(true);
    const shown = items.filter((item) => item.kind !== "step");
    const all = world.everything(thread.id);
    expect(shown, thread.topic).toEqual(all.slice(all.length - shown.length));
    expect(hasOlder || shown.length === all.length, `${thread.topic} ends too early`).toBe(true);
  }
  for (const view of ["mine", "live"] as const) {
    const kept = live.resources.peek(callsTopic(view));
    if (kept !== undefined) {
      expect(live.resources.calls(view).snapshot.value, view).toEqual(world.calls.list(view));
    }
  }
  for (const row of live.resources.rows.all()) {
    const { conversation, status } = row.snapshot;
    expect(conversation, rowTopic(row.id)).toEqual(world.view(row.id));
    expect(status).toBe(world.view(row.id) === undefined ? "gone" : "ready");
  }
}

it("ends as a fresh load would, whatever is dropped, repeated, late or read meanwhile", {
  timeout: 300_000,
}, async () => {
  await fc.assert(
    fc.asyncProperty(story, async (steps) => {
      const rig = new Rig(new World(5, 3, 3));
      for (let one = 0; one < 25; one += 1) {
        rig.world.receive(one * 7);
        rig.world.hide(one, one, one % 3 === 0);
      }
      rig.socket.start();
      for (const { run } of steps) {
        await run(rig);
        await turn();
      }
      await rig.settle();
      compare(rig);
    }),
    {
      ...(process.env.FC_PATH ? { path: process.env.FC_PATH } : {}),
      numRuns: Number(process.env.RUNS ?? 300),
      ...(process.env.SEED ? { seed: Number(process.env.SEED) } : {}),
    },
  );
});
