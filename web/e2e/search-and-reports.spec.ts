// Searching and reporting as people do: by keyboard, in the palette, in a case; a report narrowed, drawn and taken along as a file; a role
// merged and taken back; a wall built and what is left behind it.
import { readFile } from "node:fs/promises";
import { text } from "../src/text/en";
import { expect, expectAccessible, test } from "./support/test";

test("a text is found by its words, marked, and opened where it stands", async ({ person, demo }) => {
  await demo.text("I remember the COLOUR of the crème brûlée truck.");
  const page = await person("attorney");
  await page.goto("/inbox");
  await expect(page.getByRole("list", { name: text.inbox.list })).toBeVisible();
  await page.keyboard.press("g");
  await page.keyboard.press("f");
  const field = page.getByRole("searchbox", { name: text.search.label });
  await expect(field).toBeFocused();
  await page.keyboard.type("creme bru");
  const found = page.getByRole("region", { name: text.search.messages });
  await expect(found.locator("mark").first()).toHaveText("crème");
  await expect(found.locator("mark").nth(1)).toHaveText("brûlée");
  await expectAccessible(page, "search with results");
  await page.reload();
  await expect(field).toHaveValue("creme bru");
  await found.getByRole("link").first().click();
  await expect(page.getByRole("region", { name: /^Conversation with/ })).toContainText("brûlée");
});

test("people and cases are found by digits and pieces, and nothing says so", async ({ person }) => {
  const page = await person("attorney");
  await page.goto("/search?q=456");
  await expect(page.getByRole("region", { name: text.search.cases }).getByRole("link").first()).toContainText("456");
  await page.getByRole("searchbox").fill("jane");
  await expect(page.getByRole("region", { name: text.search.people }).getByRole("link").first()).toContainText("Jane");
  await page.getByRole("searchbox").fill("\"';) no such words zzz");
  await expect(page.getByText(text.search.nothingHint)).toBeVisible();
});

test("the palette finds texts and leads to the whole search", async ({ person, demo }) => {
  await demo.text("The hydrangea was blue.");
  const page = await person("attorney");
  await page.goto("/inbox");
  // It has come, and the page is there to take keys.
  await expect(page.getByText("The hydrangea was blue.").first()).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("hydrangea");
  await expect(page.getByRole("option", { name: /hydrangea was blue/ }).first()).toBeVisible();
  await page.getByRole("option", { name: text.search.searchAll("hydrangea") }).click();
  await expect(page).toHaveURL(/\/search\?q=hydrangea/);
});

test("a case is searched by itself", async ({ person }) => {
  const page = await person("attorney");
  await page.goto("/cases/456");
  await page.getByRole("button", { name: text.cases.actions }).click();
  await page.getByRole("menuitem", { name: text.search.inThisCase }).click();
  await expect(page.getByText(text.search.withinCase("456"))).toBeVisible();
});

test("a report is narrowed, drawn, and taken along as a file", async ({ person }) => {
  const page = await person("manager");
  await page.goto("/reports");
  await expect(page.getByRole("heading", { name: text.reports.names.logged.title })).toBeVisible();
  await page.getByRole("link", { name: text.reports.names.volumes.title }).click();
  await page.getByRole("button", { name: text.reports.ranges.year }).click();
  await expect(page.getByRole("img", { name: text.reports.chart(text.reports.names.volumes.title) })).toBeVisible();
  await expect(page.getByRole("table")).toBeVisible();
  await expectAccessible(page, "report");
  const waiting = page.waitForEvent("download");
  await page.getByRole("link", { name: text.reports.csv }).click();
  const file = await readFile((await (await waiting).path()) ?? "", "utf8");
  expect(file.split("\r\n")[0]).toBe("label,note,texts_in,texts_out,calls_in,calls_out");
});

test("a contact role is merged into another one and taken back", async ({ person }) => {
  const page = await person("admin");
  await page.goto("/admin/contact-roles");
  const words = text.admin.contactRoles;
  await page.getByRole("button", { name: `${words.merge}: Witness`, exact: true }).click();
  await page.getByRole("dialog").getByRole("combobox", { name: words.mergeInto }).click();
  await page.getByRole("option", { name: "Other" }).click();
  await expectAccessible(page, "merge dialog");
  await page.getByRole("dialog").getByRole("button", { name: words.merge }).click();
  await expect(page.getByRole("switch", { name: words.offered("Witness") })).not.toBeChecked();
  await page.getByRole("button", { name: text.shell.undo }).click();
  await expect(page.getByRole("switch", { name: words.offered("Witness") })).toBeChecked();
});

test("a wall is built and removed, and holds at once", async ({ person, forgive }) => {
  // Behind the wall the case and its conversations are not there.
  forgive(/404.*\/api\/(cases|omnichannel\/(conversations|counts))\b/);
  const admin = await person("admin");
  const attorney = await person("attorney");
  await attorney.goto("/cases/456");
  await expect(attorney.getByText("Lopez v. Meridian Insurance").first()).toBeVisible();
  await admin.goto("/admin/walls");
  await admin.getByRole("button", { name: text.walls.add }).click();
  const dialog = admin.getByRole("dialog");
  await dialog.getByRole("textbox", { name: text.walls.caseNumber }).fill("456");
  await dialog.getByRole("combobox", { name: text.walls.user }).fill("attorney@");
  await admin.getByRole("option").first().click();
  await expectAccessible(admin, "wall dialog");
  await dialog.getByRole("button", { name: text.walls.add }).click();
  await expect(admin.getByRole("table")).toContainText("456");
  await expect(attorney.getByText(text.cases.goneTitle)).toBeVisible();
  await admin.getByRole("button", { name: /^Remove the wall .* case 456$/ }).click();
  await admin.getByRole("alertdialog").getByRole("button", { name: text.walls.removeConfirm }).click();
  await expect(admin.getByRole("table")).not.toContainText("456");
  await attorney.reload();
  await expect(attorney.getByText("Lopez v. Meridian Insurance").first()).toBeVisible();
});
