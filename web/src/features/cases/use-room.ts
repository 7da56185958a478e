// How many panes fit into a container: one below 720 px, then two, then three. Measures the container, never the window, because the
// embedded view is narrow on a wide screen.
import { useCallback, useLayoutEffect, useState } from "react";

export type Room = "one" | "two" | "three";

const TWO = 720;
const THREE = 1080;

export function roomFor(width: number): Room {
  if (width < TWO) {
    return "one";
  }
  return width < THREE ? "two" : "three";
}

export function useRoom(): { ref: (element: HTMLElement | null) => void; room: Room } {
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [room, setRoom] = useState<Room>(() => roomFor(globalThis.innerWidth ?? THREE));
  useLayoutEffect(() => {
    if (element === null) {
      return;
    }
    setRoom(roomFor(element.clientWidth));
    const observer = new ResizeObserver(() => setRoom(roomFor(element.clientWidth)));
    observer.observe(element);
    return () => observer.disconnect();
  }, [element]);
  return { ref: useCallback((next) => setElement(next), []), room };
}
