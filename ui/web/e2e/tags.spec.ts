import { expect, GRAPH, open, test } from "./test";

for (const theme of ["light", "dark"] as const) {
  test(`tags have no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, `/tags?graph=${GRAPH}`, theme);
    await expect(page.getByRole("link", { name: "#shop" })).toBeVisible();
    await axe();
  });
}

test("a tag is found and leads to its nodes, by keyboard", async ({ page }) => {
  await open(page, `/tags?graph=${GRAPH}`);
  await page.getByRole("searchbox", { name: "Find a tag" }).fill("shop");
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("row").nth(1).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/search\?.*tag=shop/);
  await expect(page.getByRole("link", { name: "note: The shop" })).toBeVisible();
});
