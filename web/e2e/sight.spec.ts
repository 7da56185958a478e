// For those who see otherwise: the system's own colours, text at twice the size, and a page of 320 pixels. Nothing scrolls sideways,
// nothing that one has to press is lost, and what is marked by colour alone elsewhere has a border here.
import type { Page } from "@playwright/test";
import { text } from "../src/text/en";
import { expect, expectNoSidewaysScroll, test } from "./support/test";

const PATHS = ["/inbox", "/inbox?view=unclaimed", "/cases", "/cases/456", "/contacts", "/leads", "/settings"];
const ADMIN = ["users", "teams", "roles", "numbers", "contact-roles", "settings", "routing", "embedding"];

async function settled(page: Page, path: string): Promise<void> {
  await page.goto(path);
  await expect(page.getByRole("main")).toBeVisible();
  await page.waitForLoadState("networkidle");
}

/** Buttons, links and fields of the page that somebody could see but cannot reach: cut off by the side of the page. */
async function cutOff(page: Page): Promise<string[]> {
  return await page.evaluate(() => {
    const width = document.documentElement.clientWidth;
    return [
      ...document.querySelectorAll<HTMLElement>("main a[href], main button, main input, main textarea, nav a[href]"),
    ]
      .filter((one) => one.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }))
      .filter((one) => {
        const box = one.getBoundingClientRect();
        const scrolls = one.closest("[data-scrolls-sideways], .overflow-x-auto") !== null;
        return box.width > 1 && !scrolls && (box.left < -1 || box.right > width + 1);
      })
      .map((one) => `${one.tagName} ${one.getAttribute("aria-label") ?? one.textContent?.slice(0, 30) ?? ""}`);
  });
}

for (const { name, width } of [
  { name: "text at twice the size", width: 1280 },
  { name: "text at twice the size in a narrow page", width: 640 },
]) {
  test(`${name}: nothing scrolls sideways and nothing is cut off`, async ({ person, demo }) => {
    test.setTimeout(300_000);
    await demo.text("I remember the color of the truck.");
    for (const [user, paths] of [
      ["attorney", PATHS],
      ["admin", ADMIN.map((section) => `/admin/${section}`)],
    ] as const) {
      const page = await person(user);
      await page.setViewportSize({ width, height: 900 });
      // As the browser's own setting of the size of text does it.
      await page.addInitScript(() => {
        addEventListener("DOMContentLoaded", () => document.documentElement.style.setProperty("font-size", "200%"));
      });
      for (const path of paths) {
        await settled(page, path);
        expect(await page.evaluate(() => getComputedStyle(document.documentElement).fontSize)).toBe("32px");
        await expectNoSidewaysScroll(page, `${path}, ${name}`);
        expect(await cutOff(page), `cut off on ${path}, ${name}`).toEqual([]);
      }
    }
  });
}

test("at 320 pixels a text is read, claimed and answered without scrolling sideways", async ({ person, demo }) => {
  await demo.text("I remember the color of the truck.");
  const page = await person("agent");
  await page.setViewportSize({ width: 320, height: 640 });
  await settled(page, "/inbox?view=unclaimed");
  await page.getByRole("list", { name: text.inbox.list }).getByRole("link").first().click();
  const banner = page.getByRole("region", { name: text.thread.bannerLabel });
  await expect(banner).toBeVisible();
  await expectNoSidewaysScroll(page, "thread at 320");
  expect(await cutOff(page)).toEqual([]);
  await banner
    .getByRole("button", { name: /^(Claim|123|456)/ })
    .first()
    .click();
  await expect(page.getByText(/claimed this/).first()).toBeVisible();
  await page.getByRole("textbox", { name: /Text to|Write/ }).fill("Thank you.");
  await expectNoSidewaysScroll(page, "composer at 320");
  expect(await cutOff(page)).toEqual([]);
  await page.keyboard.press("Control+Enter");
  await expect.poll(async () => (await demo.handset()).some((one) => one.body === "Thank you.")).toBe(true);
});

test("in the system's own colours what is chosen, marked and focused has a border or a colour of the system", async ({
  person,
  demo,
}) => {
  await demo.text("I remember the color of the truck.");
  const page = await person("attorney");
  await page.emulateMedia({ forcedColors: "active" });
  await settled(page, "/inbox?view=unclaimed");
  const list = page.getByRole("list", { name: text.inbox.list });
  await list.getByRole("link").first().click();
  await expect(page.getByRole("region", { name: text.thread.bannerLabel })).toBeVisible();
  const found = await page.evaluate(() => {
    const look = (selector: string) => {
      const element = document.querySelector<HTMLElement>(selector);
      if (element === null) return undefined;
      const style = getComputedStyle(element);
      const frame = getComputedStyle(element.parentElement ?? element);
      const widths = [style.borderTopWidth, style.borderLeftWidth, style.outlineWidth, frame.outlineWidth];
      return { background: style.backgroundColor, hasEdge: widths.some((one) => Number.parseFloat(one) > 0) };
    };
    const plain = getComputedStyle(document.body).backgroundColor;
    return {
      plain,
      row: look("[data-conversation][aria-current]"),
      view: look('nav a[aria-current="page"]'),
      avatar: look("[data-conversation] [aria-hidden]"),
    };
  });
  for (const [what, seen] of Object.entries({ row: found.row, view: found.view })) {
    expect(seen, what).toBeDefined();
    expect(seen?.hasEdge || seen?.background !== found.plain, `${what} tells itself from its surroundings`).toBe(true);
  }
  await page.keyboard.press("Tab");
  const outline = await page.evaluate(() => {
    const style = getComputedStyle(document.activeElement ?? document.body);
    return [style.outlineStyle, Number.parseFloat(style.outlineWidth)] as const;
  });
  expect(outline[0]).not.toBe("none");
  expect(outline[1]).toBeGreaterThanOrEqual(2);
  for (const path of PATHS) {
    await settled(page, path);
    await expectNoSidewaysScroll(page, `${path} in forced colours`);
  }
});
