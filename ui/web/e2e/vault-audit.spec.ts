import { expect, GRAPH, test } from "./test";
import { openAs, tokenOf, VAULT, vault } from "./vault";

const PAGE = `/vault/audit?graph=${GRAPH}&range=hour`;
/** Where the device `graph` writes: the same Neo4j that the API reads. */
const NEO4J = JSON.parse(process.env["APP_NEO4J"] ?? "{}") as Record<string, string>;

test.describe.configure({ mode: "serial" });

test("without a device of type graph it says how to enable one", async ({ page, axe }) => {
  await openAs(page, "anna", PAGE);
  await expect(page.getByText("svault audit enable graph")).toBeVisible();
  await expect(page.getByRole("list", { name: "Devices" })).toContainText("file/");
  await axe();
});

test.describe("with a device of type graph", () => {
  test.beforeAll(async () => {
    await vault("PUT", `sys/audit/${GRAPH}`, { token: await tokenOf("anna"), type: "graph", options: NEO4J });
    const headers = { "x-vault-token": await tokenOf("bruno") };
    for (const path of ["secret/data/shop/smtp", "secret/data/shop/database", "sys/policies/acl/operator"])
      await fetch(`${VAULT}/v1/${path}`, { headers });
  });

  test.afterAll(async () => {
    await vault("DELETE", `sys/audit/${GRAPH}`, { token: await tokenOf("anna") });
  });

  for (const theme of ["light", "dark"] as const) {
    test(`the audit has no barrier (${theme})`, async ({ page, axe }) => {
      await openAs(page, "anna", `${PAGE}&refused=1`, theme);
      await page.getByRole("link", { name: "secret/data/shop/database" }).first().click();
      await expect(page.getByRole("region", { name: "Details of a line" })).toBeVisible();
      await axe();
    });
  }

  test("lines are filtered; a refused one leads to its secret and to the reason", async ({ page }) => {
    await openAs(page, "anna", PAGE);
    const lines = page.getByRole("grid", { name: "Audit" });
    await page.getByRole("searchbox", { name: "Path begins with" }).fill("secret/data/shop/");
    await expect(page).toHaveURL(/path=secret/);
    await expect(lines.getByRole("link", { name: "secret/data/shop/smtp" }).first()).toBeVisible();
    await page.getByRole("checkbox", { name: "Refused only" }).check();
    await expect(lines.getByRole("link", { name: "secret/data/shop/smtp" })).toHaveCount(0);
    await lines.getByRole("link", { name: "secret/data/shop/database" }).first().click();
    const details = page.getByRole("region", { name: "Details of a line" });
    await expect(details).toContainText("permission denied");
    await expect(details.getByRole("link", { name: "Open the secret" })).toHaveAttribute(
      "href",
      /path=shop%2Fdatabase/,
    );
    await details.getByRole("link", { name: "Why? Explain it" }).click();
    await expect(page.getByRole("region", { name: "Explain" })).toContainText("refused");
  });

  test("requests over time are a chart and a table", async ({ page }) => {
    await openAs(page, "anna", `${PAGE}&path=secret/data/shop/`);
    const chart = page.getByRole("figure", { name: "Requests over time" });
    await chart.getByRole("button", { name: "Table" }).click();
    await expect(chart.getByRole("columnheader")).toHaveText(["Time", "Requests", "Refused"]);
  });

  test("lines that only ask for the state are left out until somebody wants them", async ({ page }) => {
    await openAs(page, "anna", PAGE);
    const lines = page.getByRole("grid", { name: "Audit" });
    await expect(lines.getByRole("link", { name: "auth/token/lookup-self" })).toHaveCount(0);
    await page.getByRole("button", { name: "Show them" }).click();
    await expect(page).toHaveURL(/checks=yes/);
    await expect(lines.getByRole("link", { name: "auth/token/lookup-self" }).first()).toBeVisible();
  });

  test("a narrow screen has no overflow", async ({ page }) => {
    await page.setViewportSize({ width: 390, height: 800 });
    await openAs(page, "anna", `${PAGE}&refused=1`);
    await page.getByRole("link", { name: "secret/data/shop/database" }).first().click();
    await expect(page.getByRole("region", { name: "Details of a line" })).toBeVisible();
    const wide = await page.evaluate(() => document.querySelector("main")?.scrollWidth);
    expect(wide).toBeLessThanOrEqual(390);
  });
});
