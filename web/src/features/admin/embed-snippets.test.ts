// Origins as people type them.
import { expect, it } from "vitest";
import { originOf } from "./embed-snippets";

it("takes an origin, with a slash or capitals, and drops the usual port", () => {
  expect(originOf(" https://Cases.Example.com/ ")).toBe("https://cases.example.com");
  expect(originOf("https://cases.example.com:443")).toBe("https://cases.example.com");
  expect(originOf("http://localhost:3000")).toBe("http://localhost:3000");
});

it("refuses what is more or less than an origin", () => {
  const refused = [
    "cases.example.com",
    "https://cases.example.com/app",
    "https://*.example.com",
    "https://a@b.example",
    "javascript:alert(1)",
    "https://",
    "https://a.example?x",
  ];
  expect(refused.map(originOf)).toEqual(refused.map(() => undefined));
});
