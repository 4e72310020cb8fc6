import type { Page } from "@playwright/test";
import { PAGES } from "../src/shell/pages";
import { expect, GRAPH, open, test } from "./test";

/** Every page of the rail, and those that lead further. */
const PATHS = [
  ...PAGES.map((page) => page.path),
  "/decisions?view=timeline",
  "/decisions?view=graph",
  "/graph?view=table",
  "/search?q=orders&explain=yes",
  "/search?tag=shop",
  "/journal?day=2026-11-20",
  `/node/${GRAPH}/n2`,
  `/node/${GRAPH}/g1`,
  `/node/${GRAPH}/never-was`,
  "/nothing-here",
];
const WIDTHS = [1440, 390];

const addressOf = (path: string, graph = GRAPH) => `${path}${path.includes("?") ? "&" : "?"}graph=${graph}`;

/** Nothing is wider than the window, and the page itself does not scroll sideways. */
async function fits(page: Page): Promise<void> {
  const over = () =>
    page.evaluate(() => {
      const main = document.querySelector("main");
      const wide = main ? main.scrollWidth - main.clientWidth : 0;
      return Math.max(0, wide, document.documentElement.scrollWidth - window.innerWidth);
    });
  await expect.poll(over, `what is wider than the window at ${page.url()}`).toBe(0);
}

/** The page shows what it has to show. */
async function shown(page: Page): Promise<void> {
  await expect(page.getByRole("main")).not.toBeEmpty();
  await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
}

for (const path of PATHS) {
  for (const theme of ["light", "dark"] as const) {
    test(`${path} has no barrier and no overflow (${theme})`, async ({ page, axe }) => {
      const widths = theme === "light" ? WIDTHS : WIDTHS.toReversed();
      await page.setViewportSize({ width: widths[0] ?? 0, height: 900 });
      await open(page, addressOf(path), theme);
      for (const width of widths) {
        await page.setViewportSize({ width, height: 900 });
        await shown(page);
        await expect(page.getByRole("heading", { level: 1 }).first()).toBeAttached();
        await fits(page);
        await axe();
      }
    });
  }
}

test("every page speaks Spanish, and fits", async ({ page }) => {
  await page.addInitScript(() => localStorage.setItem("stratumiops.language", "es"));
  await page.setViewportSize({ width: 390, height: 900 });
  for (const { path } of PAGES) {
    await open(page, addressOf(path));
    await shown(page);
    await expect(page.locator("html")).toHaveAttribute("lang", "es");
    await fits(page);
  }
});

const CREATE_GRAPH = "mutation($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }";
const CREATE = "mutation($input: CreateNodesInput!) { createNodes(input: $input) { count } }";
const TYPES = ["NOTE", "DECISION", "GUIDELINE", "PATTERN", "JOURNAL", "EXECUTION"];

for (const count of [0, 1]) {
  test(`every page of a graph with ${count} nodes`, async ({ page, api, axe }) => {
    const graph = `${GRAPH}-has-${count}-${Date.now()}`;
    await api(CREATE_GRAPH, { input: { name: graph } });
    if (count) await api(CREATE, { input: { graph, nodes: [{ type: "NOTE", id: "one", title: "The only one" }] } });
    for (const { path } of PAGES) {
      await open(page, addressOf(path, graph));
      await shown(page);
      await expect(page.getByRole("alert")).toHaveCount(0);
      await axe();
    }
  });
}

test("any title, on every page that shows titles: nothing runs, nothing overflows", async ({ page, api }) => {
  test.setTimeout(240_000);
  const graph = `${GRAPH}-titles-${Date.now()}-`.padEnd(64, "g");
  const hostile = "<img src=x onerror=window.hit=1><script>window.hit=2</script>";
  const titles = ["مرحبا بالعالم שלום", "🦀🚀 émøji 👩‍👩‍👧‍👦", "W".repeat(1_000), hostile];
  const content = `# x\n\n${hostile}\n\n[go](javascript:window.hit=3)\n\n<iframe src="javascript:parent.hit=4"></iframe>`;
  const nodes = TYPES.flatMap((type) =>
    titles.map((title, at) => ({
      type,
      title,
      content,
      id: `${type.toLowerCase()}-${at}`,
      tags: [`tag-${at}`, "t".repeat(190)],
      date: "2026-11-20",
      status: at % 2 ? "accepted" : "s".repeat(120),
      ...(type === "DECISION" ? { deciders: ["Ada ".repeat(40)] } : {}),
    })),
  );
  const relations = TYPES.slice(1).map((type) => ({
    source: `${type.toLowerCase()}-2`,
    target: "note-2",
    relation: "SUPERSEDES",
  }));
  await api(CREATE_GRAPH, { input: { name: graph } });
  await api(CREATE, { input: { graph, nodes, relations } });
  await api("mutation($input: ImportDocumentsInput!) { importDocuments(input: $input) { documents { path } } }", {
    input: {
      graph,
      source: "titles",
      documents: [{ path: "long.md", content: `# ${"T".repeat(10_000)}\n\n- [ ] ${"x".repeat(3_000)} ^a\n` }],
    },
  });
  const paths = [
    ...PATHS.filter((path) => !path.startsWith("/node/") && path !== "/nothing-here"),
    `/search?q=${encodeURIComponent("script")}`,
    ...TYPES.map((type) => `/node/${graph}/${type.toLowerCase()}-2`),
    `/node/${graph}/note-0`,
    `/node/${graph}/note-3`,
  ];
  for (const width of WIDTHS) {
    await page.setViewportSize({ width, height: 900 });
    for (const path of paths) {
      await open(page, addressOf(path, graph));
      await shown(page);
      await fits(page);
      expect(await page.evaluate(() => (window as { hit?: number }).hit), path).toBeUndefined();
    }
  }
});

test("every page opens at its address, and the address stays", async ({ page }) => {
  for (const path of PATHS) {
    await open(page, addressOf(path));
    await shown(page);
    const url = new URL(page.url());
    for (const [name, value] of new URL(addressOf(path), url.origin).searchParams)
      expect(url.searchParams.get(name), path).toBe(value);
  }
});
