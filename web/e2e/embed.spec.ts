// The case view inside another case system, as the sample page at the sandbox's /host shows it: another origin, no cookies, a launch
// token asked for server to server.
import type { FrameLocator, Page } from "@playwright/test";
import { text } from "../src/text/en";
import { expect, expectAccessible, test } from "./support/test";

const frameOf = (page: Page): FrameLocator => page.frameLocator("iframe");

test("the case is there without signing in, scoped to the case, live, and texts can be written", async ({
  person,
  demo,
}) => {
  const page = await person("stranger");
  await page.goto(`${demo.sandbox}/host#456`);
  const frame = frameOf(page);
  await expect(frame.getByText("Lopez v. Meridian Insurance").first()).toBeVisible();
  await expect(frame.getByRole("navigation", { name: text.shell.rail })).toHaveCount(0);
  await demo.text("I remember the color of the truck.");
  await expect(frame.getByText("I remember the color of the truck.").first()).toBeVisible();
  await frame
    .getByRole("link", { name: /Jane Doe/ })
    .first()
    .click();
  await frame.getByRole("button", { name: "Claim for this case" }).click();
  await expect(frame.getByText(/claimed this/).first()).toBeVisible();
  await frame.getByRole("textbox", { name: /Text to|Write/ }).fill("Thank you. Which day was it?");
  await frame.getByRole("textbox", { name: /Text to|Write/ }).press("Control+Enter");
  await expect
    .poll(async () => (await demo.handset()).some((one) => one.body === "Thank you. Which day was it?"))
    .toBe(true);
  await expectAccessible(page, "the case view in another system");
  // No cookie and nothing kept in the browser was needed for it.
  const cookies = await page.context().cookies(demo.address);
  expect(cookies.filter((one) => one.name === "casewire_session")).toEqual([]);
});

test("a page that the firm did not allow may not frame it", async ({ person, demo, forgive }) => {
  forgive(/frame|Content Security Policy|ERR_BLOCKED/i);
  const admin = await demo.api("admin");
  await admin.ask("PATCH", "/api/settings", { embed_origins: [] });
  const page = await person("stranger");
  await page.goto(`${demo.sandbox}/host#456`);
  await page.waitForTimeout(3_000);
  await expect(frameOf(page).getByText("Lopez v. Meridian Insurance")).toHaveCount(0);
});

test("alone in a tab it says where it belongs", async ({ person, demo }) => {
  const page = await person("stranger");
  const me = await (await demo.api("agent")).get("/api/me");
  await page.goto(`/embed/cases/456?organization=${me.organization_id}`);
  await expect(page.getByText(text.embed.aloneTitle)).toBeVisible();
  await expectAccessible(page, "the embedded view alone");
});

test("a launch token works once", async ({ demo }) => {
  const made_up = await fetch(`${demo.address}/api/embed/sessions`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ launch_token: "cwl_made_up" }),
  });
  expect(made_up.status).toBe(401);
  const launch = await fetch(`${demo.sandbox}/host/launch?user=agent@demo.example`, {
    method: "POST",
    headers: { origin: demo.sandbox },
  });
  const token = (Object(await launch.json()) as { launch_token?: string }).launch_token;
  expect(token).toBeTruthy();
  const statuses = [];
  for (let turn = 0; turn < 2; turn += 1) {
    const answer = await fetch(`${demo.address}/api/embed/sessions`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ launch_token: token }),
    });
    statuses.push(answer.status);
  }
  expect(statuses).toEqual([200, 401]);
});
