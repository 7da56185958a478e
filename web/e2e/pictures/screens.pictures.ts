// A picture of each screen, in light, dark and narrow, of the demo with some texts in it. They are for readers of docs/; that the
// screens work is shown by the journeys.
import { resolve } from "node:path";
import type { Page } from "@playwright/test";
import { text } from "../../src/text/en";
import type { Demo } from "../support/demo";
import { expect, test } from "../support/test";

const FOLDER = resolve(import.meta.dirname, "../../../docs/pictures");
const list = (page: Page) => page.getByRole("list", { name: text.inbox.list });

type Scene = { name: string; user: string; path: string; prepare?: (page: Page, isNarrow: boolean) => Promise<void> };

const openFirst = async (page: Page) => {
  await list(page).getByRole("link").first().click();
  await expect(page.getByRole("region", { name: /^Conversation with/ })).toBeVisible();
};

const showContacts = async (page: Page) =>
  page.getByRole("tab", { name: new RegExp(text.cases.contactsHeading) }).click();

const SCENES: readonly Scene[] = [
  { name: "sign-in", user: "stranger", path: "/sign-in" },
  { name: "inbox", user: "attorney", path: "/inbox" },
  { name: "unclaimed", user: "attorney", path: "/inbox?view=unclaimed", prepare: openFirst },
  {
    name: "why-is-this-here",
    user: "attorney",
    path: "/inbox?view=unclaimed",
    prepare: async (page) => {
      await openFirst(page);
      await page
        .getByRole("region", { name: text.thread.bannerLabel })
        .getByRole("button", { name: text.thread.why })
        .click();
      await expect(page.getByRole("dialog", { name: text.thread.routing.title })).toContainText("Offered to");
    },
  },
  {
    name: "composer",
    user: "agent",
    path: "/cases/123",
    prepare: async (page, isNarrow) => {
      if (isNarrow) await showContacts(page);
      await page.getByRole("button", { name: text.contacts.textTo("Jane Smith") }).click();
      await page
        .getByRole("textbox", { name: /Text to|Write/ })
        .fill("Ms. Smith, could you bring the photographs “of the truck” on Thursday?");
    },
  },
  { name: "cases", user: "attorney", path: "/cases" },
  { name: "tasks", user: "attorney", path: "/tasks" },
  { name: "search", user: "attorney", path: "/search?q=truck" },
  { name: "report-volumes", user: "attorney", path: "/reports/volumes" },
  { name: "report-logged", user: "attorney", path: "/reports/logged?range=year" },
  { name: "case-documents", user: "attorney", path: "/cases/123?tab=documents" },
  {
    name: "case",
    user: "attorney",
    path: "/cases/456",
    prepare: async (page) => {
      await page
        .getByRole("link", { name: /Maria Lopez/ })
        .last()
        .click();
      await expect(page.getByRole("region", { name: /^Conversation with/ })).toBeVisible();
    },
  },
  {
    name: "add-contact",
    user: "attorney",
    path: "/cases/456",
    prepare: async (page, isNarrow) => {
      if (isNarrow) await showContacts(page);
      await page.getByRole("button", { name: text.contacts.addContact }).first().click();
      await page.getByRole("dialog").getByRole("combobox", { name: text.contacts.contact }).fill("jane");
      await expect(page.getByRole("option", { name: /Jane/ }).first()).toBeVisible();
    },
  },
  { name: "contacts", user: "attorney", path: "/contacts" },
  {
    name: "contact",
    user: "attorney",
    path: "/contacts",
    prepare: async (page) => {
      await page
        .getByRole("link", { name: /Jane Doe/ })
        .first()
        .click();
      await expect(page.getByRole("heading", { name: /Jane Doe/ }).first()).toBeVisible();
    },
  },
  { name: "leads", user: "attorney", path: "/leads" },
  {
    name: "palette",
    user: "agent",
    path: "/inbox",
    prepare: async (page) => {
      await page.keyboard.press("Control+k");
      await page.keyboard.type("jane");
      await expect(page.getByRole("option", { name: /Jane Smith/ }).first()).toBeVisible();
    },
  },
  {
    name: "shortcuts",
    user: "agent",
    path: "/inbox",
    prepare: async (page) => {
      await page.getByRole("main").focus();
      await page.keyboard.press("?");
      await expect(page.getByRole("dialog", { name: text.shell.keys.title })).toBeVisible();
    },
  },
  { name: "settings", user: "agent", path: "/settings" },
  { name: "audit", user: "compliance", path: "/audit" },
  { name: "case-communications", user: "compliance", path: "/cases/456/communications" },
  ...["users", "teams", "roles", "numbers", "contact-roles", "walls", "settings", "routing", "embedding"].map(
    (part) => ({
      name: `admin-${part}`,
      user: "admin",
      path: `/admin/${part}`,
    }),
  ),
];

async function liven(demo: Demo): Promise<void> {
  await demo.text("I found the photographs from that evening.", "+12125550124");
  const agent = await demo.api("agent");
  const smith = (await agent.get("/api/cases/123/contacts/")).items.find(
    (link: { contact: { name: string } }) => link.contact.name === "Jane Smith",
  );
  await agent.post("/api/omnichannel/messages/", {
    case_id: "123",
    case_contact_id: smith.id,
    body: "Thank you. Could you send them to us?",
  });
  await demo.text("Yes, tonight.", "+12125550124");
  await demo.text("I remember the color of the truck.");
  await work(demo);
}

/** Something to follow up, for the attorney, and documents in the case 123. */
async function work(demo: Demo): Promise<void> {
  const attorney = await demo.api("attorney");
  const day = (from: number) => new Date(Date.now() + from * 86_400_000).toISOString().slice(0, 10);
  const task = (what: string, on: string, more: object) => ({ what, due: { on }, reminder_minutes: 0, ...more });
  await attorney.post("/api/tasks/", task("Send the retainer to Jane Smith", day(-2), { case_id: "123" }));
  await attorney.post("/api/tasks/", task("Call Maria Lopez about the deposition", day(0), { case_id: "456" }));
  await attorney.post("/api/tasks/", task("Ask the adjuster for the file", day(6), { case_id: "456" }));
  await attorney.post("/api/tasks/", task("Renew the court's e-filing password", day(12), {}));
  for (const [name, content] of [
    ["Retainer agreement.pdf", "%PDF-1.7 first"],
    ["Retainer agreement.pdf", "%PDF-1.7 second"],
    ["Witness statement.txt", "I saw the truck."],
  ] as const) {
    await attorney.upload(`/api/documents?case_id=123&name=${encodeURIComponent(name)}`, content);
  }
}

const LOOKS = [
  { look: "light", options: { theme: "light" as const } },
  { look: "dark", options: { theme: "dark" as const } },
  { look: "narrow", options: { narrow: true } },
];

for (const { look, options } of LOOKS) {
  test(`screens, ${look}`, async ({ person, demo }) => {
    await liven(demo);
    for (const user of ["stranger", "agent", "attorney", "admin", "compliance"]) {
      const page = await person(user, options);
      for (const scene of SCENES.filter((one) => one.user === user)) {
        await page.goto(scene.path);
        await page.waitForLoadState("networkidle");
        await scene.prepare?.(page, look === "narrow");
        await page.waitForTimeout(400);
        await page.screenshot({ path: `${FOLDER}/${scene.name}-${look}.png`, animations: "disabled" });
      }
    }
    const outside = await person("stranger", options);
    await outside.goto(demo.sandbox);
    await expect(outside.getByText("Jane Doe").first()).toBeVisible();
    await outside.screenshot({ path: `${FOLDER}/handsets-${look}.png`, animations: "disabled" });
    await outside.goto(`${demo.sandbox}/host#456`);
    await expect(outside.frameLocator("iframe").getByText("Lopez v. Meridian Insurance").first()).toBeVisible();
    await outside.waitForTimeout(800);
    await outside.screenshot({ path: `${FOLDER}/another-case-system-${look}.png`, animations: "disabled" });
  });
}
