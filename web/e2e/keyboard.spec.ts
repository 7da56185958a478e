// The requirement's journey by keyboard alone: sign in, find the unclaimed text, see why it is there, claim it, answer it, and find a
// witness's number. No call of the mouse in this file.
import { text } from "../src/text/en";
import { PASSWORD } from "./support/demo";
import { expect, test } from "./support/test";

test("sign in, claim and answer without a mouse", async ({ person, demo }) => {
  await demo.text("I remember the color of the truck.");
  const page = await person("stranger");
  await page.goto("/");
  await page.getByRole("textbox", { name: text.session.email }).focus();
  await page.keyboard.type("agent@demo.example");
  await page.keyboard.press("Tab");
  await page.keyboard.type(PASSWORD);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("list", { name: text.inbox.list })).toBeVisible();

  await page.keyboard.press("g");
  await page.keyboard.press("u");
  await expect(page).toHaveURL(/view=unclaimed/);
  await expect(
    page.getByRole("list", { name: text.inbox.list }).getByText("I remember the color").first(),
  ).toBeVisible();
  await page.keyboard.press("j");
  await page.keyboard.press("Enter");
  const banner = page.getByRole("region", { name: text.thread.bannerLabel });
  await expect(banner).toBeVisible();

  await page.keyboard.press("w");
  await expect(page.getByRole("dialog", { name: text.thread.routing.title })).toContainText("Offered to");
  await page.keyboard.press("Escape");
  await expect(page.getByRole("dialog")).toHaveCount(0);

  await page.keyboard.press("c");
  await page.keyboard.press("1");
  await expect(page.getByText(/Avery Quinn claimed this/).first()).toBeVisible();

  await page.keyboard.press("r");
  await expect(page.getByRole("textbox", { name: /Text to|Write/ })).toBeFocused();
  await page.keyboard.type("Thank you. Which day was it?");
  await page.keyboard.press("Control+Enter");
  await expect
    .poll(async () => (await demo.handset()).some((one) => one.body === "Thank you. Which day was it?"))
    .toBe(true);
});

test("a witness's number in three seconds: Ctrl+K, four letters", async ({ person }) => {
  const page = await person("agent");
  await page.goto("/inbox");
  await expect(page.getByRole("list", { name: text.inbox.list })).toBeVisible();
  await page.keyboard.press("Control+k");
  await page.keyboard.type("jane");
  const found = page.getByRole("option", { name: /Jane Smith/ }).first();
  await expect(found).toContainText("(212) 555-0124");
  await page.keyboard.press("Escape");
});

test("regions, the shortcut sheet and the skip link are reached by keys", async ({ person }) => {
  const page = await person("attorney");
  await page.goto("/cases/456");
  await expect(page.getByText("Lopez v. Meridian Insurance").first()).toBeVisible();
  await page.keyboard.press("Tab");
  await expect(page.getByRole("link", { name: text.shell.skipToMain })).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("main")).toBeFocused();
  const seen = new Set<string>();
  for (let turn = 0; turn < 6; turn += 1) {
    await page.keyboard.press("F6");
    seen.add(
      await page.evaluate(() => document.activeElement?.closest("[data-region]")?.getAttribute("data-region") ?? ""),
    );
  }
  expect(seen.size).toBeGreaterThanOrEqual(2);
  await page.getByRole("main").focus();
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: text.shell.keys.title })).toBeVisible();
  await page.keyboard.press("Escape");
});

test("single keys can be switched off, and never act in a field", async ({ person, demo }) => {
  await demo.text("I remember the color of the truck.");
  const page = await person("attorney");
  await page.goto("/inbox");
  await page
    .getByRole("searchbox")
    .or(page.getByRole("textbox", { name: text.inbox.search }))
    .first()
    .focus();
  await page.keyboard.type("g u jane ?");
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page).toHaveURL(/\/inbox/);
});
