// What people outside send, and what colleagues are called, is shown harmlessly wherever it is shown: scripts, text-direction controls,
// words of 100 kB, right-to-left names, families of emoji.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import { expect, expectNoSidewaysScroll, test } from "./support/test";

const SCRIPT = `<img src=x onerror="window.harmed=1"><script>window.harmed=1</script>`;
const BIDI = "\u202Egnp.exe\u202C \u2066hidden\u2069 \u200F";
const ENDLESS = "W".repeat(100_000);
const FAMILY = "👨‍👩‍👧‍👦 🏳️‍🌈 👍🏽";
const ARABIC = "محمد بن سلمان";
const NAMES = [SCRIPT.slice(0, 60), `${ARABIC} \u202Egpj`, "N".repeat(180), FAMILY];
const SENDER = "+12125550124";

/** No script ran, nothing became markup, nothing widened the page, and no control of direction stands in it unmarked. */
async function expectHarmless(page: Page, where: string): Promise<void> {
  await expectNoSidewaysScroll(page, where);
  const found = await page.evaluate(() => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    let controls = 0;
    while (walker.nextNode()) {
      const parent = walker.currentNode.parentElement;
      if (parent?.closest("script, style, textarea, input") === null) {
        controls += /[\u202A-\u202E\u2066-\u2069]/.test(walker.currentNode.nodeValue ?? "") ? 1 : 0;
      }
    }
    return { harmed: Object(window).harmed, images: document.querySelectorAll("img[src='x']").length, controls };
  });
  expect(found, where).toEqual({ harmed: undefined, images: 0, controls: 0 });
}

test("texts, names and captions from outside do no harm in any place that shows them", async ({ person, demo }) => {
  test.setTimeout(300_000);
  const [api, admin] = [await demo.api("attorney"), await demo.api("admin")];
  for (const body of [SCRIPT, BIDI, ENDLESS, FAMILY]) await demo.text(body, SENDER);
  const roles = (await api.get("/api/contact-roles/")).items;
  const links: { contact: { id: string; name: string } }[] = [];
  for (const [index, name] of NAMES.entries()) {
    const number = `+1212555015${index}`;
    const added = await api.ask("POST", "/api/cases/123/contacts/", {
      contact: { name, phones: [{ number, label: "mobile", is_primary: true }] },
      contact_role_id: roles[0].id,
    });
    // A name with control characters may be refused; then it cannot do harm either.
    expect([201, 422]).toContain(added.status);
    if (added.status !== 201) continue;
    links.push(added.body);
    await demo.text(`From number ${index}`, number);
    await api.ask("POST", "/api/leads/", { contact_id: added.body.contact.id });
    await api.ask("POST", "/api/cases/", {
      mycase_case_id: `U-${index}`,
      name,
      client_contact_id: added.body.contact.id,
    });
    await admin.ask("POST", "/api/users/", { email: `u${index}@demo.example`, name, password: "a long password" });
    await admin.ask("POST", "/api/teams/", { name });
    await admin.ask("POST", "/api/contact-roles/", { name: name.slice(0, 40) });
  }
  expect(links.length).toBeGreaterThanOrEqual(3);
  for (const narrow of [false, true]) {
    const page = await person("attorney", { narrow });
    const paths = ["/inbox", "/cases", "/cases/123", "/cases/U-0", "/contacts", "/leads", "/inbox?view=unclaimed"];
    paths.push(`/inbox?q=${encodeURIComponent(SCRIPT)}`, ...links.map(({ contact }) => `/contacts/${contact.id}`));
    for (const path of paths) {
      await page.goto(path);
      await expect(page.getByRole("main")).toBeVisible();
      await page.waitForLoadState("networkidle");
      await expectHarmless(page, `${path}, ${narrow ? "narrow" : "wide"}`);
    }
    await page.goto("/inbox");
    await page
      .getByRole("list", { name: text.inbox.list })
      .getByRole("link", { name: /Jane Smith/ })
      .first()
      .click();
    const thread = page.getByRole("region", { name: /^Conversation with/ });
    await expect(thread.getByText(FAMILY).first()).toBeVisible();
    await expectHarmless(page, "thread");
    const why = thread.getByRole("button", { name: text.thread.why }).first();
    if (await why.isVisible()) {
      await why.click();
      await expect(page.getByRole("dialog")).toBeVisible();
      await expectHarmless(page, "routing reason");
      await page.keyboard.press("Escape");
    }
    await thread.getByText("WWWW").first().scrollIntoViewIfNeeded();
    await expectHarmless(page, "the endless word");
    if (!narrow) {
      for (const asked of ["NNNN", ARABIC.slice(0, 4), "img src"]) {
        await page.keyboard.press("Control+k");
        await page.keyboard.type(asked);
        await expect(page.getByRole("option").first()).toBeVisible();
        await expectHarmless(page, `palette, ${asked}`);
        await page.keyboard.press("Escape");
        await expect(page.getByRole("dialog")).toHaveCount(0);
      }
    }
  }
  const office = await person("admin");
  for (const section of ["users", "teams", "contact-roles"]) {
    await office.goto(`/admin/${section}`);
    await office.waitForLoadState("networkidle");
    await expectHarmless(office, `admin ${section}`);
  }
});

test("a name from outside does no harm in a dialog or in a toast", async ({ person, demo }) => {
  const api = await demo.api("attorney");
  const roles = (await api.get("/api/contact-roles/")).items;
  for (const [index, name] of NAMES.entries()) {
    const link = await api.ask("POST", "/api/cases/456/contacts/", {
      contact: { name, phones: [{ number: `+1212555016${index}`, label: "mobile", is_primary: true }] },
      contact_role_id: roles[0].id,
    });
    if (link.status !== 201) continue;
    const page = await person("attorney");
    await page.goto(`/contacts/${link.body.contact.id}`);
    await page.getByRole("button", { name: text.contacts.edit }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    await expectHarmless(page, `dialog of name ${index}`);
    await dialog.getByRole("textbox", { name: text.contacts.name, exact: true }).press("End");
    await page.keyboard.type("!");
    await dialog.getByRole("button", { name: text.contacts.save }).click();
    await expect(page.getByRole("region", { name: text.shell.notifications }).getByText(/was saved/)).toBeVisible();
    await expectHarmless(page, `toast of name ${index}`);
    await page.context().close();
  }
});
