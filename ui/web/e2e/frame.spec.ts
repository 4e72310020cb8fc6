import { expect, GRAPH, open, test } from "./test";

for (const theme of ["light", "dark"] as const) {
  test(`the start page has no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, "/", theme);
    await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
    await axe();
  });
}

test("the palette goes to pages and nodes by keyboard alone", async ({ page }) => {
  await open(page, "/");
  await page.keyboard.press("Control+k");
  const palette = page.getByRole("dialog");
  await page.keyboard.type("guidel");
  await expect(palette.getByRole("option", { name: "Guidelines" })).toBeVisible();
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/guidelines/);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("retry with lim");
  await expect(palette.getByRole("option", { name: "Retry with limits" }).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette).toHaveCount(0);
  await page.keyboard.press("?");
  await expect(page.getByRole("dialog", { name: "Keyboard shortcuts" })).toBeVisible();
  await page.keyboard.press("Escape");
});

test("theme and language are remembered", async ({ page }) => {
  await open(page, "/");
  await page.getByRole("button", { name: "Appearance and language" }).click();
  await page.getByRole("menuitemradio", { name: "Español" }).click();
  await expect(page.locator("html")).toHaveAttribute("lang", "es");
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Lo que se sabe");
  await page.reload();
  await expect(page.getByRole("heading", { level: 1 })).toHaveText("Lo que se sabe");
});

test("a change by another program shows at once", async ({ page, api }) => {
  await open(page, `/?graph=${GRAPH}`);
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  // Nothing tells when the server has registered the subscription: the first note may come before.
  await expect(async () => {
    const title = `Seen live ${Date.now()}`;
    await api("mutation($input: CreateNoteInput!) { createNote(input: $input) { note { id } } }", {
      input: { graph: GRAPH, title },
    });
    await expect(page.getByText(title)).toBeVisible({ timeout: 1_000 });
  }).toPass();
});

test("an address that is no page says so", async ({ page }) => {
  await page.goto("/nothing-here");
  await expect(page.getByText("There is no such page.")).toBeVisible();
});

test("the API is down: it is said, and it heals", async ({ page, allow }) => {
  allow(/Failed to load resource|WebSocket|ERR_/);
  await page.route("**/graphql", (route) => route.abort());
  await page.goto("/");
  await expect(page.getByRole("alert")).toContainText("does not answer");
  await page.unrouteAll({ behavior: "wait" });
  await page.getByRole("button", { name: "Try again" }).click();
  await expect(page.getByRole("alert")).toHaveCount(0);
});
