import type { Locator, Page } from "@playwright/test";
import { expect, GRAPH, open, test } from "./test";

const MOST = 120;

/** Presses Tab until something has the focus. */
async function tabTo(page: Page, wanted: Locator, key: "Tab" | "Shift+Tab" = "Tab"): Promise<void> {
  for (let presses = 0; presses < MOST; presses += 1) {
    if (await wanted.evaluate((element) => element === document.activeElement)) return;
    await page.keyboard.press(key);
  }
  throw new Error(`${MOST} times ${key} do not lead to ${wanted}`);
}

test("everything is done without a mouse", async ({ page, api }) => {
  test.setTimeout(180_000);
  const id = `keys-${Date.now()}`;
  const title = `Walked by keys ${Date.now()}`;
  await api("mutation($input: CreateNodesInput!) { createNodes(input: $input) { count } }", {
    input: { graph: GRAPH, nodes: [{ type: "GUIDELINE", id, title, content: "Old words.", priority: 5 }] },
  });
  await open(page, `/?graph=${GRAPH}`);

  await test.step("the first Tab leads past the rail", async () => {
    await page.keyboard.press("Tab");
    await expect(page.getByRole("link", { name: "Skip to the content" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.locator("#content")).toBeFocused();
  });

  await test.step("the palette finds a node", async () => {
    await page.keyboard.press("Control+k");
    await page.keyboard.type(title);
    await expect(page.getByRole("option", { name: title }).first()).toBeVisible();
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  });

  await test.step("it is edited and saved", async () => {
    await tabTo(page, page.getByRole("button", { name: "Edit", exact: true }));
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await expect(dialog).toBeVisible();
    await tabTo(page, dialog.getByRole("textbox", { name: "Priority" }));
    await page.keyboard.press("Control+a");
    await page.keyboard.type("many");
    await page.keyboard.press("Control+Enter");
    await expect(dialog.getByText("Write a number.")).toBeVisible();
    await expect(dialog.getByRole("textbox", { name: "Priority" })).toBeFocused();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("42");
    await tabTo(page, dialog.getByRole("textbox", { name: "Tags" }), "Shift+Tab");
    await page.keyboard.type("keys, walked,");
    await tabTo(page, dialog.getByRole("textbox", { name: "Content" }));
    await page.keyboard.press("Control+a");
    await page.keyboard.type("New words.");
    await page.keyboard.press("Control+Enter");
    await expect(dialog).toHaveCount(0);
    await expect(page.getByText("New words.")).toBeVisible();
    await expect(page.getByRole("link", { name: "#walked" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Edit", exact: true })).toBeFocused();
  });

  await test.step("it is taken back, by its button", async () => {
    await tabTo(page, page.getByRole("button", { name: "Undo" }));
    await page.keyboard.press("Enter");
    await expect(page.getByText("Old words.")).toBeVisible();
    await expect(page.getByRole("link", { name: "#walked" })).toHaveCount(0);
    const { node } = await api<{ node: { priority: number } }>(
      "query($id: ID!, $graph: String) { node(id: $id, graph: $graph) { ... on Guideline { priority } } }",
      { id, graph: GRAPH },
    );
    expect(node.priority).toBe(5);
  });

  await test.step("it is deleted, and that is taken back by Ctrl and Z", async () => {
    await tabTo(page, page.getByRole("button", { name: "Delete" }), "Shift+Tab");
    await page.keyboard.press("Enter");
    await expect(page.getByText("This node was deleted.")).toBeVisible();
    await page.keyboard.press("Control+z");
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  });

  await test.step("the search finds it", async () => {
    await page.keyboard.press("/");
    await page.keyboard.type(title);
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/search\?/);
    const hit = page.getByRole("main").getByRole("link", { name: title });
    await expect(hit).toBeVisible();
    await tabTo(page, hit);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { level: 1, name: title })).toBeVisible();
  });

  await test.step("pages are reached by two keys; a table is walked, sorted and opened", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("d");
    await expect(page.getByRole("heading", { level: 1, name: "Decisions" })).toBeVisible();
    await tabTo(page, page.getByRole("columnheader", { name: "Decision" }).getByRole("button"));
    await page.keyboard.press("Enter");
    await expect(page.getByRole("columnheader", { name: "Decision" })).toHaveAttribute("aria-sort", "ascending");
    await tabTo(page, page.getByRole("row").nth(1));
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/\/node\//);
  });

  await test.step("the explorer's table is opened and walked", async () => {
    await page.keyboard.press("g");
    await page.keyboard.press("e");
    await expect(page).toHaveURL(/\/graph/);
    const table = page.getByRole("button", { name: "Table" });
    await expect(table).toBeVisible();
    await tabTo(page, table);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("row").nth(2)).toBeVisible();
  });

  await test.step("graph, theme and language are chosen", async () => {
    const settings = page.getByRole("button", { name: "Appearance and language" });
    await tabTo(page, settings, "Shift+Tab");
    await page.keyboard.press("Enter");
    await page.keyboard.type("dark");
    await expect(page.getByRole("menuitemradio", { name: "Dark" })).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page.locator("html")).toHaveAttribute("data-theme", "dark");
    await page.keyboard.press("Escape");
  });

  await test.step("the sheet of shortcuts opens and closes", async () => {
    await page.keyboard.press("?");
    await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(page.getByRole("dialog")).toHaveCount(0);
  });
});
