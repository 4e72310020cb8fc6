import { expect, GRAPH, open, test } from "./test";
import { signIn, tokenOf, VAULT } from "./vaultSession";

const PAGE = `/vault/audit?graph=${GRAPH}&range=hour`;
/** Where the device `graph` writes: the same Neo4j that the API reads. */
const OPTIONS = JSON.parse(process.env["APP_AUDIT"] ?? "{}") as Record<string, string>;

test.describe.configure({ mode: "serial" });

test("without a device of type graph it says how to enable one", async ({ page, request, axe }) => {
  await signIn(page, request);
  await open(page, PAGE);
  await expect(page.getByText("svault audit enable graph")).toBeVisible();
  await expect(page.getByRole("list", { name: "Devices" })).toContainText("file/");
  await axe();
});

test.describe("with a device of type graph", () => {
  let token: string;

  test.beforeAll(async ({ request }) => {
    const headers = { "X-Vault-Token": await tokenOf(request, "anna") };
    const enabled = await request.put(`${VAULT}/v1/sys/audit/graph`, {
      headers,
      data: { type: "graph", options: OPTIONS },
    });
    expect(enabled.ok(), await enabled.text()).toBe(true);
    const bruno = { "X-Vault-Token": await tokenOf(request, "bruno") };
    for (const path of ["secret/data/shop/smtp", "secret/data/shop/database", "sys/policies/acl/operator"])
      await request.get(`${VAULT}/v1/${path}`, { headers: bruno });
  });

  test.beforeEach(async ({ page, request }) => {
    token = await signIn(page, request);
  });

  test.afterAll(async ({ request }) => {
    await request.delete(`${VAULT}/v1/sys/audit/graph`, { headers: { "X-Vault-Token": token } });
  });

  for (const theme of ["light", "dark"] as const) {
    test(`the audit has no barrier (${theme})`, async ({ page, axe }) => {
      await open(page, `${PAGE}&refused=1`, theme);
      await page.getByRole("link", { name: "secret/data/shop/database" }).first().click();
      await expect(page.getByRole("region", { name: "Details of a line" })).toBeVisible();
      await axe();
    });
  }

  test("lines are filtered; a refused one leads to its secret and to the reason", async ({ page }) => {
    await open(page, PAGE);
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
    await open(page, `${PAGE}&path=secret/data/shop/`);
    const chart = page.getByRole("figure", { name: "Requests over time" });
    await chart.getByRole("button", { name: "Table" }).click();
    await expect(chart.getByRole("columnheader")).toHaveText(["Time", "Requests", "Refused"]);
  });

  test("lines that only ask for the state are left out until somebody wants them", async ({ page }) => {
    await open(page, PAGE);
    const lines = page.getByRole("grid", { name: "Audit" });
    await expect(lines.getByRole("link", { name: "sys/health" })).toHaveCount(0);
    await page.getByRole("button", { name: "Show them" }).click();
    await expect(page).toHaveURL(/checks=1/);
    await expect(lines.getByRole("link", { name: "sys/health" }).first()).toBeVisible();
  });
});
