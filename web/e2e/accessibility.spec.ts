// Every screen, in light and dark, wide and narrow, with its popups open: no violation of WCAG 2.2 AA by axe, nothing to scroll
// sideways, nothing that a mouse alone could do.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import type { Demo } from "./support/demo";
import { expect, expectAccessible, expectNoSidewaysScroll, test } from "./support/test";

type Screen = { name: string; user: string; path: string; ready: (page: Page) => Promise<void> };

const heading = (name: string | RegExp) => async (page: Page) => {
  await expect(page.getByRole("heading", { name }).first()).toBeVisible();
};

const SCREENS: readonly Screen[] = [
  { name: "sign-in", user: "stranger", path: "/sign-in", ready: heading(text.session.signInTitle) },
  {
    name: "inbox",
    user: "attorney",
    path: "/inbox",
    ready: async (page) => expect(page.getByRole("list", { name: text.inbox.list })).toBeVisible(),
  },
  {
    name: "unclaimed",
    user: "attorney",
    path: "/inbox?view=unclaimed",
    ready: async (page) => expect(page.getByRole("list", { name: text.inbox.list })).toBeVisible(),
  },
  { name: "cases", user: "attorney", path: "/cases", ready: heading(text.cases.title) },
  {
    name: "case",
    user: "attorney",
    path: "/cases/456",
    ready: async (page) => expect(page.getByText("Lopez v. Meridian Insurance").first()).toBeVisible(),
  },
  { name: "contacts", user: "attorney", path: "/contacts", ready: heading(text.contacts.title) },
  { name: "leads", user: "attorney", path: "/leads", ready: heading(text.contacts.leads) },
  {
    name: "search",
    user: "attorney",
    path: "/search?q=the",
    ready: async (page) => expect(page.getByRole("region", { name: text.search.messages })).toBeVisible(),
  },
  ...(["logged", "volumes", "roles", "responses", "last_contact"] as const).map((report) => ({
    name: `report ${report}`,
    user: "attorney",
    path: `/reports/${report}?range=year`,
    ready: async (page: Page) => expect(page.getByRole("table").first()).toBeVisible(),
  })),
  { name: "tasks", user: "attorney", path: "/tasks", ready: heading(text.tasks.title) },
  { name: "case tasks", user: "attorney", path: "/cases/456?tab=tasks", ready: heading(text.tasks.title) },
  { name: "case documents", user: "attorney", path: "/cases/456?tab=documents", ready: heading(text.documents.title) },
  { name: "settings", user: "attorney", path: "/settings", ready: heading(/./) },
  { name: "not found", user: "attorney", path: "/no-such-screen", ready: heading(/./) },
  ...["users", "teams", "roles", "numbers", "contact-roles", "walls", "settings", "routing", "calls", "embedding"].map(
    (part) => ({
      name: `admin ${part}`,
      user: "admin",
      path: `/admin/${part}`,
      ready: heading(/./),
    }),
  ),
];

/** One text that waits and one that is answered, so that no list and no report is empty. */
async function fill(demo: Demo): Promise<void> {
  await demo.text("I remember the color of the truck.");
  const api = await demo.api("agent");
  const { items } = await api.get("/api/cases/123/contacts/");
  const smith = items.find((one: { contact: { name: string } }) => one.contact.name === "Jane Smith");
  await api.post("/api/omnichannel/messages/", { case_id: "123", case_contact_id: smith.id, body: "Thank you." });
}

for (const theme of ["light", "dark"] as const) {
  test(`every screen is accessible, ${theme}`, async ({ person, demo, forgive }) => {
    test.setTimeout(300_000);
    forgive(/404/);
    await fill(demo);
    for (const user of ["stranger", "attorney", "admin"]) {
      const page = await person(user, { theme });
      for (const screen of SCREENS.filter((one) => one.user === user)) {
        await page.goto(screen.path);
        await screen.ready(page);
        await expectAccessible(page, `${screen.name}, ${theme}`);
      }
    }
  });
}

test("no screen scrolls sideways at 400 and at 320 pixels", async ({ person, demo, forgive }) => {
  test.setTimeout(300_000);
  forgive(/404/);
  await fill(demo);
  for (const user of ["stranger", "attorney", "admin"]) {
    const page = await person(user, { narrow: true });
    for (const screen of SCREENS.filter((one) => one.user === user)) {
      for (const width of [400, 320]) {
        await page.setViewportSize({ width, height: 720 });
        await page.goto(screen.path);
        await screen.ready(page);
        await expectNoSidewaysScroll(page, `${screen.name} at ${width}`);
      }
      await expectAccessible(page, `${screen.name}, narrow`);
    }
  }
});

test("popups are accessible while they are open", async ({ person, demo }) => {
  test.setTimeout(240_000);
  await demo.text("I remember the color of the truck.");
  for (const theme of ["light", "dark"] as const) {
    const page = await person("attorney", { theme });
    await page.goto("/inbox?view=unclaimed");
    await page.getByRole("list", { name: text.inbox.list }).getByRole("link").first().click();
    await expect(page.getByRole("region", { name: text.thread.bannerLabel })).toBeVisible();
    await expectAccessible(page, `thread, ${theme}`);

    await page
      .getByRole("region", { name: text.thread.bannerLabel })
      .getByRole("button", { name: text.thread.why })
      .click();
    await expect(page.getByRole("dialog", { name: text.thread.routing.title })).toContainText("789");
    await expectAccessible(page, `why is this here, ${theme}`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);

    await page.keyboard.press("Control+k");
    await expect(page.getByRole("dialog", { name: text.shell.palette.title })).toBeVisible();
    await page.keyboard.type("jane");
    await expect(page.getByRole("option", { name: /Jane Doe/ }).first()).toBeVisible();
    await expectAccessible(page, `palette, ${theme}`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);

    await page.getByRole("main").press("?");
    await expect(page.getByRole("dialog", { name: text.shell.keys.title })).toBeVisible();
    await expectAccessible(page, `shortcut sheet, ${theme}`);
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);

    await page.goto("/cases/456");
    await page.getByRole("button", { name: text.contacts.addContact }).first().click();
    await page.getByRole("dialog").getByRole("combobox", { name: text.contacts.contact }).fill("jane");
    await expect(page.getByRole("option", { name: /Jane/ }).first()).toBeVisible();
    await expectAccessible(page, `add contact, searching, ${theme}`);
    await page.keyboard.press("Escape");
    await page.getByRole("dialog").getByRole("combobox", { name: text.contacts.role }).click();
    await expect(page.getByRole("option", { name: "Adjuster" })).toBeVisible();
    await expectAccessible(page, `add contact, role, ${theme}`);
    await page.keyboard.press("Escape");
    await page.keyboard.press("Escape");

    await page.getByRole("button", { name: text.contacts.more("Pat Kim") }).click();
    await expect(page.getByRole("menu")).toBeVisible();
    await expectAccessible(page, `contact menu, ${theme}`);
  }
});
