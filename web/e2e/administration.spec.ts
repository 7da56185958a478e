// Administration by hand: people, teams, roles, numbers, contact roles, the firm, and a changed window tried on past texts before it is
// saved. What the server makes of it is asked of the server.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import { expect, test } from "./support/test";

const words = text.admin;
const dialog = (page: Page, name: string | RegExp) => page.getByRole("dialog", { name });
const row = (page: Page, name: string) => page.getByRole("row").filter({ hasText: name });

test("somebody is added with a role and a team, signs in, and is out once deactivated", async ({ person, demo }) => {
  const page = await person("admin");
  await page.goto("/admin/users");
  await page.getByRole("button", { name: words.users.add }).click();
  const form = dialog(page, words.users.addTitle);
  await form.getByRole("button", { name: words.users.create }).click();
  await expect(form.getByText(words.nameRequired)).toBeVisible();
  await form.getByRole("textbox", { name: words.name, exact: true }).fill("Robin Fox");
  await form.getByRole("textbox", { name: words.users.email }).fill("robin@demo.example");
  await form.getByLabel(words.users.password, { exact: true }).fill("a long password");
  await form.getByRole("checkbox", { name: /^Paralegal/ }).check();
  await form.getByRole("button", { name: words.users.create }).click();
  await expect(page.getByText(words.users.created("Robin Fox")).first()).toBeVisible();
  const body = { email: "robin@demo.example", password: "a long password" };
  const signIn = () =>
    fetch(`${demo.address}/api/session`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify(body),
    });
  expect((await signIn()).status).toBe(204);

  await page.getByRole("searchbox", { name: words.users.search }).fill("robin");
  await expect(row(page, "Robin Fox")).toBeVisible();
  await page.getByRole("button", { name: words.actionsFor("Robin Fox") }).click();
  await page.getByRole("menuitem", { name: words.users.deactivate }).click();
  await page
    .getByRole("alertdialog", { name: words.users.deactivateTitle("Robin Fox") })
    .getByRole("button", { name: words.users.deactivate })
    .click();
  await expect(page.getByText(words.users.deactivated("Robin Fox")).first()).toBeVisible();
  expect((await signIn()).status).toBe(401);
});

test("a team, a role of the firm's own, and a role in use that cannot go", async ({ person, demo }) => {
  const page = await person("admin");
  await page.goto("/admin/teams");
  await page.getByRole("button", { name: words.teams.add }).first().click();
  const team = dialog(page, words.teams.addTitle);
  await team.getByRole("textbox", { name: words.name, exact: true }).fill("Appeals");
  await team.getByRole("checkbox").first().check();
  await team.getByRole("button", { name: words.teams.add }).click();
  await expect(page.getByText(words.teams.created("Appeals")).first()).toBeVisible();
  await expect(row(page, "Appeals")).toBeVisible();

  await page.goto("/admin/roles");
  await page.getByRole("button", { name: words.actionsFor("Paralegal") }).click();
  await page.getByRole("menuitem", { name: words.roles.copy }).click();
  const role = dialog(page, words.roles.addTitle);
  await role.getByRole("textbox", { name: words.name, exact: true }).fill("Night desk");
  await role.getByRole("button", { name: words.roles.add }).click();
  await expect(page.getByText(words.roles.created("Night desk")).first()).toBeVisible();
  const roles = (await (await demo.api("admin")).get("/api/roles/")).items;
  const [own, copied] = ["Night desk", "Paralegal"].map((name) =>
    roles.find((one: { name: string }) => one.name === name),
  );
  expect(own.levels).toEqual(copied.levels);
  await page.getByRole("button", { name: words.actionsFor("Night desk") }).click();
  await page.getByRole("menuitem", { name: words.remove }).click();
  await page.getByRole("alertdialog").getByRole("button", { name: words.remove }).click();
  await expect(page.getByText(words.roles.removed("Night desk")).first()).toBeVisible();
});

test("a number is named and retired, and a contact role is added, moved and no longer offered", async ({
  person,
  demo,
}) => {
  const page = await person("admin");
  const api = await demo.api("admin");
  await page.goto("/admin/numbers");
  await page
    .getByRole("button", { name: new RegExp(`^${words.numbers.editLabel}`) })
    .first()
    .click();
  const label = page.getByRole("dialog");
  await label.getByRole("textbox", { name: words.numbers.label }).fill("Front desk");
  await label.getByRole("button", { name: text.shell.save, exact: true }).click();
  await expect(page.getByRole("dialog")).toHaveCount(0);
  await expect(page.getByRole("table").getByText("Front desk")).toBeVisible();
  await page.getByRole("switch").first().click();
  await expect
    .poll(async () => (await api.get("/api/numbers/")).items.some((one: { is_active: boolean }) => !one.is_active))
    .toBe(true);

  await page.goto("/admin/contact-roles");
  await page.getByRole("button", { name: words.contactRoles.add }).click();
  const role = dialog(page, words.contactRoles.addTitle);
  await role.getByRole("textbox", { name: words.name, exact: true }).fill("Interpreter");
  await role.getByRole("button", { name: words.contactRoles.add }).click();
  await expect(page.getByText(words.contactRoles.created("Interpreter")).first()).toBeVisible();
  await page.getByRole("button", { name: words.contactRoles.up("Interpreter") }).click();
  await page.getByRole("switch", { name: words.contactRoles.offered("Adjuster") }).click();
  await expect(page.getByText(words.contactRoles.hidden("Adjuster")).first()).toBeVisible();
  await expect
    .poll(async () => {
      const list = (await api.get("/api/contact-roles/")).items as { name: string; is_active: boolean }[];
      return [list.at(-2)?.name, list.find((one) => one.name === "Adjuster")?.is_active];
    })
    .toEqual(["Interpreter", false]);
});

test("the firm's name is changed, and a changed window is tried on past texts before it is saved", async ({
  person,
  demo,
}) => {
  await demo.text("I remember the color of the truck.");
  const page = await person("admin");
  const api = await demo.api("admin");
  await page.goto("/admin/settings");
  await page.getByRole("textbox", { name: words.settings.name }).fill("Hale, Ortiz & Fox LLP");
  await page.getByRole("button", { name: text.shell.saveChanges }).first().click();
  await expect.poll(async () => (await api.get("/api/settings")).name).toBe("Hale, Ortiz & Fox LLP");

  await page.goto("/admin/routing");
  const before = (await api.get("/api/settings")).routing_window_seconds;
  await page
    .getByRole("group", { name: words.routing.window })
    .or(page.getByRole("main"))
    .getByRole("textbox")
    .first()
    .fill("1");
  await page.getByRole("button", { name: words.routing.try }).click();
  await expect(page.getByText(/decided anew/).first()).toBeVisible();
  expect((await api.get("/api/settings")).routing_window_seconds).toBe(before);
  await page.getByRole("button", { name: text.shell.saveChanges }).first().click();
  await expect.poll(async () => (await api.get("/api/settings")).routing_window_seconds).not.toBe(before);
});

test("a manager looks and cannot change; an attorney has no way in", async ({ person, forgive }) => {
  forgive(/403/);
  const manager = await person("manager");
  await manager.goto("/admin/users");
  await expect(manager.getByText(words.readOnlyTitle)).toBeVisible();
  await expect(manager.getByRole("button", { name: words.users.add })).toBeDisabled();
  const attorney = await person("attorney");
  await attorney.goto("/admin/users");
  await expect(attorney.getByText(words.forbidden)).toBeVisible();
  await expect(attorney.getByRole("link", { name: words.title })).toHaveCount(0);
});
