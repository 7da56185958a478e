// What stands in the page before its own scripts: notes when a frame of the socket came and when a picture with something in it was
// painted. A picture is painted when the task that drew it is over, which a message to oneself tells.
import type { Page } from "@playwright/test";

/** Runs in the page; everything that it needs is inside. */
function install(): void {
  const sockets: WebSocket[] = [];
  const came = new Map<string, number>();
  const painted = new Map<string, number>();
  let markers: string[] = [];
  let isDrawing = false;

  const afterTask = (run: () => void): void => {
    const channel = new MessageChannel();
    channel.port1.onmessage = () => {
      channel.port1.close();
      run();
    };
    channel.port2.postMessage(null);
  };

  const nextFrame = window.requestAnimationFrame.bind(window);
  window.requestAnimationFrame = (callback) =>
    nextFrame((time) => {
      if (!isDrawing) {
        isDrawing = true;
        afterTask(() => {
          isDrawing = false;
        });
      }
      callback(time);
    });

  /** Once what stands in the page now has been painted. */
  const afterPaint = (run: () => void): void => {
    if (isDrawing) afterTask(run);
    else nextFrame(() => afterTask(run));
  };

  window.WebSocket = class extends WebSocket {
    constructor(url: string | URL, protocols?: string | string[]) {
      super(url, protocols);
      sockets.push(this);
      this.addEventListener("message", ({ data }) => {
        const now = performance.now();
        for (const marker of markers) {
          if (!came.has(marker) && typeof data === "string" && data.includes(marker)) came.set(marker, now);
        }
      });
    }
  };

  type Waiting = { name: string; isThere: () => boolean };
  const waiting = new Set<Waiting>();
  const look = (): void => {
    for (const one of waiting) {
      if (one.isThere()) {
        waiting.delete(one);
        afterPaint(() => painted.set(one.name, performance.now()));
      }
    }
  };
  new MutationObserver(look).observe(document, {
    childList: true,
    subtree: true,
    characterData: true,
    attributes: true,
    attributeFilter: ["data-leaving", "hidden", "aria-busy"],
  });

  Object.assign(globalThis, {
    bench: {
      sockets,
      came,
      painted,
      afterPaint,
      /** Notes when a selector, with a text in it if one is given, is first painted. */
      awaitPaint(name: string, selector: string, text = "", isGone = false) {
        painted.delete(name);
        const isThere = () =>
          [...document.querySelectorAll(selector)].some((one) => one.textContent?.includes(text)) !== isGone;
        waiting.add({ name, isThere });
        look();
      },
      mark(names: string[]) {
        markers = names;
      },
      longTasks: 0,
    },
  });
  if (PerformanceObserver.supportedEntryTypes.includes("longtask")) {
    new PerformanceObserver((list) => {
      Object(globalThis).bench.longTasks += list.getEntries().length;
    }).observe({ type: "longtask" });
  }
  Object(globalThis).bench.awaitPaint("first row", "[data-conversation]");
}

export async function probe(page: Page): Promise<void> {
  await page.addInitScript(install);
}

/** Begins to wait for the picture that has this in it, or has it no more. */
export async function awaitPaint(
  page: Page,
  name: string,
  selector: string,
  text?: string,
  isGone = false,
): Promise<void> {
  await page.evaluate(([called, where, what, gone]) => Object(globalThis).bench.awaitPaint(called, where, what, gone), [
    name,
    selector,
    text ?? "",
    isGone,
  ] as const);
}

/** When that picture was painted: milliseconds since the page began, and as the clock on the wall has it. */
export async function paintedAt(page: Page, name: string, within = 15_000): Promise<{ page: number; wall: number }> {
  await page.waitForFunction((called) => Object(globalThis).bench.painted.has(called), name, { timeout: within });
  return await page.evaluate((called) => {
    const at: number = Object(globalThis).bench.painted.get(called);
    return { page: at, wall: performance.timeOrigin + at };
  }, name);
}

/** From the frame that has each of these words in it to the picture that has them. */
export async function fromFrameToPicture(page: Page, markers: readonly string[]): Promise<number[]> {
  return await page.evaluate((names) => {
    const { came, painted } = Object(globalThis).bench;
    return names.map((name) => painted.get(name) - came.get(name));
  }, markers);
}

/** How the main thread and the pictures were while something ran. */
export type Strain = { seconds: number; busy: number; longTasks: number; frames: number; slow: number; blank: number };

/** Counts frames, slow ones, and with a column of places to look at, pictures in which no row stood there. */
export async function underStrain(page: Page, run: () => Promise<void>, places: Places = []): Promise<Strain> {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const metric = async (name: string) => {
    const { metrics } = await session.send("Performance.getMetrics");
    return metrics.find((one) => one.name === name)?.value ?? Number.NaN;
  };
  await page.evaluate((looked) => {
    const { bench } = Object(globalThis);
    const counted = { on: true, frames: 0, slow: 0, blank: 0, last: performance.now(), from: performance.now() };
    const isBlank = () =>
      looked.some(([x, y]) => !document.elementFromPoint(x, y)?.closest("li")?.querySelector("[data-conversation]"));
    const frame = (at: number): void => {
      if (!counted.on) return;
      if (at - counted.last > 34) counted.slow += 1;
      counted.last = at;
      counted.frames += 1;
      if (looked.length > 0) {
        bench.afterPaint(() => {
          if (isBlank()) counted.blank += 1;
        });
      }
      requestAnimationFrame(frame);
    };
    bench.longTasks = 0;
    bench.counted = counted;
    requestAnimationFrame(frame);
  }, places);
  const before = await metric("TaskDuration");
  await run();
  const busy = (await metric("TaskDuration")) - before;
  const counted = await page.evaluate(() => {
    const { counted: seen, longTasks } = Object(globalThis).bench;
    seen.on = false;
    const seconds: number = (performance.now() - seen.from) / 1000;
    return { seconds, longTasks, frames: seen.frames, slow: seen.slow, blank: seen.blank };
  });
  await session.detach();
  return { ...counted, busy };
}

export type Places = readonly (readonly [number, number])[];

/** Slows the processor of a page down. */
export async function throttle(page: Page, rate: number): Promise<void> {
  const session = await page.context().newCDPSession(page);
  await session.send("Emulation.setCPUThrottlingRate", { rate });
}
