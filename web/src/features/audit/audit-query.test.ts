// What the address says becomes what the server is asked, and nothing that was made up.
import { expect, test } from "vitest";
import { exportHref, momentOf, queryOf } from "./audit-query";

const address = (params: Record<string, string>) => (name: string) => params[name];

test("a day ends where the next one begins", () => {
  const begins = momentOf("2026-01-27", "begins");
  const ends = momentOf("2026-01-27", "ends");
  expect(begins).toBeDefined();
  expect(ends).toBe(momentOf("2026-01-28", "begins"));
  expect(momentOf("yesterday", "begins")).toBeUndefined();
  expect(momentOf("2026-13-45", "begins")).toBeUndefined();
  expect(momentOf(undefined, "ends")).toBeUndefined();
});

test("filters that the server does not know are left out, and the case of a page goes before that of the address", () => {
  const query = queryOf(address({ kind: "gossip", case: "123", act: "claim_text" }), "456");
  expect(query.kind).toBeUndefined();
  expect(query.case).toBe("456");
  expect(exportHref(query)).toBe("/api/audit/export?case=456&act=claim_text");
  expect(exportHref(queryOf(address({}), undefined))).toBe("/api/audit/export");
});
