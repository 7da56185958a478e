// Which rows of a list are drawn, and who left it: both cost what is seen or what changed, however long the list is.

import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Order } from "../../live/order";
import { drawn } from "./fixed-rows";

describe("the rows that are drawn", () => {
  it("are those in sight, some beyond, and the one with the focus, each once and ascending", () => {
    const sight = fc.record({ first: fc.nat(12_000), rows: fc.integer({ min: 1, max: 40 }) });
    fc.assert(
      fc.property(sight, fc.nat(10_000), fc.integer({ min: -1, max: 10_000 }), (one, count, kept) => {
        const places = drawn(one, count, kept);
        expect([...places].sort((a, b) => a - b)).toEqual(places);
        expect(new Set(places).size).toBe(places.length);
        expect(places.every((place) => place >= 0 && place < count)).toBe(true);
        expect(places.length).toBeLessThanOrEqual(one.rows + 17);
        for (let place = one.first; place < Math.min(count, one.first + one.rows); place += 1) {
          expect(places).toContain(place);
        }
        if (kept >= 0 && kept < count) expect(places).toContain(kept);
      }),
    );
  });

  it("fill the page where the list became shorter than where one has scrolled to", () => {
    expect(drawn({ first: 900, rows: 10 }, 12, -1)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]);
  });

  it("are none before it is known how much is in sight", () => {
    expect(drawn({ first: 0, rows: 0 }, 100, 5)).toEqual([]);
  });
});

describe("who left", () => {
  it("is remembered in turn, and moving is not leaving", () => {
    const order = new Order();
    for (const id of ["a", "b", "c"]) order.place(id, `key ${id}`);
    order.place("a", "key z");
    expect(order.leftCount).toBe(0);
    order.remove("b");
    order.remove("nobody");
    order.remove("c");
    expect(order.leftBetween(0, 2)).toEqual(["b", "c"]);
    expect(order.leftBetween(1, 2)).toEqual(["c"]);
    expect(order.ids()).toEqual(["a"]);
  });

  it("is forgotten after many, the latest last, and nobody has left by a new beginning", () => {
    const order = new Order();
    for (let at = 0; at < 5_000; at += 1) {
      order.place(`${at}`, `${at}`);
      order.remove(`${at}`);
    }
    expect(order.leftCount).toBe(5_000);
    expect(order.leftBetween(4_990, 5_000)).toEqual(Array.from({ length: 10 }, (_, at) => `${4_990 + at}`));
    expect(order.leftBetween(0, 5_000).length).toBeLessThanOrEqual(2_000);
    order.place("x", "x");
    order.clear();
    expect(order.leftCount).toBe(5_000);
  });
});
