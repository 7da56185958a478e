// Moving a contact role changes as few orders as can be, and always makes them ascend.
import fc from "fast-check";
import { expect, it } from "vitest";
import { moved, reorder } from "./contact-role-order";

const roles = (...orders: number[]) => orders.map((display_order, index) => ({ id: `r${index}`, display_order }));
const ids = (list: readonly { id: string }[]) => list.map((one) => one.id).join(" ");

it("a move swaps the orders of two neighbours", () => {
  const list = moved(roles(1, 2, 3), "r0", 1);
  expect(ids(list)).toBe("r1 r0 r2");
  expect(reorder(list)).toEqual([
    { id: "r1", display_order: 1 },
    { id: "r0", display_order: 2 },
  ]);
});

it("the first does not move up, nor the last down", () => {
  const list = roles(1, 2);
  expect(moved(list, "r0", -1)).toBe(list);
  expect(moved(list, "r1", 1)).toBe(list);
});

it("orders that collide are spread anew", () => {
  expect(reorder(roles(5, 5, 5))).toEqual([
    { id: "r0", display_order: 10 },
    { id: "r1", display_order: 20 },
    { id: "r2", display_order: 30 },
  ]);
});

it("after a move the orders ascend along the list, between 0 and 10000", () => {
  const orders = fc.array(fc.integer({ min: 0, max: 10_000 }), { minLength: 1, maxLength: 120 });
  fc.assert(
    fc.property(orders, fc.nat(), fc.constantFrom<1 | -1>(1, -1), (given, which, step) => {
      const before = roles(...given).sort((a, b) => a.display_order - b.display_order);
      const list = moved(before, `r${which % given.length}`, step);
      const changes = new Map(reorder(list).map((change) => [change.id, change.display_order]));
      const after = list.map((one) => changes.get(one.id) ?? one.display_order);
      expect(after.every((order, index) => index === 0 || order > (after[index - 1] ?? -1))).toBe(true);
      expect(after.every((order) => order >= 0 && order <= 10_000)).toBe(true);
    }),
  );
});
