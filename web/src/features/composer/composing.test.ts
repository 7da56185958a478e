// What the composer says of a text before it goes: length, parts, what forces Unicode, whom it goes to; and its drafts.
// @vitest-environment happy-dom

import { beforeEach, describe, expect, it } from "vitest";
import type { Schemas } from "../../api/client";
import { onDraftsChanged, readDraft, writeDraft } from "./draft";
import { lengthOf } from "./length";
import { obstacleOf, requestOf, wayOf } from "./recipient";

describe("the length of a text", () => {
  it("is one segment of GSM-7 up to 160 characters", () => {
    expect(lengthOf("a".repeat(160), 999)).toMatchObject({ characters: 160, segments: 1, encoding: "GSM-7", parts: 1 });
    expect(lengthOf("a".repeat(191), 999)).toMatchObject({ characters: 191, segments: 2, encoding: "GSM-7" });
  });

  it("goes out as two messages from the 1000th character on", () => {
    expect(lengthOf("a".repeat(999), 999).parts).toBe(1);
    expect(lengthOf("a".repeat(1000), 999)).toMatchObject({ parts: 2, isTooLong: false });
  });

  it("is too long beyond twenty messages, and not counted to the end where it is far too long", () => {
    expect(lengthOf("a".repeat(999 * 20), 999).isTooLong).toBe(false);
    expect(lengthOf("a".repeat(999 * 20 + 1), 999).isTooLong).toBe(true);
    const started = performance.now();
    expect(lengthOf("я".repeat(1_000_000), 999).isTooLong).toBe(true);
    expect(performance.now() - started).toBeLessThan(2_000);
  });

  it("counts a composed accent as the one character it is sent as", () => {
    expect(lengthOf("cafe\u0301", 999)).toMatchObject({ characters: 4, encoding: "GSM-7", forcing: undefined });
  });
});

describe("what forces Unicode", () => {
  it("is named, and curly quotes are offered for replacement", () => {
    const forcing = lengthOf(`She said \u201cyes\u201d. ${"a".repeat(100)}`, 999).forcing;
    expect(forcing?.count).toBe(2);
    expect(forcing?.characters.map(({ name }) => name)).toEqual([
      "left curly double quote",
      "right curly double quote",
    ]);
    expect(forcing?.replacement).toMatchObject({ kind: "quotes", saves: 1 });
    expect(forcing?.replacement?.text.startsWith('She said "yes".')).toBe(true);
  });

  it("is not offered for replacement where something else keeps the text in Unicode", () => {
    const forcing = lengthOf("\u201cyes\u201d 😀", 999).forcing;
    expect(forcing?.characters.map(({ cluster }) => cluster)).toEqual(["\u201c", "\u201d", "😀"]);
    expect(forcing?.replacement).toBeUndefined();
  });

  it("leaves alone what is in nobody's way", () => {
    const replaced = lengthOf("a\u00a0b\u2014c \u00a3 \u2026", 999).forcing?.replacement;
    expect(replaced).toMatchObject({ kind: "mixed", text: "a b-c £ ..." });
  });

  it("names what cannot be seen", () => {
    const names = lengthOf("a\u202eb\u200bc\u2063d", 999).forcing?.characters.map(({ name }) => name);
    expect(names).toEqual(["bidirectional control", "zero-width space", "U+2063"]);
  });

  it("shows four and counts the rest", () => {
    expect(lengthOf("абвгде", 999).forcing).toMatchObject({ more: 2, count: 6 });
  });
});

type Choices = Schemas["ChoicesView"];
const phone = (id: string, more: object = {}) => ({
  id,
  e164: "+12125550123",
  number: "(212) 555-0123",
  label: "mobile",
  is_primary: false,
  opted_out: false,
  ...more,
});
const choices = (more: object = {}): Choices =>
  JSON.parse(
    JSON.stringify({
      to: [phone("ph_1", { is_primary: true }), phone("ph_2")],
      to_phone_id: "ph_1",
      from: [{ id: "num_1", number: "(415) 555-0100", label: "Main" }],
      from_number_id: "num_1",
      part_limit: 999,
      target: { case_id: "123", case_contact_id: "cc_1" },
      forbidden_reason: null,
      ...more,
    }),
  );

describe("to whom a text goes", () => {
  it("is what the server proposes, until another number is chosen", () => {
    expect(wayOf(choices(), {}).to?.id).toBe("ph_1");
    expect(wayOf(choices(), { toId: "ph_2" }).to?.id).toBe("ph_2");
  });

  it("passes over a number that opted out, where there is another one", () => {
    const one = choices({ to: [phone("ph_1", { opted_out: true }), phone("ph_2")] });
    expect(wayOf(one, {}).to?.id).toBe("ph_2");
    expect(obstacleOf(one, wayOf(one, {}), undefined)).toBeUndefined();
    expect(obstacleOf(one, wayOf(one, { toId: "ph_1" }), undefined)).toMatch(/has opted out/);
  });

  it("says what stands in the way", () => {
    const all = choices({ to: [phone("ph_1", { opted_out: true })] });
    expect(obstacleOf(all, wayOf(all, {}), undefined)).toMatch(/Every number/);
    const none = choices({ to: [] });
    expect(obstacleOf(none, wayOf(none, {}), undefined)).toMatch(/no phone number/);
    expect(obstacleOf(none, wayOf(none, {}), "msg_1")).toBeUndefined();
    const forbidden = choices({ forbidden_reason: "not_on_the_case" });
    expect(obstacleOf(forbidden, wayOf(forbidden, {}), undefined)).toMatch(/not on the case any more/);
    const silent = choices({ from: [] });
    expect(obstacleOf(silent, wayOf(silent, {}), undefined)).toMatch(/no number to write from/);
  });

  it("is said to the server in full, with the text that is answered", () => {
    expect(requestOf(choices(), wayOf(choices(), {}), "Hello", "msg_1")).toEqual({
      case_id: "123",
      case_contact_id: "cc_1",
      to_phone_id: "ph_1",
      from_number_id: "num_1",
      in_reply_to: "msg_1",
      body: "Hello",
    });
  });
});

describe("a draft", () => {
  beforeEach(() => sessionStorage.clear());

  it("is kept per user and conversation", () => {
    writeDraft("usr_1", "conv_1", { body: "Hello", seen: "msg_1" });
    expect(readDraft("usr_1", "conv_1")).toEqual({ body: "Hello", seen: "msg_1" });
    expect(readDraft("usr_2", "conv_1")).toEqual({ body: "" });
    expect(readDraft("usr_1", "conv_2")).toEqual({ body: "" });
  });

  it("is forgotten when it is empty, and tells of every change", () => {
    let told = 0;
    const stop = onDraftsChanged(() => {
      told += 1;
    });
    writeDraft("usr_1", "conv_1", { body: "Hello" });
    writeDraft("usr_1", "conv_1", { body: "" });
    stop();
    writeDraft("usr_1", "conv_2", { body: "Hello" });
    expect([sessionStorage.length, told]).toEqual([1, 2]);
  });

  it("survives what is no draft", () => {
    sessionStorage.setItem("casewire.draft.usr_1.conv_1", "{not json");
    expect(readDraft("usr_1", "conv_1")).toEqual({ body: "" });
  });
});
