// A case's form: what it sends, and the address and room that its screens go by.
import { describe, expect, it } from "vitest";
import { changed } from "./address";
import { asChange, asNewCase, draftOf, emptyDraft, wrongCase } from "./case-draft";
import { roomFor } from "./use-room";

const avery = { id: "user_1", name: "Avery Quinn" };
const parker = { id: "user_2", name: "Parker Lee" };
const found = {
  id: "case_1",
  mycase_case_id: "456",
  name: "Lopez v. Meridian",
  status: "open",
  client_contact_id: "contact_1",
  client_name: "Maria Lopez",
  team_name: "Injury",
  assigned: [avery, parker],
} as const;
const teams = [{ id: "team_1", name: "Injury", member_ids: [] }];
const before = draftOf({ ...found, assigned: [...found.assigned] }, teams);

describe("a change of a case", () => {
  it("is nothing where nothing differs, however the people are ordered", () => {
    expect(asChange(before, { ...before, assigned: [parker, avery] })).toBeUndefined();
  });

  it("holds only what differs", () => {
    expect(asChange(before, { ...before, name: " Lopez v. Atlas " })).toEqual({ name: "Lopez v. Atlas" });
    expect(asChange(before, { ...before, status: "closed" })).toEqual({ status: "closed" });
  });

  it("takes client and team away with null", () => {
    expect(asChange(before, { ...before, client: null, teamId: null })).toEqual({
      client_contact_id: null,
      team_id: null,
    });
  });

  it("leaves the team where nobody could read which it is", () => {
    const unread = draftOf({ ...found, assigned: [] }, []);
    expect(unread.teamId).toBeUndefined();
    expect(asChange(unread, { ...unread, assigned: [avery] })).toEqual({ assigned_user_ids: ["user_1"] });
  });
});

describe("a new case", () => {
  it("needs a number and a caption", () => {
    expect(wrongCase(emptyDraft)).toEqual({ number: "needed", name: "needed" });
    expect(wrongCase({ ...emptyDraft, number: "PI 2026", name: "x" })).toEqual({ number: "bad" });
    expect(wrongCase({ ...emptyDraft, number: "PI-2026_10.4", name: "x" })).toBeUndefined();
    expect(wrongCase({ ...emptyDraft, number: ".hidden", name: "x" })).toEqual({ number: "bad" });
  });

  it("is sent trimmed", () => {
    expect(asNewCase({ ...emptyDraft, number: " 7 ", name: " Roe v. Wade Lines ", assigned: [avery] })).toEqual({
      mycase_case_id: "7",
      name: "Roe v. Wade Lines",
      status: "open",
      client_contact_id: null,
      team_id: null,
      assigned_user_ids: ["user_1"],
    });
  });
});

describe("the address", () => {
  it("keeps what it is not told of, and drops what is empty", () => {
    const params = new URLSearchParams("organization=org_1&conv=conv_1&tab=contacts");
    expect(changed(params, { conv: undefined, contact: "contact_1", tab: "" }).toString()).toBe(
      "organization=org_1&contact=contact_1",
    );
  });
});

describe("the room", () => {
  it("fits one pane below 720 pixels of the container, then two, then three", () => {
    expect([400, 719, 720, 1079, 1080, 2000].map(roomFor)).toEqual(["one", "one", "two", "two", "three", "three"]);
  });
});
