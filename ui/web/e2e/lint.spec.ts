import { expect, GRAPH, open, test } from "./test";

for (const theme of ["light", "dark"] as const) {
  test(`lint has no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, `/lint?graph=${GRAPH}`, theme);
    await expect(page.getByRole("heading", { name: "Broken link" })).toBeVisible();
    await axe();
  });
}

test("findings are shown by kind", async ({ page }) => {
  await open(page, `/lint?graph=${GRAPH}`);
  await page.getByRole("group", { name: "Kind" }).getByRole("button", { name: "Orphan" }).click();
  await expect(page).toHaveURL(/code=ORPHAN/);
  await expect(page.getByRole("heading", { level: 2 })).toHaveCount(1);
});

test("a finding is fixed with one key", async ({ page, api }) => {
  const title = `2026-10-${String(1 + (Date.now() % 27)).padStart(2, "0")}`;
  const id = `lint-${Date.now()}`;
  await api("mutation($input: CreateJournalInput!) { createJournal(input: $input) { journal { id } } }", {
    input: { graph: GRAPH, id, title },
  });
  await open(page, `/lint?graph=${GRAPH}`);
  const fix = page.getByRole("button", { name: new RegExp(`Fix: .*${title}`) });
  await fix.focus();
  await page.keyboard.press("Enter");
  await expect(page.getByText(`“${title}” is corrected`)).toBeVisible();
  await expect(fix).toHaveCount(0);
  const { node } = await api<{ node: { date: string } }>(
    "query($id: ID!, $graph: String) { node(id: $id, graph: $graph) { date } }",
    { id, graph: GRAPH },
  );
  expect(node.date).toBe(title);
});
