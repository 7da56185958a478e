// What a connection says of itself: how loud it is at both ends, and how well it goes, from the browser's own statistics.
// Pure but for reading them. The bounds are those of common practice for telephone sound: 3 and 8 % lost, 30 and 60 ms of
// jitter, 250 and 500 ms there and back.
import type { Levels, Quality } from "./audio";

export type Sample = { received: number; lost: number; jitterMs: number; roundTripMs: number };

const FAIR = { lost: 0.03, jitterMs: 30, roundTripMs: 250 };
const POOR = { lost: 0.08, jitterMs: 60, roundTripMs: 500 };

/** How well it went between two samples; unknown where hardly anything came. */
export function qualityOf(before: Sample | undefined, now: Sample): Quality | undefined {
  if (before === undefined || now.received + now.lost - before.received - before.lost < 10) {
    return undefined;
  }
  const lost = Math.max(0, now.lost - before.lost);
  const share = lost / (lost + now.received - before.received);
  const isOver = (bound: typeof FAIR): boolean =>
    share > bound.lost || now.jitterMs > bound.jitterMs || now.roundTripMs > bound.roundTripMs;
  if (isOver(POOR)) {
    return "poor";
  }
  return isOver(FAIR) ? "fair" : "good";
}

type Report = Record<string, unknown>;
const numberIn = (report: Report, name: string): number => {
  const value = report[name];
  return typeof value === "number" && Number.isFinite(value) ? value : 0;
};

export class Measures {
  #before: Sample | undefined;

  async read(connection: RTCPeerConnection): Promise<Quality | undefined> {
    const now: Sample = { received: 0, lost: 0, jitterMs: 0, roundTripMs: 0 };
    for (const report of await reports(connection)) {
      if (report.type === "inbound-rtp") {
        now.received = numberIn(report, "packetsReceived");
        now.lost = numberIn(report, "packetsLost");
        now.jitterMs = numberIn(report, "jitter") * 1_000;
      }
      if (report.type === "candidate-pair" && report.nominated === true) {
        now.roundTripMs = numberIn(report, "currentRoundTripTime") * 1_000;
      }
    }
    const quality = qualityOf(this.#before, now);
    this.#before = now;
    return quality;
  }

  async levels(connection: RTCPeerConnection): Promise<Levels> {
    let [heard, spoken] = [0, 0];
    for (const report of await reports(connection)) {
      if (report.type === "inbound-rtp") {
        heard = numberIn(report, "audioLevel");
      }
      if (report.type === "media-source") {
        spoken = numberIn(report, "audioLevel");
      }
    }
    return { heard, spoken };
  }
}

async function reports(connection: RTCPeerConnection): Promise<Report[]> {
  try {
    const found: Report[] = [];
    for (const report of (await connection.getStats()).values()) {
      found.push(report);
    }
    return found;
  } catch {
    // The connection was closed meanwhile.
    return [];
  }
}
