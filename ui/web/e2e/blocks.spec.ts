import { expect, GRAPH, open, test } from "./test";

for (const theme of ["light", "dark"] as const) {
  test(`blocks have no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, `/blocks?graph=${GRAPH}`, theme);
    await expect(page.getByText("sow beans").first()).toBeVisible();
    await axe();
  });
}

test("blocks are found by tag, property and state", async ({ page }) => {
  await open(page, `/blocks?graph=${GRAPH}`);
  await page.getByRole("searchbox", { name: "Tag" }).fill("spring");
  await expect(page.getByRole("row")).toHaveCount(2);
  await expect(page).toHaveURL(/tag=spring/);
  await page.getByRole("searchbox", { name: "Property" }).fill("tool");
  await page.getByRole("searchbox", { name: "Its value" }).fill("rake");
  await expect(page.getByRole("row")).toHaveCount(2);
  await page.getByRole("combobox", { name: "Task" }).selectOption("done");
  await page.getByRole("button", { name: "Take all filters away" }).click();
  await expect(page.getByText("prune roses")).toBeVisible();
});

test("a row leads to its node by keyboard", async ({ page }) => {
  await open(page, `/blocks?graph=${GRAPH}&tag=spring`);
  await page.getByRole("row").nth(1).focus();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/node\//);
});
