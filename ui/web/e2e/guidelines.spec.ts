import { expect, GRAPH, open, test } from "./test";

for (const theme of ["light", "dark"] as const) {
  test(`guidelines have no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, `/guidelines?graph=${GRAPH}`, theme);
    await expect(page.getByRole("link", { name: "guideline: Errors say what to do" })).toBeVisible();
    await axe();
  });
}

test("guidelines stand by priority and are found by topic", async ({ page }) => {
  await open(page, `/guidelines?graph=${GRAPH}`);
  await expect(page.getByRole("heading", { level: 2 }).first()).toHaveText("Priority 150");
  await page.getByRole("searchbox", { name: "What is it about?" }).fill("tests");
  await expect(page.getByRole("link", { name: "guideline: Errors say what to do" })).toHaveCount(0);
  await expect(page.getByRole("link", { name: "guideline: Write tests first" })).toBeVisible();
  await expect(page).toHaveURL(/topic=tests/);
});

test("without a graph, one is chosen first, by keyboard", async ({ page }) => {
  await open(page, "/guidelines");
  const choice = page.getByRole("main").getByRole("link", { name: GRAPH, exact: true });
  if ((await choice.count()) === 0) return;
  await choice.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: "guideline: Errors say what to do" })).toBeVisible();
});
