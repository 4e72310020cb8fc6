import { expect, GRAPH, open, test } from "./test";

for (const theme of ["light", "dark"] as const) {
  for (const view of ["list", "timeline", "graph"]) {
    test(`decisions have no barrier (${view}, ${theme})`, async ({ page, axe }) => {
      await open(page, `/decisions?graph=${GRAPH}&view=${view}`, theme);
      await expect(page.getByRole("link", { name: "decision: Keep orders in Neo4j" }).first()).toBeVisible();
      await axe();
    });
  }
}

test("the log is filtered by status and sorted, and its rows are walked by keyboard", async ({ page }) => {
  await open(page, `/decisions?graph=${GRAPH}`);
  await page.getByRole("group", { name: "Status" }).getByRole("button", { name: "superseded" }).click();
  await expect(page).toHaveURL(/status=superseded/);
  await expect(page.getByRole("link", { name: "decision: Keep orders in files" })).toBeVisible();
  await expect(page.getByRole("link", { name: "1. Record architecture decisions" })).toHaveCount(0);
  await page.getByRole("button", { name: "Decision", exact: true }).click();
  await expect(page.getByRole("columnheader", { name: "Decision" })).toHaveAttribute("aria-sort", "ascending");
  const rows = page.getByRole("row");
  await rows.nth(1).focus();
  await page.keyboard.press("ArrowDown");
  await expect(rows.nth(2)).toBeFocused();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/node\//);
});

test("chains are drawn and walked with the arrow keys", async ({ page }) => {
  await open(page, `/decisions?graph=${GRAPH}&view=graph`);
  const young = page.getByRole("link", { name: "decision: Keep orders in Neo4j" });
  await young.focus();
  await page.keyboard.press("ArrowRight");
  await expect(page.getByRole("link", { name: "decision: Keep orders in files" })).toBeFocused();
  await page.keyboard.press("ArrowLeft");
  await expect(young).toBeFocused();
});

test("the chart has a table with the same numbers", async ({ page }) => {
  await open(page, `/decisions?graph=${GRAPH}&view=timeline`);
  await page.getByRole("group", { name: "Show as" }).getByRole("button", { name: "Table" }).click();
  await expect(page.getByRole("row", { name: "March 2024 2" })).toBeVisible();
});

test("a narrow screen has no overflow", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  for (const view of ["list", "timeline", "graph"]) {
    await open(page, `/decisions?graph=${GRAPH}&view=${view}`);
    const wide = await page.evaluate(() => document.querySelector("main")?.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
  }
});
