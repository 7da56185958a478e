// What people outside send is shown harmlessly wherever it is shown: scripts, text-direction controls, endless words, right-to-left
// names, families of emoji.
import { text } from "../src/text/en";
import { expect, expectNoSidewaysScroll, test } from "./support/test";

const SCRIPT = `<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>`;
const BIDI = "\u202Egnp.exe\u202C \u2066hidden\u2069 \u200F";
const ENDLESS = "W".repeat(1500);
const FAMILY = "👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽";
const ARABIC = "محمد بن سلمان";

test("texts, names and captions from outside do no harm in any place that shows them", async ({ person, demo }) => {
  test.setTimeout(180_000);
  const api = await demo.api("attorney");
  for (const body of [SCRIPT, BIDI, ENDLESS, FAMILY]) await demo.text(body, "+12125550124");
  const names = [SCRIPT.slice(0, 60), `${ARABIC} \u202E`, "N".repeat(180), FAMILY];
  const roles = (await api.get("/api/contact-roles/")).items;
  for (const [index, name] of names.entries()) {
    const added = await api.ask("POST", "/api/cases/123/contacts/", {
      contact: { name, phones: [{ number: `+1212555015${index}`, label: "mobile", is_primary: true }] },
      contact_role_id: roles[0].id,
    });
    // A name with control characters may be refused; then it cannot do harm either.
    expect([201, 422, 400]).toContain(added.status);
    if (added.status === 201) await demo.text(`From number ${index}`, `+1212555015${index}`);
  }
  for (const narrow of [false, true]) {
    const page = await person("attorney", { narrow });
    for (const path of ["/inbox", "/cases/123", "/contacts", `/inbox?q=${encodeURIComponent(SCRIPT)}`]) {
      await page.goto(path);
      await expect(page.getByRole("main")).toBeVisible();
      await page.waitForLoadState("networkidle");
      await expectNoSidewaysScroll(page, path);
      expect(await page.evaluate(() => Object(window).harmed)).toBeUndefined();
    }
    await page.goto("/inbox");
    await page
      .getByRole("list", { name: text.inbox.list })
      .getByRole("link", { name: /Jane Smith/ })
      .first()
      .click();
    const thread = page.getByRole("region", { name: /^Conversation with/ });
    await expect(thread.getByText("<script>", { exact: false }).first()).toBeVisible();
    await expect(thread.getByText(FAMILY).first()).toBeVisible();
    await expect(thread.locator("img[src='x']")).toHaveCount(0);
    await expectNoSidewaysScroll(page, "thread");
    expect(await page.evaluate(() => Object(window).harmed)).toBeUndefined();
    await page.keyboard.press("Control+k");
    await page.keyboard.type("WWWW");
    await page.keyboard.press("Escape");
  }
});
