import { expect, GRAPH, open, test } from "./test";

for (const theme of ["light", "dark"] as const) {
  test(`the journal has no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, `/journal?graph=${GRAPH}&day=2026-11-20`, theme);
    await expect(page.getByText("Moved the queue.")).toBeVisible();
    await axe();
  });
}

test("days and months are walked by keyboard", async ({ page }) => {
  await open(page, `/journal?graph=${GRAPH}&day=2026-11-20`);
  const day = (name: RegExp) => page.getByRole("button", { name });
  await day(/November 20, 2026, 1 entry/).focus();
  await page.keyboard.press("ArrowRight");
  await expect(day(/November 21, 2026/)).toBeFocused();
  await expect(page.getByText("Looked back.")).toBeVisible();
  await page.keyboard.press("PageDown");
  await expect(day(/December 21, 2026/)).toBeFocused();
  await expect(page).toHaveURL(/day=2026-12-21/);
  await expect(page.getByText("Nothing was written on this day.")).toBeVisible();
});

test("an entry is written", async ({ page }) => {
  await open(page, `/journal?graph=${GRAPH}&day=2026-12-24`);
  const text = `Closed early ${Date.now()}`;
  await page.getByRole("button", { name: "Write an entry" }).click();
  await page.getByRole("textbox", { name: "What happened?" }).fill(text);
  await page.getByRole("button", { name: "Save the entry" }).click();
  await expect(page.getByText(text)).toBeVisible();
});
