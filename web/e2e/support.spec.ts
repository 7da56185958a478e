// That the tests' own guards can fail: a journey with an error on its console, or a page that is not accessible, is red.
import { expect, expectAccessible, test } from "./support/test";

test("the demo of a test has its people, its texts and its clock", async ({ demo }) => {
  const attorney = await demo.api("attorney");
  const before = (await attorney.get("/api/omnichannel/conversations/?view=unclaimed")).items.length;
  await demo.text("Which day is the hearing?");
  await expect
    .poll(async () => (await attorney.get("/api/omnichannel/conversations/?view=unclaimed")).items.length)
    .toBeGreaterThan(before);
  expect((await demo.handset()).some((text) => text.body === "Which day is the hearing?")).toBe(true);
  await demo.advance(60);
});

test("a page that is not accessible is found out", async ({ person }) => {
  const page = await person("stranger");
  await page.goto("/sign-in");
  await page.evaluate(() => {
    const button = document.createElement("button");
    document.body.append(button);
  });
  await expect(expectAccessible(page, "a button without a name")).rejects.toThrow(/button-name/);
});
