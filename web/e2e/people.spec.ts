// People by hand: a lead from their first text to a case, a contact's page with numbers, roles and cases, and a case that an attorney
// opens for a team and a colleague.
import { text } from "../src/text/en";
import { expect, test } from "./support/test";

const words = text.contacts;

test("a lead is created, taken, texted, and closed", async ({ person, demo }) => {
  const page = await person("agent");
  await page.goto("/leads");
  await page.getByRole("button", { name: words.leadCreate }).click();
  const form = page.getByRole("dialog", { name: words.leadCreateTitle });
  await form.getByRole("button", { name: words.createInstead }).click();
  await form.getByRole("textbox", { name: words.name, exact: true }).fill("Lee Marsh");
  await form
    .getByRole("textbox", { name: new RegExp(`^${words.number}`) })
    .first()
    .fill("(212) 555-0177");
  await form.getByRole("button", { name: words.leadCreateSubmit }).click();
  await expect(page.getByText(words.leadCreated("Lee Marsh")).first()).toBeVisible();
  await expect(page.getByRole("heading", { name: "Lee Marsh" })).toBeVisible();

  await page.getByRole("button", { name: words.leadAssignMe }).click();
  await expect(page.getByText(words.leadTaken).first()).toBeVisible();
  const field = page.getByRole("textbox", { name: /Text to|Write/ });
  await field.fill("Thank you for calling us.");
  await page.keyboard.press("Control+Enter");
  await expect
    .poll(async () => (await demo.handset("+12125550177")).some((one) => one.body === "Thank you for calling us."))
    .toBe(true);
  await demo.text("When can I come in?", "+12125550177");
  await expect(page.getByText("When can I come in?").first()).toBeVisible();

  await page
    .getByRole("combobox", { name: words.leadChangeStatus })
    .or(page.getByRole("button", { name: words.leadChangeStatus }))
    .first()
    .click();
  await page
    .getByRole("option", { name: words.leadStatuses.closed })
    .or(page.getByRole("menuitem", { name: words.leadStatuses.closed }))
    .first()
    .click();
  await expect(page.getByText(words.leadStatusSaved(words.leadStatuses.closed)).first()).toBeVisible();
  await page.goto("/leads");
  await expect(page.getByText("Lee Marsh").first()).toBeVisible();
});

test("a contact's page: numbers with a primary one, an edited name, the same person in other cases", async ({
  person,
  demo,
}) => {
  const api = await demo.api("attorney");
  const found = (await api.get("/api/contacts/?q=Jane%20Doe")).items[0];
  const page = await person("attorney");
  await page.goto(`/contacts/${found.id}`);
  const cases = page.getByRole("region", { name: words.casesHeading });
  for (const number of ["123", "456", "789"]) {
    await expect(cases.getByRole("link", { name: new RegExp(`^${number}`) })).toBeVisible();
  }
  await page.getByRole("button", { name: words.addNumber }).click();
  const form = page.getByRole("dialog");
  await form.getByRole("textbox", { name: words.number, exact: true }).fill("(212) 555-0178");
  await form.getByRole("textbox", { name: words.label, exact: true }).fill("work");
  await form.getByRole("button", { name: words.addNumberSubmit }).click();
  await expect(page.getByText(words.numberAdded).first()).toBeVisible();
  await page.getByRole("button", { name: words.numberActions("(212) 555-0178") }).click();
  await page.getByRole("menuitem", { name: words.makePrimary }).click();
  await expect(page.getByText(words.primarySet("(212) 555-0178")).first()).toBeVisible();

  await page.getByRole("button", { name: words.edit }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: words.name, exact: true }).fill("Jane Doe-Ray");
  await page.getByRole("dialog").getByRole("button", { name: words.save }).click();
  await expect(page.getByRole("heading", { name: "Jane Doe-Ray" })).toBeVisible();
  const colleague = await person("agent");
  await colleague.goto("/cases/456");
  await expect(colleague.getByText("Jane Doe-Ray").first()).toBeVisible();
});

test("an attorney opens a case for a team and a colleague, who then sees it", async ({ person, demo }) => {
  const page = await person("attorney");
  await page.goto("/cases");
  await page.getByRole("button", { name: text.cases.create }).click();
  const form = page.getByRole("dialog", { name: text.cases.createTitle });
  await form.getByRole("textbox", { name: text.cases.number }).fill("PI-2026-77");
  await form.getByRole("textbox", { name: text.cases.name }).fill("Marsh v. Tidewater Ferries");
  await form.getByRole("combobox", { name: text.cases.team }).click();
  await page.getByRole("option").nth(1).click();
  await form.getByRole("combobox", { name: text.cases.assignedAdd }).click();
  await page.getByRole("option", { name: "Avery Quinn" }).click();
  await form.getByRole("button", { name: text.cases.createSubmit }).click();
  await expect(page.getByText(text.cases.created("PI-2026-77")).first()).toBeVisible();
  const known = await (await demo.api("agent")).get("/api/cases/PI-2026-77/");
  expect(known.assigned.map((one: { name: string }) => one.name)).toEqual(["Avery Quinn"]);
  expect(known.team_name).not.toBeNull();
});
