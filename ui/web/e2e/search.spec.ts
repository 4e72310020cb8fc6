import { expect, GRAPH, open, test } from "./test";

for (const theme of ["light", "dark"] as const) {
  test(`search has no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, `/search?graph=${GRAPH}&q=orders&explain=yes`, theme);
    await expect(page.getByRole("link", { name: "note: Orders" })).toBeVisible();
    await axe();
  });
}

test("what is typed is found, marked, explained, and in the address", async ({ page }) => {
  await open(page, `/search?graph=${GRAPH}`);
  const box = page.getByRole("main").getByRole("searchbox").first();
  await expect(box).toBeFocused();
  await page.keyboard.type("shop");
  await expect(page.getByRole("link", { name: "note: The shop" })).toBeVisible();
  await expect(page.locator("mark").first()).toHaveText(/shop/i);
  await page.getByRole("checkbox", { name: "Explain the ranking" }).check();
  await expect(page.getByText("By words").first()).toBeVisible();
  await expect(page).toHaveURL(/q=shop.*explain=yes|explain=yes.*q=shop/);
  await page.getByRole("combobox", { name: "Type" }).selectOption("decision");
  await expect(page.getByRole("link", { name: "note: The shop" })).toHaveCount(0);
  await page.reload();
  await expect(box).toHaveValue("shop");
  await expect(page.getByRole("combobox", { name: "Type" })).toHaveValue("DECISION");
});

test("filters alone list nodes", async ({ page }) => {
  await open(page, `/search?graph=${GRAPH}&tag=shop`);
  await expect(page.getByRole("status").filter({ hasText: "nodes" })).toHaveText("2 of 2 nodes");
});

test("nothing found: the filters can be taken away", async ({ page }) => {
  await open(page, `/search?graph=${GRAPH}&q=shop&type=journal`);
  await page.getByRole("button", { name: "Take all filters away" }).click();
  await expect(page.getByRole("link", { name: "note: The shop" })).toBeVisible();
});

test("a narrow screen has no overflow", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await open(page, `/search?graph=${GRAPH}&q=shop&explain=yes`);
  expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(390);
});
