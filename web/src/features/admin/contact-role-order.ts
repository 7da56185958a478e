// The order of contact roles: which `display_order`s have to change so that a role comes to stand elsewhere. As few as possible; where
// orders collide, they are spread anew. Pure.

export type Ordered = { id: string; display_order: number };
export type Reorder = { id: string; display_order: number };

const LARGEST = 10_000;

/** The list with one moved by a step; the same list where it stands at the end already. */
export function moved<T extends Ordered>(list: readonly T[], id: string, step: 1 | -1): readonly T[] {
  const from = list.findIndex((one) => one.id === id);
  const to = from + step;
  const [one, other] = [list[from], list[to]];
  if (one === undefined || other === undefined) {
    return list;
  }
  const next = [...list];
  next[from] = other;
  next[to] = one;
  return next;
}

/** The changes that make the orders ascend strictly along the list. */
export function reorder(list: readonly Ordered[]): readonly Reorder[] {
  const orders = [...list.map((one) => one.display_order)].sort((a, b) => a - b);
  const hasRoom = orders.every((order, index) => index === 0 || order > (orders[index - 1] ?? 0));
  const wanted = (index: number) => (hasRoom ? (orders[index] ?? 0) : spread(index, list.length));
  return list
    .map((one, index) => ({ id: one.id, from: one.display_order, display_order: wanted(index) }))
    .filter((one) => one.from !== one.display_order)
    .map(({ id, display_order }) => ({ id, display_order }));
}

function spread(index: number, length: number): number {
  const step = Math.max(1, Math.min(10, Math.floor(LARGEST / Math.max(1, length))));
  return (index + 1) * step;
}
