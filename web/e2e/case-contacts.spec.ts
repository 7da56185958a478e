// Requirement 2 in real browsers: every row of its "Test Scenarios" table but that of calls, the contacts panel's stories and its
// permissions.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import { expect, test } from "./support/test";

const panel = (page: Page) => page.getByRole("region", { name: text.cases.contactsHeading });
const inbox = (page: Page) => page.getByRole("region", { name: text.cases.inboxHeading });
/** The row of a contact, by what a screen reader reads: "Jane Smith - Witness". */
const contactRow = (page: Page, name: string) => panel(page).getByRole("listitem").filter({ hasText: name });

async function addContact(page: Page, typed: string, name: string, role: string): Promise<void> {
  await panel(page).getByRole("button", { name: text.contacts.addContact }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("combobox", { name: text.contacts.contact }).fill(typed);
  await page
    .getByRole("option", { name: new RegExp(name) })
    .first()
    .click();
  await dialog.getByRole("combobox", { name: text.contacts.role }).click();
  await page.getByRole("option", { name: role, exact: true }).click();
  await dialog.getByRole("button", { name: text.contacts.add }).click();
}

test("Add witness to case: the contact appears in the panel with the Witness badge", async ({ person }) => {
  const agent = await person("agent");
  await agent.goto("/cases/123");
  await addContact(agent, "pat", "Pat Kim", "Witness");
  await expect(contactRow(agent, "Pat Kim")).toContainText("Pat Kim - Witness");
  await expect(agent.getByRole("dialog")).toHaveCount(0);
});

test("Add somebody new to a case: created and linked in one go", async ({ person, demo }) => {
  const agent = await person("agent");
  await agent.goto("/cases/123");
  await panel(agent).getByRole("button", { name: text.contacts.addContact }).click();
  const dialog = agent.getByRole("dialog");
  await dialog.getByRole("combobox", { name: text.contacts.contact }).fill("Nora Vance");
  await agent.getByText(text.contacts.createNamed("Nora Vance")).click();
  await dialog.getByLabel(text.contacts.numberNth(1), { exact: true }).fill("(212) 555-0177");
  await dialog.getByRole("combobox", { name: text.contacts.role }).click();
  await agent.getByRole("option", { name: "Adjuster", exact: true }).click();
  await dialog.getByRole("button", { name: text.contacts.add }).click();
  await expect(contactRow(agent, "Nora Vance")).toContainText("Nora Vance - Adjuster");
  const there = await (await demo.api("agent")).get("/api/cases/123/contacts/");
  expect(there.items.filter((link: { contact: { name: string } }) => link.contact.name === "Nora Vance")).toHaveLength(
    1,
  );
});

test("View case communications: the inbox of the case shows those of all its contacts", async ({ person, demo }) => {
  await demo.text("I sent you the photographs.", "+12125550124");
  const agent = await person("agent");
  await agent.goto("/cases/123");
  const rows = inbox(agent).getByRole("listitem");
  await expect(rows.filter({ hasText: "Jane Smith" })).toContainText("I sent you the photographs.");
  const listed = await (await demo.api("agent")).get("/api/omnichannel/conversations/?case_id=123");
  await expect(rows).toHaveCount(listed.items.length);
  const people = new Set(listed.items.map((item: { person: { name: string } }) => item.person.name));
  expect(people.size).toBeGreaterThanOrEqual(2);
  for (const name of people) await expect(rows.filter({ hasText: String(name) }).first()).toBeVisible();
});

test("Filter by contact: a click in the panel leaves only that contact's communications", async ({ person, demo }) => {
  await demo.text("I sent you the photographs.", "+12125550124");
  const agent = await person("agent");
  await agent.goto("/cases/123");
  await expect(inbox(agent).getByRole("listitem").filter({ hasText: "Jane Smith" })).toBeVisible();
  await panel(agent).getByRole("button", { name: "Jane Smith - Witness" }).click();
  await expect(inbox(agent).getByRole("listitem")).toHaveCount(1);
  await expect(agent).toHaveURL(/contact=con_/);
  await inbox(agent)
    .getByRole("button", { name: text.cases.onlyContactRemove("Jane Smith") })
    .click();
  await expect(inbox(agent).getByRole("listitem")).not.toHaveCount(1);
});

test("No contacts state: a case without contacts says so and offers to add one", async ({ person, demo }) => {
  const manager = await demo.api("manager");
  await manager.post("/api/cases/", { mycase_case_id: "999", name: "In re Quiet Matter", assigned_user_ids: [] });
  const attorney = await person("attorney");
  await attorney.goto("/cases/999");
  await expect(panel(attorney).getByText(text.contacts.noContacts, { exact: true })).toBeVisible();
  await expect(panel(attorney).getByRole("button", { name: text.contacts.addContact }).first()).toBeVisible();
});

test("Duplicate prevention: the error in the requirement's words, at the field, with what was chosen kept", async ({
  person,
  forgive,
}) => {
  forgive(/409/);
  const agent = await person("agent");
  await agent.goto("/cases/123");
  await expect(contactRow(agent, "Jane Smith")).toBeVisible();
  await addContact(agent, "jane s", "Jane Smith", "Adjuster");
  await expect(agent.getByRole("dialog").getByText("Contact already associated with this case")).toBeVisible();
  await expect(agent.getByRole("dialog").getByRole("combobox", { name: text.contacts.contact })).toHaveValue(
    /Jane Smith/,
  );
});

test("Contact in multiple cases: each panel shows the role in that case", async ({ person, demo }) => {
  const attorney = await demo.api("attorney");
  const roles = (await attorney.get("/api/contact-roles/")).items;
  const party = roles.find((role: { name: string }) => role.name === "Opposing Party").id;
  const jane = (await attorney.get("/api/cases/789/contacts/")).items.find(
    (link: { contact: { name: string } }) => link.contact.name === "Jane Doe",
  );
  await attorney.ask("PATCH", `/api/cases/789/contacts/${jane.id}/`, { contact_role_id: party });
  const page = await person("attorney");
  await page.goto("/cases/123");
  await expect(contactRow(page, "Jane Doe")).toContainText("Jane Doe - Witness");
  await page.goto("/cases/789");
  await expect(contactRow(page, "Jane Doe")).toContainText("Jane Doe - Opposing Party");
});

test("Change a role and remove: an attorney may, an agent learns who may", async ({ person }) => {
  const attorney = await person("attorney");
  const agent = await person("agent");
  await agent.goto("/cases/123");
  await attorney.goto("/cases/123");
  await contactRow(attorney, "Jane Smith")
    .getByRole("button", { name: text.contacts.more("Jane Smith") })
    .click();
  await attorney.getByRole("menuitem", { name: text.contacts.changeRole }).click();
  await attorney.getByRole("dialog").getByRole("combobox", { name: text.contacts.role }).click();
  await attorney.getByRole("option", { name: "Expert Witness", exact: true }).click();
  await attorney.getByRole("dialog").getByRole("button", { name: text.contacts.changeRoleSave }).click();
  await expect(contactRow(attorney, "Jane Smith")).toContainText("Jane Smith - Expert Witness");
  await expect(contactRow(agent, "Jane Smith")).toContainText("Jane Smith - Expert Witness");

  await contactRow(agent, "Jane Smith")
    .getByRole("button", { name: text.contacts.more("Jane Smith") })
    .click();
  const forbidden = agent.getByRole("menuitem", { name: new RegExp(text.contacts.removeFromCase) });
  await expect(forbidden).toBeDisabled();
  await expect(agent.getByText(text.contacts.removeForbidden)).toBeVisible();
  await agent.keyboard.press("Escape");

  await contactRow(attorney, "Jane Smith")
    .getByRole("button", { name: text.contacts.more("Jane Smith") })
    .click();
  await attorney.getByRole("menuitem", { name: text.contacts.removeFromCase }).click();
  await attorney.getByRole("alertdialog").getByRole("button", { name: text.contacts.remove }).click();
  await expect(contactRow(attorney, "Jane Smith")).toHaveCount(0);
  await expect(contactRow(agent, "Jane Smith")).toHaveCount(0);
});

test("Click to text: from the panel, to the number that was chosen, logged to the case", async ({ person, demo }) => {
  const agent = await person("agent");
  await agent.goto("/cases/456");
  await contactRow(agent, "Maria Lopez")
    .getByRole("button", { name: text.contacts.textTo("Maria Lopez") })
    .click();
  const to = agent.getByRole("combobox", { name: text.composer.toLabel });
  await to.click();
  await agent.getByRole("option", { name: / work/ }).click();
  await agent.getByRole("textbox", { name: /Text to|Write/ }).fill("Please sign the release.");
  await agent.keyboard.press("Control+Enter");
  await expect(agent.getByText("Please sign the release.").last()).toBeVisible();
  await expect
    .poll(async () => (await demo.handset("+12125550127")).some((one) => one.body === "Please sign the release."))
    .toBe(true);
  await expect(agent.getByText("Delivered").last()).toBeVisible();
  const listed = await (await demo.api("agent")).get("/api/omnichannel/conversations/?case_id=456");
  expect(listed.items.some((item: { preview: string }) => item.preview.includes("Please sign the release."))).toBe(
    true,
  );
});

test("Who cannot reach a case learns so, and who loses it is told while looking", async ({ person, demo, forgive }) => {
  forgive(/404/);
  const agent = await person("agent");
  await agent.goto("/cases/789");
  await expect(agent.getByText(text.cases.notFoundTitle)).toBeVisible();
  await agent.goto("/cases/123");
  await expect(panel(agent).getByText("Jane Smith")).toBeVisible();
  const admin = await demo.api("admin");
  const user = (await admin.get("/api/users/")).items.find(
    (one: { email: string }) => one.email === "agent@demo.example",
  );
  await admin.post("/api/cases/123/walls/", { user_id: user.id });
  await expect(agent.getByText(text.cases.goneTitle)).toBeVisible();
  await expect(agent.getByText("Jane Smith")).toHaveCount(0);
});
