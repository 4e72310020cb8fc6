import { expect, GRAPH, open, test } from "./test";
import { signIn, tokenOf } from "./vaultSession";

const BRUNO = "auth/userpass/login/bruno/";

test.beforeEach(async ({ page, request }) => {
  await signIn(page, request);
});

for (const theme of ["light", "dark"] as const) {
  test(`leases have no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, `/vault/leases?graph=${GRAPH}&prefix=pki/`, theme);
    await page.getByRole("row").nth(1).getByRole("link").click();
    await expect(page.getByRole("region", { name: "Details of a lease" })).toBeVisible();
    await axe();
  });
}

test("leases are counted by mount, as a chart and as a table", async ({ page }) => {
  await open(page, `/vault/leases?graph=${GRAPH}`);
  const chart = page.getByRole("figure", { name: "Leases by mount" });
  await expect(chart.getByRole("listitem").filter({ hasText: "pki/" })).toContainText("3");
  await chart.getByRole("button", { name: "Table" }).click();
  await expect(chart.getByRole("row", { name: "pki/ 3" })).toBeVisible();
  await chart.getByRole("link", { name: "pki/" }).click();
  await expect(page).toHaveURL(/prefix=pki/);
  await expect(page.getByRole("grid", { name: "Leases" }).getByRole("link")).toHaveCount(3);
});

test("one walks down a prefix and up again", async ({ page }) => {
  await open(page, `/vault/leases?graph=${GRAPH}`);
  await page.getByRole("button", { name: /^pki\/issue\/leased\//, exact: false }).click();
  await expect(page).toHaveURL(/prefix=pki%2Fissue%2Fleased%2F/);
  const places = page.getByRole("navigation", { name: "Prefix" });
  await expect(places.getByRole("button")).toHaveText(["All", "pki/", "issue/", "leased/"]);
  await places.getByRole("button", { name: "All" }).click();
  await expect(page).not.toHaveURL(/prefix/);
});

test("a lease is renewed by keyboard, and the focus comes back", async ({ page, request }) => {
  await tokenOf(request, "bruno");
  await open(page, `/vault/leases?graph=${GRAPH}&prefix=${BRUNO}`);
  const row = page.getByRole("row").nth(1);
  await row.focus();
  await page.keyboard.press("Enter");
  const details = page.getByRole("region", { name: "Details of a lease" });
  await expect(details).toBeFocused();
  await expect(page).toHaveURL(/lease=auth/);
  await details.getByRole("combobox", { name: "By" }).selectOption({ label: "1 hr" });
  await details.getByRole("button", { name: "Renew" }).click();
  await expect(page.getByText(/Renewed: 1 hr left|Renewed: 59 min/)).toBeVisible();
  await details.press("Escape");
  await expect(details).toHaveCount(0);
  await expect(page.getByRole("grid", { name: "Leases" })).toContainText("Expires");
});

test("everything below a prefix is revoked once somebody has said so", async ({ page, request }) => {
  await tokenOf(request, "bruno");
  await open(page, `/vault/leases?graph=${GRAPH}&prefix=${BRUNO}`);
  const count = await page.getByRole("grid", { name: "Leases" }).getByRole("link").count();
  expect(count).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Revoke all of these" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("grid", { name: "Leases" }).getByRole("link")).toHaveCount(count);
  await page.getByRole("button", { name: "Revoke all of these" }).click();
  await dialog.getByRole("button", { name: count === 1 ? "Revoke 1 lease" : `Revoke ${count} leases` }).click();
  await expect(page.getByText("No lease stands below this prefix.")).toBeVisible();
});
