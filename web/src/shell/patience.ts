// Fetching parts of the program that come later. Refuses to give up: the page goes on without them until they are there.

const AGAIN_MS = 3_000;
const FIRST_SCREEN_MS = 700;

/** A server that is away just now must not take down the page that waits for it. */
export async function patiently<T>(fetchPart: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await fetchPart();
    } catch {
      await new Promise((wake) => setTimeout(wake, AGAIN_MS));
    }
  }
}

const IDLE_WITHIN_MS = 600;

/** Once the browser has nothing more urgent to do, at the latest after a moment: what follows must not keep the first screen waiting. */
export async function whenIdle(): Promise<void> {
  await new Promise<void>((go) => {
    if (typeof requestIdleCallback === "function") {
      requestIdleCallback(() => go(), { timeout: IDLE_WITHIN_MS });
    } else {
      setTimeout(go, IDLE_WITHIN_MS / 2);
    }
  });
}

/** When the first screen had its turn: what nobody waits for would be in its way. */
export async function afterFirstScreen(): Promise<void> {
  await new Promise((wake) => setTimeout(wake, FIRST_SCREEN_MS));
}
