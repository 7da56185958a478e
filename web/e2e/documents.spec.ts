// Documents in real browsers: added and versioned, dropped, attached to a text and seen on the handset, pictures that come in, and who
// got which version.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import { expect, expectAccessible, test } from "./support/test";

const w = text.documents;
const PNG = Buffer.from(
  "iVBORw0KGgoAAAANSUhEUgAAAAoAAAAKCAIAAAACUFjqAAAAEklEQVR4nGP4z8CAB+GTG8HSALfKY52fTcuYAAAAAElFTkSuQmCC",
  "base64",
);
const pdf = (words: string) => ({
  name: "Retainer.pdf",
  mimeType: "application/pdf",
  buffer: Buffer.from(`%PDF-1.7 ${words}`),
});
const section = (page: Page) =>
  page.getByRole("region", { name: w.title, exact: true }).getByRole("region", { name: w.listLabel });

async function openJane(page: Page): Promise<void> {
  await page.goto("/cases/123");
  await page
    .getByRole("region", { name: text.cases.contactsHeading })
    .getByRole("button", { name: "Jane Smith - Witness" })
    .click();
  await page.getByRole("region", { name: text.cases.inboxHeading }).getByRole("link").first().click();
}

test("a file that is added again is another version, and one that is the same is none", async ({ person, forgive }) => {
  // The program that calls itself a PDF is refused on purpose.
  forgive(/415.*\/documents/);
  const agent = await person("agent");
  await agent.goto("/cases/123?tab=documents");
  const input = agent.locator("input[type=file]").first();
  await input.setInputFiles([pdf("first")]);
  await expect(agent.getByText(w.added("Retainer.pdf"))).toBeVisible();
  const row = agent.getByRole("listitem").filter({ hasText: "Retainer.pdf" });
  await expect(row).toContainText(w.version(1));
  await input.setInputFiles([pdf("first")]);
  await expect(agent.getByText(w.unchanged("Retainer.pdf"))).toBeVisible();
  await input.setInputFiles([pdf("second")]);
  await expect(row).toContainText(w.version(2));
  await row.getByText(w.versions(2)).click();
  await expect(row).toContainText(w.version(1));
  await expectAccessible(agent, "documents");
  await input.setInputFiles([{ name: "run.exe", mimeType: "application/pdf", buffer: Buffer.from("MZ program") }]);
  await expect(agent.getByText(w.notAdded("run.exe"), { exact: false })).toBeVisible();
});

test("a picture goes out with a text, the handset shows it, and the flow says who got it", async ({ person, demo }) => {
  await demo.text("Please send me the photograph.", "+12125550124");
  const agent = await person("agent");
  await openJane(agent);
  const composer = agent.getByRole("form", { name: text.composer.label("Jane Smith") });
  await composer.locator("input[type=file]").setInputFiles([{ name: "Scene.png", mimeType: "image/png", buffer: PNG }]);
  await expect(composer.getByRole("list", { name: w.tray })).toContainText("Scene.png");
  await composer.getByRole("button", { name: text.composer.send, exact: false }).click();
  await expect(agent.getByRole("button", { name: w.enlarge("Scene.png") })).toBeVisible();
  await agent.getByRole("button", { name: w.enlarge("Scene.png") }).click();
  await expect(agent.getByRole("dialog").getByRole("img", { name: "Scene.png" })).toBeVisible();
  await expectAccessible(agent, "lightbox");
  await agent.keyboard.press("Escape");
  await agent.goto("/cases/123?tab=documents");
  await agent.getByRole("button", { name: w.flowOf("Scene.png") }).click();
  await expect(agent.getByRole("dialog")).toContainText(w.sentTo("Jane Smith - Witness"));
  await expectAccessible(agent, "flow");
  const handset = await fetch(`${demo.sandbox}/handsets/+12125550124/messages`).then((answer) => answer.json());
  await expect
    .poll(async () => {
      const got = await fetch(`${demo.sandbox}/handsets/+12125550124/messages`).then((answer) => answer.json());
      return got.messages.some((one: { media: { url: string }[] }) =>
        one.media.some(({ url }) => url.startsWith("data:image/png")),
      );
    })
    .toBe(true);
  expect(handset.messages.length).toBeGreaterThan(0);
});

test("a picture that comes in is shown in its bubble and among the documents", async ({ person, demo }) => {
  await fetch(`${demo.sandbox}/handsets/+12125550124/messages`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({
      to: "+14155550100",
      body: "Here it is.",
      media: [`data:image/png;base64,${PNG.toString("base64")}`],
    }),
  });
  const agent = await person("agent");
  await openJane(agent);
  const name = w.receivedName(w.kinds.picture, 1);
  await expect(agent.getByRole("button", { name: w.enlarge(name) }).first()).toBeVisible();
  await agent.goto("/cases/123?tab=documents");
  await expect(section(agent).getByText(w.receivedFrom("Jane Smith - Witness"))).toBeVisible();
});

test("a file is dropped onto the documents", async ({ person }) => {
  const agent = await person("agent");
  await agent.goto("/cases/123?tab=documents");
  const target = section(agent);
  await target.waitFor();
  const transfer = await agent.evaluateHandle(() => {
    const files = new DataTransfer();
    files.items.add(new File(["Notes of the call"], "Notes.txt", { type: "text/plain" }));
    return files;
  });
  await target.dispatchEvent("dragenter", { dataTransfer: transfer });
  await expect(agent.getByText(w.drop)).toBeVisible();
  await target.dispatchEvent("drop", { dataTransfer: transfer });
  await expect(agent.getByRole("listitem").filter({ hasText: "Notes.txt" })).toBeVisible();
});
