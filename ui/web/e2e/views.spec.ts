import { expect, GRAPH, open, test } from "./test";

const SAVE = "mutation($input: SaveViewInput!) { saveView(input: $input) { view { id } } }";
const NEW_GRAPH = "mutation($input: CreateGraphInput!) { createGraph(input: $input) { graph { name } } }";

for (const theme of ["light", "dark"] as const) {
  test(`saved views have no barrier (${theme})`, async ({ page, axe, api }) => {
    const name = `Notes ${theme} ${Date.now()}`;
    await api(SAVE, { input: { graph: GRAPH, name, address: `/graph?graph=${GRAPH}&type=NOTE` } });
    await open(page, `/views?graph=${GRAPH}`, theme);
    await expect(page.getByRole("link", { name })).toBeVisible();
    await axe();
    await open(page, `/graph?graph=${GRAPH}&view=table`, theme);
    await page.getByRole("button", { name: "Saved views" }).click();
    await expect(page.getByRole("link", { name })).toBeVisible();
    await axe();
  });
}

test("no view is saved yet", async ({ page, api }) => {
  const graph = `${GRAPH}-plain-${Date.now()}`;
  await api(NEW_GRAPH, { input: { name: graph } });
  await open(page, `/views?graph=${graph}`);
  await expect(page.getByText("No view is saved yet.")).toBeVisible();
  await page.getByRole("link", { name: "Open the explorer" }).click();
  await expect(page).toHaveURL(/\/graph\?/);
});

test("a view is saved, opened, renamed, shared, deleted, and deleted not", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  const name = `Old decisions ${Date.now()}`;
  await open(page, `/graph?graph=${GRAPH}&view=table&type=DECISION&status=superseded`);
  await expect(page.getByRole("rowheader", { name: "Keep orders in files" })).toBeVisible();
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByLabel("Save what shows").fill(name);
  await page.keyboard.press("Enter");
  await expect(page.getByText(`“${name}” is saved.`)).toBeVisible();
  await page.getByRole("link", { name: "Saved views" }).click();
  await page.getByRole("link", { name }).click();
  await expect(page).toHaveURL(/type=DECISION&status=superseded/);
  await expect(page.getByRole("rowheader", { name: "Keep orders in files" })).toBeVisible();
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByRole("link", { name: "All saved views" }).click();

  await page.getByRole("button", { name: `Copy the link: ${name}` }).click();
  await expect(page.getByText(`The link to “${name}” is copied.`)).toBeVisible();
  expect(await page.evaluate(() => navigator.clipboard.readText())).toContain("/graph?graph=");

  await page.getByRole("button", { name: `Rename: ${name}` }).click();
  await page.getByRole("dialog").getByLabel("Name").fill(`${name} again`);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("link", { name: `${name} again` })).toBeVisible();

  await page.getByRole("button", { name: `Delete: ${name} again` }).click();
  await expect(page.getByRole("link", { name: `${name} again` })).toHaveCount(0);
  await page.getByRole("button", { name: "Undo" }).last().click();
  await expect(page.getByRole("link", { name: `${name} again` })).toBeVisible();
});

test("a name that is taken is refused, and says so", async ({ page, api }) => {
  const name = `Taken ${Date.now()}`;
  await api(SAVE, { input: { graph: GRAPH, name, address: "/graph" } });
  await open(page, `/graph?graph=${GRAPH}&view=table`);
  await page.getByRole("button", { name: "Saved views" }).click();
  await page.getByLabel("Save what shows").fill(name);
  await page.keyboard.press("Enter");
  await expect(page.getByRole("alert")).toBeVisible();
});

test("in a narrow window saved views fit", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await open(page, `/views?graph=${GRAPH}`);
  await expect(page.getByRole("grid", { name: "Saved views" })).toBeVisible();
  const overflow = await page.locator("main").evaluate((main) => main.scrollWidth - main.clientWidth);
  expect(overflow).toBeLessThanOrEqual(0);
});
