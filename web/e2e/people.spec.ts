// People by hand: a lead from their first text until it is closed, and a case that an attorney opens for a team and a colleague.
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
