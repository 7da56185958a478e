// What somebody types, once they paused: searches run on this. Refuses to hold back an emptied field.
import { useEffect, useState } from "react";

export function useSettled(value: string, pause = 150): string {
  const [settled, setSettled] = useState(value);
  useEffect(() => {
    if (value === "") {
      setSettled("");
      return;
    }
    const timer = setTimeout(() => setSettled(value), pause);
    return () => clearTimeout(timer);
  }, [value, pause]);
  return settled;
}
