// What a contact that is being written becomes.
import { describe, expect, it } from "vitest";
import { asRequest, blank, blankPhone, typeForRole, wrongOf } from "./new-contact";

describe("a new contact", () => {
  it("takes what was searched for as the name, or as the number where it is one", () => {
    expect(blank("Jane Smith")).toMatchObject({ name: "Jane Smith", phones: [{ number: "" }] });
    expect(blank("(212) 555-0124")).toMatchObject({ name: "", phones: [{ number: "(212) 555-0124" }] });
    expect(blank("+12125550124")).toMatchObject({ name: "", phones: [{ number: "+12125550124" }] });
    expect(blank("Unit 1234567")).toMatchObject({ name: "Unit 1234567" });
  });

  it("needs a name", () => {
    expect(wrongOf(blank(" "))).toEqual({ name: true });
    expect(wrongOf(blank("J"))).toBeUndefined();
  });

  it("leaves out rows without a number, and always has one primary number", () => {
    const contact = blank("Jane");
    const second = { ...blankPhone("work"), number: " 212 555 0124 " };
    const request = asRequest({ ...contact, phones: [...contact.phones, second] }, "Witness");
    expect(request).toEqual({
      name: "Jane",
      contact_type: "WITNESS",
      phones: [{ number: "212 555 0124", label: "work", is_primary: true }],
    });
  });

  it("has no kind by a role of the firm's own", () => {
    expect(typeForRole("Opposing Counsel")).toBe("ATTORNEY");
    expect(typeForRole("Neighbour")).toBe("OTHER");
  });
});
