// Every state of a text, alone and in parts, in words and with the carrier's reason; and when it can be retried.

import { describe, expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { deliveryOf } from "./delivery";

type Message = Schemas["MessageView"];
type State = Schemas["DeliveryState"];

function message(state: State | null, parts: [State, number?][] = [], more: Partial<Message> = {}): Message {
  return {
    id: "msg_1",
    conversation_id: "conv_1",
    at: "2026-11-20T12:00:00Z",
    body: "Hello",
    direction: "outbound",
    is_clarifying: false,
    media: [],
    parts: parts.map(([part, code], at) => ({
      id: `part_${at}`,
      position: at + 1,
      state: part,
      error_code: code ?? null,
    })),
    person: { display_name: "Jane Doe", name: "Jane Doe", number: "(212) 555-0123" },
    standing: "sent",
    state,
    ...more,
  };
}

describe("the delivery of a text", () => {
  it.each<[State, string, string, boolean]>([
    ["queued", "going", "Sending", false],
    ["handing_over", "going", "Sending", false],
    ["accepted", "going", "Sending", false],
    ["sending", "going", "Sending", false],
    ["sent", "sent", "Sent", false],
    ["delivered", "arrived", "Delivered", false],
    ["read", "arrived", "Read", false],
    ["unknown", "doubt", "Not confirmed by the carrier yet. Checking.", true],
    ["undelivered", "lost", "Not delivered", true],
    ["failed", "lost", "Not delivered", true],
    ["refused", "lost", "Not sent", true],
    ["canceled", "lost", "Canceled", true],
  ])("%s looks like %s and says %s", (state, look, words, canRetry) => {
    expect(deliveryOf(message(state))).toMatchObject({ look, words, canRetry, parts: undefined });
  });

  it("gives the carrier's reason and code", () => {
    expect(deliveryOf(message("undelivered", [], { error_code: 30007 }))?.words).toBe(
      "Not delivered: carrier rejected it (30007)",
    );
    expect(deliveryOf(message("failed", [], { error_code: 12345 }))?.words).toBe("Not delivered (12345)");
    expect(deliveryOf(message("undelivered", [["delivered"], ["undelivered", 30003]]))?.words).toBe(
      "Not delivered: the phone is off or out of reach (30003)",
    );
  });

  it("counts the parts", () => {
    const parts: [State][] = [["delivered"], ["delivered"], ["delivered"], ["sent"]];
    expect(deliveryOf(message("sent", parts))?.parts).toBe("3 of 4 parts delivered");
    expect(deliveryOf(message("delivered", [["delivered"], ["delivered"]]))?.parts).toBe("2 parts");
    expect(deliveryOf(message("sending", [["sent"], ["queued"]]))?.parts).toBe("1 of 2 parts sent");
    expect(deliveryOf(message("queued", [["queued"], ["queued"]]))?.parts).toBe("0 of 2 parts delivered");
  });

  it("says from which part a retry goes on, and whether it may come twice", () => {
    const lost = deliveryOf(message("undelivered", [["delivered"], ["undelivered", 30003], ["queued"]]));
    expect(lost).toMatchObject({ retryFrom: 2, mayDuplicate: false });
    expect(deliveryOf(message("unknown", [["delivered"], ["unknown"]]))).toMatchObject({
      retryFrom: 2,
      mayDuplicate: true,
    });
    expect(deliveryOf(message("failed"))?.retryFrom).toBeUndefined();
  });

  it("no longer says that it is checking when it has given up", () => {
    expect(deliveryOf(message("unknown", [], { attention: "unknown_outcome" }))?.words).toBe(
      "Not confirmed by the carrier. It may have been sent.",
    );
  });

  it("has nothing to say of what came in, and of old records", () => {
    expect(deliveryOf(message("delivered", [], { direction: "inbound" }))).toBeUndefined();
    expect(deliveryOf(message(null))).toBeUndefined();
  });
});
