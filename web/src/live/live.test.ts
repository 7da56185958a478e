// The live store with a server that is played by hand: lists, pages, reads and events in every order, and what they cost.
import { describe, expect, it } from "vitest";
import { ConversationList, listTopic } from "./list";
import type { ListKey } from "./model";
import { Rig, turn } from "./rig";
import { rowTopic } from "./row";
import { Thread, threadTopic } from "./thread";
import { World } from "./world";

function open(rig: Rig, key: ListKey): ConversationList {
  rig.live.lists.use(listTopic(key), () => new ConversationList(rig.live, key));
  return rig.live.list(key);
}

const idsOf = (rig: Rig, key: ListKey): string[] => rig.world.all(key).map(({ id }) => id);

async function begun(world: World, pageSize = 100): Promise<Rig> {
  const rig = new Rig(world);
  rig.pageSize = pageSize;
  rig.socket.start();
  rig.send(0);
  await turn();
  return rig;
}

describe("the live store", () => {
  it("waits for the hello before it reads, but not for ever", async () => {
    const rig = new Rig(new World(3, 2, 1));
    rig.world.receive(0);
    rig.socket.start();
    open(rig, {});
    await turn();
    expect(rig.requests).toBe(0);
    rig.clock.pass(3_000);
    await turn();
    expect(rig.requests).toBe(1);
    await rig.deliver(0);
    const before = rig.requests;
    rig.send(0);
    await turn();
    expect(rig.requests, "what was read before the hello is read again").toBe(before + 1);
    await rig.settle();
    expect(open(rig, {}).snapshot.ids).toEqual(idsOf(rig, {}));
  });

  it("catches up after a gap of ten thousand events, and is where a fresh load is", async () => {
    const rig = await begun(new World(40, 3, 10));
    for (let one = 0; one < 60; one += 1) {
      rig.world.receive(one);
    }
    const lists = [{ view: "all" }, { view: "unclaimed" }, { view: "dismissed" }, { view: "mine" }] satisfies ListKey[];
    for (const key of lists) {
      open(rig, key);
    }
    const thread = "conv_00001001";
    rig.live.threads.use(threadTopic(thread), () => new Thread(rig.live, thread));
    await rig.settle();
    rig.drop();
    const before = rig.world.head;
    for (let one = 0; rig.world.head < before + 10_000; one += 1) {
      const which = (one * 2_654_435_761) % 4_096;
      rig.world.deliver(which);
      if (one % 3 === 0) {
        rig.world.receive(which % 50);
        rig.world.claim(which, one, one % 2 === 0);
        rig.world.hide(which, one, true);
        rig.world.write(which, one % 2 === 0);
      }
      if (one % 7 === 0) {
        rig.world.release(which);
        rig.world.move(which, one);
      }
    }
    const calls = rig.live.topics.calls;
    await rig.settle();
    expect(rig.live.topics.calls - calls, "nobody listens, nobody is called").toBe(0);
    for (const key of lists) {
      expect(open(rig, key).snapshot.ids, listTopic(key)).toEqual(idsOf(rig, key));
    }
    for (const id of idsOf(rig, {})) {
      expect(rig.live.conversation(id)).toEqual(rig.world.view(id));
    }
  });

  it("shows what it had until everything was read anew after a reset", async () => {
    const rig = await begun(new World(6, 3, 2), 4);
    for (let one = 0; one < 20; one += 1) {
      rig.world.receive(one);
    }
    const list = open(rig, {});
    await rig.settle();
    const before = list.snapshot.ids;
    expect(before.length).toBeGreaterThan(3);
    rig.drop();
    rig.world.receive(3);
    rig.world.rename(1);
    rig.isTrimmed = true;
    rig.clock.pass(600);
    rig.send(0);
    await turn();
    rig.clock.frame();
    expect(list.snapshot.ids).toEqual(before);
    expect(rig.live.conversation(before[0] ?? "")).toBeDefined();
    await rig.settle();
    const { ids } = list.snapshot;
    expect(ids).toEqual(idsOf(rig, {}).slice(0, ids.length));
    expect(rig.live.before).toBeUndefined();
  });

  it("shows a dismissal at once, and takes it back where the server refuses", async () => {
    const rig = await begun(new World(4, 3, 1));
    rig.world.receive(4);
    const list = open(rig, { view: "unknown" });
    for (let one = 0; one < 12; one += 1) {
      rig.world.receive(one);
    }
    const unknown = idsOf(rig, { view: "unknown" })[0] ?? "";
    rig.live.threads.use(threadTopic(unknown), () => new Thread(rig.live, unknown));
    await rig.settle();
    expect(list.snapshot.ids).toEqual([unknown]);
    const texts = rig.world.messages(unknown);
    let refuse = (): void => {};
    const refused = new Promise<void>((_, reject) => {
      refuse = () => reject(new Error("refused"));
    });
    const acts = texts.map(({ id }) => rig.live.foresee(id, undefined, true, () => refused).catch(() => "refused"));
    rig.clock.frame();
    expect(list.snapshot.ids).toEqual([]);
    refuse();
    expect(await Promise.all(acts)).toEqual(texts.map(() => "refused"));
    rig.clock.frame();
    expect(list.snapshot.ids).toEqual([unknown]);
  });

  it("forgets who is gone, and finds them when they are back", async () => {
    const rig = await begun(new World(4, 3, 1));
    for (let one = 0; one < 8; one += 1) {
      rig.world.receive(one);
    }
    rig.live.resources.holdRow("conv_99999999");
    await rig.settle();
    expect(rig.live.resources.row("conv_99999999").snapshot.status).toBe("gone");
  });
});

describe("ten thousand conversations, and four hundred events a second", () => {
  it("cost what is shown, not what is kept", async () => {
    const rig = await begun(new World(0, 1, 10_000), 200);
    for (let one = 0; one < 10_000; one += 1) {
      rig.world.receive(one);
    }
    rig.send(Number.POSITIVE_INFINITY);
    const list = open(rig, {});
    await rig.settle();
    while (list.snapshot.hasMore) {
      list.loadMore();
      await rig.deliver(0);
      rig.clock.frame();
    }
    expect(list.snapshot.ids.length).toBe(10_000);

    const shown = list.snapshot.ids.slice(500, 520);
    let rows = 0;
    for (const id of shown) {
      rig.live.listen(rowTopic(id), () => {
        rows += 1;
      });
    }
    let lists = 0;
    rig.live.listen(list.topic, () => {
      lists += 1;
    });
    const [requests, frames] = [rig.requests, rig.clock.frames];
    const concerned = new Set(shown);
    let wanted = 0;
    for (let second = 0; second < 3; second += 1) {
      for (let frame = 0; frame < 60; frame += 1) {
        const touched = new Set<string>();
        for (let one = 0; one < 7; one += 1) {
          const who = (second * 60 + frame) * 7 + one;
          rig.world.receive(who * 13);
          const event = rig.world.log.at(-1);
          if (event?.type === "message_placed" && concerned.has(event.conversation.id)) {
            touched.add(event.conversation.id);
          }
        }
        wanted += touched.size;
        rig.send(Number.POSITIVE_INFINITY);
        rig.clock.frame();
      }
    }
    expect(rig.clock.frames - frames).toBe(180);
    expect(lists, "one call a frame").toBeLessThanOrEqual(180);
    expect(rows, "only rows that changed, once a frame").toBe(wanted);
    expect(rig.requests - requests, "events need no requests").toBe(0);
    expect(list.snapshot.ids.length).toBe(10_000);
  }, 120_000);

  it("does not keep what no list needs", async () => {
    const rig = await begun(new World(0, 1, 9_000), 50);
    rig.world.receive(1);
    const list = open(rig, { view: "mine" });
    await rig.settle();
    for (let one = 0; one < 9_000; one += 1) {
      rig.world.receive(one);
    }
    rig.send(Number.POSITIVE_INFINITY);
    await rig.settle();
    expect(list.snapshot.ids).toEqual([]);
    expect(rig.live.state.conversations.size).toBeLessThan(8_500);
  }, 120_000);
});
