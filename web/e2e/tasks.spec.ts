// Follow-up tasks in real browsers: from a text, alone, given to somebody, done and undone, shown on both sides, by keyboard, reminded.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import { expect, expectAccessible, test } from "./support/test";

const w = text.tasks;
const side = (page: Page) => page.getByRole("region", { name: w.title, exact: true });

async function fill(page: Page, what: string): Promise<void> {
  const dialog = page.getByRole("dialog");
  await dialog.getByLabel(w.whatLabel).fill(what);
  await dialog.getByRole("button", { name: w.quick.today }).click();
  await dialog.getByRole("button", { name: w.createSubmit }).click();
  await expect(dialog).toHaveCount(0);
}

test("a text is followed up, and each leads to the other", async ({ person, demo }) => {
  await demo.text("Can somebody call me about the photographs?", "+12125550124");
  const agent = await person("agent");
  await agent.goto("/cases/123");
  await agent
    .getByRole("region", { name: text.cases.inboxHeading })
    .getByRole("link", { name: /Jane Smith/ })
    .first()
    .click();
  const bubble = agent.getByRole("article").filter({ hasText: "call me about the photographs" });
  await bubble.hover();
  await bubble.getByRole("button", { name: text.thread.messageActions }).click();
  await agent.getByRole("menuitem", { name: w.followUp }).click();
  await expectAccessible(agent, "task dialog");
  await fill(agent, "Call Jane Smith back");
  await expect(bubble.getByRole("button", { name: w.taskOf("Call Jane Smith back") })).toBeVisible();
  await agent.goto("/tasks");
  const row = agent.getByRole("listitem").filter({ hasText: "Call Jane Smith back" });
  await expect(row).toContainText("Case 123");
  await row.getByRole("link", { name: w.openText }).click();
  await expect(agent.getByRole("article").filter({ hasText: "call me about the photographs" })).toBeVisible();
});

test("a task that is given away is there at once for who gets it, and counted in the rail", async ({ person }) => {
  const attorney = await person("attorney");
  const agent = await person("agent");
  await agent.goto("/tasks");
  await expect(agent.getByText(w.emptyMine)).toBeVisible();
  await attorney.goto("/cases/123?tab=tasks");
  await side(attorney).getByRole("button", { name: w.create }).click();
  const dialog = attorney.getByRole("dialog");
  await dialog.getByLabel(w.whatLabel).fill("Ask for the medical records");
  await dialog.getByRole("button", { name: w.quick.today }).click();
  await dialog.getByRole("combobox", { name: w.assignee }).click();
  await attorney.getByRole("option", { name: /Avery Quinn/ }).click();
  await dialog.getByRole("button", { name: w.createSubmit }).click();
  await expect(agent.getByRole("listitem").filter({ hasText: "Ask for the medical records" })).toBeVisible();
  await expect(
    agent.getByRole("link", { name: `${text.shell.nav.tasks}, ${text.shell.taskCount(0, 1)}` }),
  ).toBeVisible();
  await agent.getByRole("checkbox", { name: w.markDone("Ask for the medical records") }).click();
  await expect(agent.getByText(w.emptyMine)).toBeVisible();
  await agent.keyboard.press("ControlOrMeta+z");
  await expect(agent.getByRole("checkbox", { name: w.markDone("Ask for the medical records") })).toBeVisible();
});

test("the keyboard alone makes a task, finds it and is done with it", async ({ person }) => {
  const agent = await person("agent");
  await agent.goto("/inbox");
  await expect(agent.getByRole("list", { name: text.inbox.list })).toBeVisible();
  await agent.keyboard.press("g");
  await agent.keyboard.press("t");
  await expect(agent).toHaveURL(/\/tasks$/);
  await agent.keyboard.press("ControlOrMeta+k");
  await agent.keyboard.type(w.commands.new);
  await agent.keyboard.press("Enter");
  await agent.getByLabel(w.whatLabel).waitFor();
  await agent.keyboard.type("Read the deposition");
  await agent.keyboard.press("Enter");
  await expect(agent.getByRole("listitem").filter({ hasText: "Read the deposition" })).toBeVisible();
  await expect(agent.getByRole("dialog")).toHaveCount(0);
  await agent.keyboard.press("j");
  await agent.keyboard.press("Tab");
  await agent.keyboard.press("Space");
  await expect(agent.getByText(w.emptyMine)).toBeVisible();
});

test("what is missing is said at its field", async ({ person }) => {
  const agent = await person("agent");
  await agent.goto("/tasks");
  await agent.getByRole("button", { name: w.create }).click();
  const dialog = agent.getByRole("dialog");
  await dialog.getByRole("button", { name: w.createSubmit }).click();
  await expect(dialog.getByText(w.whatRequired)).toBeVisible();
  await expect(dialog.getByLabel(w.whatLabel)).toBeFocused();
});
