// What a leg says of itself, for what shows it.
import { useCallback, useEffect, useState, useSyncExternalStore } from "react";
import type { AudioLeg, LegView, Levels } from "./audio";

const nothing = (): void => {};
const SILENCE: Levels = { heard: 0, spoken: 0 };
const LEVELS_MS = 120;

export function useLeg(leg: AudioLeg | undefined): LegView | undefined {
  const watch = useCallback((listener: () => void) => leg?.watch(listener) ?? nothing, [leg]);
  return useSyncExternalStore(watch, () => leg?.view);
}

/** How loud it is, several times a second. */
export function useLevels(leg: AudioLeg | undefined): Levels {
  const [levels, setLevels] = useState(SILENCE);
  useEffect(() => {
    if (leg === undefined) {
      setLevels(SILENCE);
      return;
    }
    let isOver = false;
    const timer = setInterval(() => {
      void leg.levels().then((next) => {
        if (!isOver) {
          setLevels(next);
        }
      });
    }, LEVELS_MS);
    return () => {
      isOver = true;
      clearInterval(timer);
    };
  }, [leg]);
  return levels;
}
