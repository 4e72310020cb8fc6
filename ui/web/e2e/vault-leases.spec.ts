import { expect, GRAPH, test } from "./test";
import { openAs, tokenOf, vault } from "./vault";

const BRUNO = "auth/userpass/login/bruno/";
/** A Neo4j in which the vault makes users. */
const NEO4J = JSON.parse(process.env["APP_NEO4J"] ?? "{}") as { uri: string; user: string; password: string };

for (const theme of ["light", "dark"] as const) {
  test(`leases have no barrier (${theme})`, async ({ page, axe }) => {
    await openAs(page, "anna", `/vault/leases?graph=${GRAPH}&prefix=pki/`, theme);
    await page.getByRole("grid", { name: "Leases" }).getByRole("link").first().click();
    await expect(page.getByRole("region", { name: "Details of a lease" })).toBeVisible();
    await axe();
  });
}

test("leases are counted by mount, as a chart and as a table", async ({ page }) => {
  await openAs(page, "anna", `/vault/leases?graph=${GRAPH}`);
  const chart = page.getByRole("figure", { name: "Leases by mount" });
  await expect(chart.getByRole("listitem").filter({ hasText: "pki/" })).toContainText("3");
  await expect(page.getByText("Choose a mount above.")).toBeVisible();
  await chart.getByRole("button", { name: "Table" }).click();
  await expect(chart.getByRole("row", { name: "pki/ 3" })).toBeVisible();
  await chart.getByRole("link", { name: "pki/" }).click();
  await expect(page).toHaveURL(/prefix=pki/);
  await expect(page.getByRole("grid", { name: "Leases" }).getByRole("link")).toHaveCount(3);
});

test("one walks down a prefix and up again", async ({ page }) => {
  await openAs(page, "anna", `/vault/leases?graph=${GRAPH}&prefix=pki/`);
  await page.getByRole("button", { name: "pki/issue/leased/, 3" }).click();
  await expect(page).toHaveURL(/prefix=pki%2Fissue%2Fleased%2F/);
  const places = page.getByRole("navigation", { name: "Prefix" });
  await expect(places.getByRole("button")).toHaveText(["All", "pki/", "issue/", "leased/"]);
  await places.getByRole("button", { name: "pki/" }).click();
  await expect(page.getByRole("button", { name: "pki/issue/leased/, 3" })).toBeVisible();
});

test("a user of a database is renewed by keyboard, and the focus comes back", async ({ page }) => {
  const token = await tokenOf("anna");
  const role = `clerk-${Date.now()}`;
  await vault("PUT", "database/config/graph", {
    token,
    plugin_name: "neo4j-database-plugin",
    connection_url: NEO4J.uri,
    username: NEO4J.user,
    password: NEO4J.password,
    allowed_roles: "*",
  });
  await vault("PUT", `database/roles/${role}`, { token, db_name: "graph", default_ttl: "10m", max_ttl: "2h" });
  await vault("GET", `database/creds/${role}`, { token });
  await openAs(page, "anna", `/vault/leases?graph=${GRAPH}&prefix=database/creds/${role}`);
  const row = page.getByRole("row").nth(1);
  await row.focus();
  await page.keyboard.press("Enter");
  const details = page.getByRole("region", { name: "Details of a lease" });
  await expect(details).toBeFocused();
  await expect(page).toHaveURL(/lease=database/);
  await details.getByRole("combobox", { name: "By" }).selectOption({ label: "1 hr" });
  await details.getByRole("button", { name: "Renew" }).click();
  await expect(page.getByText(/^Renewed: (1 hr|59 min)/)).toBeVisible();
  await details.getByRole("button", { name: "Revoke" }).focus();
  await page.keyboard.press("Escape");
  await expect(details).toHaveCount(0);
  await expect(row).toBeFocused();
  await vault("PUT", `sys/leases/revoke-prefix/database/creds/${role}`, { token });
});

test("everything below a prefix is revoked once somebody has said so", async ({ page }) => {
  await tokenOf("bruno");
  await openAs(page, "anna", `/vault/leases?graph=${GRAPH}&prefix=${BRUNO}`);
  const leases = page.getByRole("grid", { name: "Leases" }).getByRole("link");
  const count = await leases.count();
  expect(count).toBeGreaterThan(0);
  await page.getByRole("button", { name: "Revoke all of these" }).click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(leases).toHaveCount(count);
  await page.getByRole("button", { name: "Revoke all of these" }).click();
  await dialog.getByRole("button", { name: count === 1 ? "Revoke 1 lease" : `Revoke ${count} leases` }).click();
  await expect(page.getByText("No lease stands below this prefix.")).toBeVisible();
});

test("a narrow screen has no overflow", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await openAs(page, "anna", `/vault/leases?graph=${GRAPH}&prefix=pki/`);
  await page.getByRole("grid", { name: "Leases" }).getByRole("link").first().click();
  await expect(page.getByRole("region", { name: "Details of a lease" })).toBeVisible();
  const wide = await page.evaluate(() => document.querySelector("main")?.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
});
