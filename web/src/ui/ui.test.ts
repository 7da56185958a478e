// The parts of the pieces that decide something: initials, sides of roles, harmless text, and that no colour is said for one theme alone.
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { initials } from "./badge";
import { sideOfRole } from "./role-badge";
import { harmless, plain } from "./untrusted";

describe("initials", () => {
  it("are of the first and the last word, in any script", () => {
    expect(["Jane Smith", "Maria de la Cruz", "Cher", "Ælfgifu Þórr", "محمد علي", "王"].map(initials)).toEqual([
      "JS",
      "MC",
      "C",
      "ÆÞ",
      "مع",
      "王",
    ]);
  });

  it("are a mark where there is no letter", () => {
    expect(["(212) 555-0123", "", "🙂"].map(initials)).toEqual(["#", "#", "#"]);
  });
});

describe("the side of a role", () => {
  it("is ours, adverse or neutral", () => {
    expect(["Client", "Expert Witness"].map(sideOfRole)).toEqual(["ours", "ours"]);
    expect(["Opposing Party", "opposing counsel"].map(sideOfRole)).toEqual(["adverse", "adverse"]);
    expect(["Witness", "Adjuster", "Medical Provider", "Other", "Guardian", null].map(sideOfRole)).toEqual(
      Array(6).fill("neutral"),
    );
  });
});

describe("untrusted text", () => {
  it("is left as it is where nothing in it turns text around", () => {
    const text = "<script>alert(1)</script> שלום\n👨‍👩‍👧‍👦 https://example.com";
    expect(harmless(text)).toBe(text);
  });

  it("has its bidi controls named instead of obeyed", () => {
    const shown = harmless("invoice\u202Efdp.exe");
    expect(Array.isArray(shown) && shown.filter((piece) => typeof piece === "string")).toEqual(["invoice", "fdp.exe"]);
    expect(plain("a\u2066b\u2069\u0000c")).toBe("abc");
  });
});

describe("style.css", () => {
  it("says every colour for light and for dark", () => {
    const css = readFileSync(resolve(import.meta.dirname, "../style.css"), "utf8");
    const colours = [...css.matchAll(/^\s*(--color-[a-z-]+): ([^;]+);/gm)].filter(
      ([, name]) => name !== "--color-transparent" && name !== "--color-current",
    );
    expect(colours.length).toBeGreaterThan(25);
    const single = colours.filter(([, , value]) => !/^light-dark\(.+, .+\)$/.test(value ?? ""));
    expect(single.map(([, name]) => name)).toEqual([]);
    expect(css.slice(css.indexOf("@layer base"))).not.toMatch(/#[0-9a-f]{3,8}\b/);
  });
});
