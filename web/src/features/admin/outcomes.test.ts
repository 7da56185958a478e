// Outcomes of calls as they are edited: codes and order.
import { describe, expect, it } from "vitest";
import { codeFor, moved } from "./outcomes";

const list = [
  { code: "spoke", label: "Spoke with contact" },
  { code: "no_answer", label: "No answer" },
];

describe("outcomes", () => {
  it("a code is made of the letters of its label, and of none that another one has", () => {
    expect(codeFor("Records requested!", list)).toBe("records_requested");
    expect(codeFor("Spoke", list)).toBe("spoke_2");
    expect(codeFor("Ärztlicher Bericht", list)).toBe("arztlicher_bericht");
    expect(codeFor("口供", list)).toBe("outcome");
    expect(codeFor("x".repeat(80), list)).toHaveLength(50);
  });

  it("moves an outcome by one place and leaves it at the ends", () => {
    expect(moved(list, 1, -1).map(({ code }) => code)).toEqual(["no_answer", "spoke"]);
    expect(moved(list, 0, -1)).toEqual(list);
    expect(moved(list, 1, 1)).toEqual(list);
  });
});
