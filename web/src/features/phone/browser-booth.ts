// The election's way to this browser: its locks, its storage and the server. Where a browser has no locks, as on plain http, a
// page is a softphone of its own and the server alone elects.
import type { Booth } from "./election";
import { giveUpSoftphone, leaseSoftphone } from "./phone-acts";

const STORED = "casewire.softphone";

/** One name for all tabs of this browser. */
function browserId(): string {
  try {
    const known = localStorage.getItem(STORED);
    if (known !== null && /^[0-9a-f-]{36}$/.test(known)) {
      return known;
    }
    const made = newId();
    localStorage.setItem(STORED, made);
    return made;
  } catch {
    return newId();
  }
}

/** A version-4 UUID; also where `crypto.randomUUID` is missing, on plain http. */
function newId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  const hex = Array.from(bytes, (byte, place) => {
    const fixed = place === 6 ? (byte & 0x0f) | 0x40 : place === 8 ? (byte & 0x3f) | 0x80 : byte;
    return fixed.toString(16).padStart(2, "0");
  }).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

export function browserBooth(reader: string): Booth {
  const locks: LockManager | undefined = navigator.locks;
  const id = locks === undefined ? newId() : browserId();
  const name = `casewire.softphone.${reader}`;
  return {
    id,
    lease: (takeover) => leaseSoftphone(id, takeover),
    giveUp: () => giveUpSoftphone(id),
    async hold(how, run) {
      if (locks === undefined) {
        await run();
        return true;
      }
      const options: LockOptions = how === "wait" ? {} : how === "take" ? { steal: true } : { ifAvailable: true };
      return await locks.request(name, options, async (lock) => {
        if (lock === null) {
          return false;
        }
        await run();
        return true;
      });
    },
    after(ms, run) {
      const timer = setTimeout(run, ms);
      return () => clearTimeout(timer);
    },
    now: () => Date.now(),
  };
}
