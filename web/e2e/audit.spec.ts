// A compliance officer sees who did, read and was refused what, follows one entry to others like it, takes the audit along; reads all that
// was said in a case, exports it, and fetches the file. By keyboard where it matters, and without a violation of WCAG by axe.
import { text } from "../src/text/en";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./support/test";

const a = text.audit;
const r = text.record;

test("the audit shows who did what, narrows to one person, and says that its chain holds", async ({ person }) => {
  const page = await person("compliance");
  await page.goto("/cases/456");
  await expect(page.getByText("Lopez v. Meridian Insurance").first()).toBeVisible();
  await page.goto("/audit");
  await expect(page.getByRole("heading", { name: a.title })).toBeVisible();
  await expect(page.getByRole("button", { name: /Verified to entry [\d,]+/ })).toBeVisible();
  const table = page.getByRole("region", { name: a.listLabel });
  await expect(table.getByRole("row").nth(1)).toBeVisible();
  await expectAccessible(page, "audit");
  await table
    .getByRole("button", { name: /Details of entry/ })
    .first()
    .press("Enter");
  const dialog = page.getByRole("dialog");
  await expect(dialog.getByText(a.fields.hash, { exact: true })).toBeVisible();
  await expectAccessible(page, "entry of the audit");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await page.getByRole("button", { name: a.kinds.read, exact: true }).click();
  await expect(page).toHaveURL(/kind=read/);
  await expect(table.getByText(a.acts.read_audit as string).first()).toBeVisible();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: a.export }).click();
  expect((await download).suggestedFilename()).toBe("audit.jsonl");
});

test("what was said in a case is read in order, exported with progress, and fetched", async ({ person }) => {
  const page = await person("compliance");
  await page.goto("/cases/456/communications");
  await expect(page.getByRole("list", { name: r.listLabel })).toBeVisible();
  await expectAccessible(page, "communications");
  await page.getByRole("button", { name: r.export, exact: true }).press("Enter");
  await expect(page.getByRole("dialog")).toBeVisible();
  await expectAccessible(page, "export dialog");
  await page.getByRole("button", { name: r.start }).press("Enter");
  const link = page.getByRole("link", { name: /Download the export/ });
  await expect(link).toBeVisible({ timeout: 30_000 });
  const download = page.waitForEvent("download");
  await link.click();
  expect((await download).suggestedFilename()).toBe("case-456.zip");
  await page.goto("/cases/456/activity");
  await expect(page.getByText(a.acts.download_export as string).first()).toBeVisible();
  await expectAccessible(page, "activity of a case");
});

test("the screens of the audit fit a narrow window, and who may not see them is told so", async ({
  person,
  forgive,
}) => {
  forgive(/403/);
  const narrow = await person("compliance", { narrow: true });
  for (const path of ["/audit", "/cases/456/activity", "/cases/456/communications"]) {
    for (const width of [400, 320]) {
      await narrow.setViewportSize({ width, height: 720 });
      await narrow.goto(path);
      await expect(narrow.getByRole("heading", { level: 1 })).toBeVisible();
      await expectNoSidewaysScroll(narrow, `${path} at ${width}`);
    }
    await expectAccessible(narrow, `${path}, narrow`);
  }
  const attorney = await person("attorney");
  await attorney.goto("/audit");
  await expect(attorney.getByText(a.forbidden)).toBeVisible();
});
