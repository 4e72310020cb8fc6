import AxeBuilder from "@axe-core/playwright";
import { test as base, expect, type Page } from "@playwright/test";

/** The named graph that tests/web/conftest.py fills. */
export const GRAPH = process.env["APP_GRAPH"] ?? "shop";

/** What DOMPurify's removal of handlers leaves on the console. */
const ALLOWED = [/Content Security Policy directive.*inline event handler/];

export type Api = <T = Record<string, unknown>>(query: string, variables?: object) => Promise<T>;

interface Fixtures {
  /** Lets messages on the console pass that a test brings about on purpose. */
  readonly allow: (pattern: RegExp) => void;
  /** Fails on what axe finds of WCAG 2.2 AA. */
  readonly axe: () => Promise<void>;
  /** A request to the API, as any client makes it. */
  readonly api: Api;
}

/** A test that fails on any error on the console, any request to another origin, any violation of the policy. */
export const test = base.extend<Fixtures>({
  allow: [
    // biome-ignore lint/correctness/noEmptyPattern: fixtures take their dependencies so
    async ({}, use, info) => {
      const allowed: RegExp[] = [...ALLOWED];
      (info as { allowed?: RegExp[] }).allowed = allowed;
      await use((pattern) => allowed.push(pattern));
    },
    { auto: true },
  ],
  page: async ({ page, baseURL }, use, info) => {
    const problems: string[] = [];
    page.on("console", (message) => {
      if (["error", "warning"].includes(message.type())) problems.push(message.text());
    });
    page.on("pageerror", (error) => problems.push(String(error)));
    page.on("request", (request) => {
      const url = request.url();
      if (!url.startsWith(baseURL ?? "") && !/^(data|blob):/.test(url)) problems.push(`request to ${url}`);
    });
    await use(page);
    const allowed = (info as { allowed?: RegExp[] }).allowed ?? ALLOWED;
    expect(problems.filter((text) => !allowed.some((pattern) => pattern.test(text)))).toEqual([]);
  },
  axe: async ({ page }, use) => {
    await use(async () => {
      const found = await new AxeBuilder({ page })
        .withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"])
        .analyze();
      const told = found.violations.map((one) => `${one.id}: ${one.help}\n${one.nodes.map((n) => n.html).join("\n")}`);
      expect(told).toEqual([]);
    });
  },
  api: async ({ request }, use) => {
    await use(async (query, variables = {}) => {
      const answer = await (await request.post("/graphql", { data: { query, variables } })).json();
      expect(answer.errors, JSON.stringify(answer.errors)).toBeUndefined();
      return answer.data;
    });
  },
});

/** Open a page of the app in one theme, and wait until it shows something. */
export async function open(page: Page, path: string, theme: "light" | "dark" = "light"): Promise<void> {
  await page.addInitScript((value) => {
    localStorage.setItem("stratumiops.preferences", JSON.stringify({ theme: value, density: "normal" }));
  }, theme);
  await page.goto(path);
  await expect(page.getByRole("main")).toBeVisible();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

export { expect };
