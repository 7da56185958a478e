// What every journey has: a demo of its own, and people in browsers of their own. A console error, an unhandled error or a
// violation of the content security policy on any page fails the test it happened in.
import { AxeBuilder } from "@axe-core/playwright";
import { type BrowserContext, test as base, expect, type Page } from "@playwright/test";
import { Demo } from "./demo";

export { expect };

type Options = { narrow?: boolean; theme?: "light" | "dark" };

/** Signs people in, each in a browser of their own. */
export type People = (user: string, options?: Options) => Promise<Page>;

type Fixtures = { demo: Demo; person: People; forgive: (pattern: RegExp) => void };

function guard(page: Page, faults: string[]): void {
  page.on("pageerror", (error) => faults.push(`error: ${error.message}`));
  page.on("console", (line) => {
    if (line.type() === "error" || line.text().includes("Content Security Policy"))
      faults.push(`console: ${line.text()} ${line.location().url}`);
  });
}

export const test = base.extend<Fixtures>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  demo: async ({}, use) => {
    const demo = await Demo.start();
    await use(demo);
    await demo.stop();
  },
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads the pattern
  forgive: async ({}, use, info) => {
    const patterns: RegExp[] = [];
    Object.assign(info, { forgiven: patterns });
    await use((pattern) => patterns.push(pattern));
  },
  person: async ({ browser, demo, forgive }, use, info) => {
    void forgive;
    const contexts: BrowserContext[] = [];
    const faults: string[] = [];
    await use(async (user, options = {}) => {
      const context = await browser.newContext({
        baseURL: demo.address,
        colorScheme: options.theme ?? "light",
        ...(options.narrow ? { viewport: { width: 400, height: 800 } } : {}),
      });
      contexts.push(context);
      await context.addInitScript(() => {
        document.addEventListener("securitypolicyviolation", (event) => {
          // biome-ignore lint/suspicious/noConsole: the guard reads the console
          console.error(`Content Security Policy: ${event.violatedDirective} ${event.blockedURI}`);
        });
      });
      const page = await context.newPage();
      guard(page, faults);
      if (user !== "stranger") {
        const { cookie } = await demo.api(user);
        const [name, ...value] = cookie.split("=");
        await context.addCookies([
          { name: name ?? "", value: value.join("="), url: demo.address, httpOnly: true, sameSite: "Lax" },
        ]);
      }
      return page;
    });
    for (const context of contexts) await context.close();
    const forgiven: RegExp[] = Object(info).forgiven ?? [];
    const left = faults.filter((fault) => !forgiven.some((pattern) => pattern.test(fault)));
    expect(left, "errors on the console").toEqual([]);
  },
});

/** No violation of WCAG 2.2 A and AA on what the page shows now. */
export async function expectAccessible(page: Page, where: string): Promise<void> {
  // Base UI puts focus guards, hidden from assistive technology on purpose, around what is open (mui/base-ui#4668).
  const found = await new AxeBuilder({ page })
    .exclude("[data-base-ui-focus-guard]")
    .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
    .analyze();
  const said = found.violations.map(
    (rule) => `${rule.id}: ${rule.nodes.map((node) => node.target.join(" ")).join(" | ")}`,
  );
  expect(said, `accessibility of ${where}`).toEqual([]);
}

/** Nothing to scroll sideways. */
export async function expectNoSidewaysScroll(page: Page, where: string): Promise<void> {
  const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
  expect(over, `sideways scroll of ${where}`).toBeLessThanOrEqual(0);
}
