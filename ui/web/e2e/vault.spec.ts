import { expect, GRAPH, open, test } from "./test";
import { openAs, PASSWORD, tokenOf, VAULT, vault } from "./vault";

const at = (path: string) => `/vault${path}${path.includes("?") ? "&" : "?"}graph=${GRAPH}`;
const DATABASE = "/secrets?mount=secret&path=shop/database";
const PAGES = { status: "", secrets: "/secrets", secret: DATABASE, mounts: "/mounts?mount=pki/" };
/** Answers of the vault that are meant: a refusal, nothing there. */
const REFUSED = /the server responded with a status of 40[0-4]/;

for (const theme of ["light", "dark"] as const) {
  for (const [name, path] of Object.entries(PAGES)) {
    test(`the vault's ${name} has no barrier (${theme})`, async ({ page, axe }) => {
      await openAs(page, "anna", at(path), theme);
      await expect(page.getByText("Signed in as userpass-anna")).toBeVisible();
      await expect(page.locator("[aria-busy=true]")).toHaveCount(0);
      await axe();
    });
  }

  test(`signing in to the vault has no barrier (${theme})`, async ({ page, axe }) => {
    await open(page, at("/secrets"), theme);
    await page.getByRole("button", { name: "AppRole" }).click();
    await page.getByText("More").click();
    await expect(page.getByLabel("Path of the mount")).toBeVisible();
    await axe();
  });

  test(`values and their editor have no barrier (${theme})`, async ({ page, axe }) => {
    await openAs(page, "anna", at(DATABASE), theme);
    await page.getByRole("button", { name: "Reveal version 4" }).click();
    await page.getByRole("button", { name: "Show username" }).click();
    await expect(page.getByText("shop_app")).toBeVisible();
    await axe();
    await page.getByRole("button", { name: "New version" }).click();
    await expect(page.getByRole("dialog").getByLabel("Value of password")).toBeVisible();
    await axe();
  });
}

test("nothing of the vault's pages overflows a narrow screen", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  for (const path of Object.values(PAGES)) {
    await openAs(page, "anna", at(path));
    await expect(page.getByText("Signed in as userpass-anna")).toBeVisible();
    const main = page.getByRole("main");
    expect(await main.evaluate((element) => element.scrollWidth - element.clientWidth), path).toBe(0);
  }
  await page.getByRole("link", { name: "Back to the mounts" }).click();
  await expect(page.getByRole("link", { name: "pki/" })).toBeVisible();
});

test.describe("signing in", () => {
  test("by name and password; signing out revokes the token", async ({ page, allow }) => {
    allow(REFUSED);
    await open(page, at(DATABASE));
    await page.getByRole("button", { name: "Name and password" }).click();
    const form = page.getByRole("region", { name: "Sign in to the vault" });
    await form.getByLabel("Name", { exact: true }).fill("anna");
    await form.getByLabel("Password").fill("wrong");
    await form.getByRole("button", { name: "Sign in to the vault" }).click();
    await expect(form.getByRole("alert").filter({ hasText: /\S/ })).toBeVisible();
    await expect(form.getByLabel("Password")).toHaveValue("");
    await expect(form.getByLabel("Password")).toBeFocused();
    await form.getByLabel("Password").fill(PASSWORD);
    const asked = page.waitForRequest((request) => request.url().includes("/auth/token/lookup-self"));
    await page.keyboard.press("Enter");
    const token = (await asked).headers()["x-vault-token"] ?? "";
    await expect(page.getByText("Signed in as userpass-anna")).toBeVisible();
    await expect(page.getByText(/[78] h left|479 min left/)).toBeVisible();
    await expect(page.getByRole("heading", { name: "shop/database" })).toBeVisible();
    expect(await page.evaluate(() => JSON.stringify([{ ...sessionStorage }, { ...localStorage }]))).not.toContain(
      token,
    );
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByText("the token is revoked")).toBeVisible();
    await expect(form).toBeVisible();
    await expect(page).toHaveURL(/path=shop/);
    const lookup = await fetch(`${VAULT}/v1/auth/token/lookup-self`, { headers: { "x-vault-token": token } });
    expect(lookup.status).toBe(403);
  });

  test("with a token that is kept until the tab is closed, and that signing out leaves alone", async ({ page }) => {
    const token = await tokenOf("anna");
    await open(page, at("/mounts"));
    await page.getByLabel("Token", { exact: true }).fill(token);
    await page.getByLabel("Keep me signed in").check();
    await page.getByRole("button", { name: "Sign in to the vault" }).click();
    await expect(page.getByRole("link", { name: "secret/" })).toBeVisible();
    await page.reload();
    await expect(page.getByRole("link", { name: "secret/" })).toBeVisible();
    await page.getByRole("button", { name: "Sign out" }).click();
    await expect(page.getByText("The token itself is still good.")).toBeVisible();
    await vault("GET", "auth/token/lookup-self", { token });
    await page.reload();
    await expect(page.getByLabel("Token", { exact: true })).toBeVisible();
  });

  test("with the ids of a role", async ({ page }) => {
    const token = await tokenOf("anna");
    const { secret_id: id } = await vault<{ secret_id: string }>("PUT", "auth/approle/role/deploy/secret-id", {
      token,
    });
    await open(page, at("/mounts"));
    await page.getByRole("button", { name: "AppRole" }).click();
    await page.getByLabel("Role id").fill("deploy");
    await page.getByLabel("Secret id").fill(id);
    await page.keyboard.press("Enter");
    await expect(page.getByText("Signed in as approle")).toBeVisible();
  });

  test("a token that runs out asks to sign in again, by itself", async ({ page, allow }) => {
    allow(REFUSED);
    const { client_token: token } = await vault<{ client_token: string }>("PUT", "auth/token/create", {
      token: await tokenOf("anna"),
      policies: ["operator"],
      ttl: "6s",
    });
    await open(page, at("/mounts"));
    await page.getByLabel("Token", { exact: true }).fill(token);
    await page.keyboard.press("Enter");
    await expect(page.getByText(/^[1-6] s left$/)).toBeVisible();
    await expect(page.getByText("Your token ran out or is not taken any more.")).toBeVisible();
  });

  test("a token that is refused asks to sign in again, where one was", async ({ page, allow }) => {
    allow(REFUSED);
    const token = await openAs(page, "anna", at(DATABASE));
    await page.getByRole("button", { name: "New version" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Value of password").fill("half written");
    await page.keyboard.press("Escape");
    await vault("PUT", "auth/token/revoke-self", { token });
    await page.evaluate(() => window.dispatchEvent(new Event("focus")));
    await expect(page.getByText("Your token ran out or is not taken any more.")).toBeVisible();
    await expect(page.getByRole("heading", { name: "shop/database" })).toHaveCount(0);
    await expect(page).toHaveURL(/path=shop/);
    await page.getByRole("button", { name: "Name and password" }).click();
    await page.getByLabel("Name", { exact: true }).fill("anna");
    await page.getByLabel("Password").fill(PASSWORD);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("heading", { name: "shop/database" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Reveal version 4" })).toBeVisible();
  });
});

test.describe("the tree of secrets", () => {
  test("is walked by keys", async ({ page }) => {
    await openAs(page, "anna", at("/secrets"));
    const tree = page.getByRole("tree");
    const item = (name: string) => tree.getByRole("treeitem", { name, exact: true });
    await item("archive").focus();
    await page.keyboard.press("s");
    await expect(item("shop/")).toBeFocused();
    await page.keyboard.press("ArrowRight");
    await expect(item("shop/")).toHaveAttribute("aria-expanded", "true");
    await expect(item("database")).toBeVisible();
    await expect(item("database")).toHaveAttribute("aria-level", "2");
    await expect(async () => {
      await page.keyboard.press("Home");
      await expect(item("archive")).toBeFocused();
      await page.keyboard.type("smt");
      await expect(item("smtp")).toBeFocused({ timeout: 500 });
    }).toPass();
    await page.keyboard.press("ArrowLeft");
    await expect(item("shop/")).toBeFocused();
    await page.keyboard.press("ArrowDown");
    await expect(item("database")).toBeFocused();
    await page.keyboard.press("Enter");
    await expect(page).toHaveURL(/path=shop%2Fdatabase/);
    await expect(page.getByRole("heading", { name: "shop/database" })).toBeVisible();
    await expect(item("database")).toHaveAttribute("aria-selected", "true");
  });

  test("opens to the secret of an address, and to that of a reference", async ({ page }) => {
    await openAs(page, "anna", at("/secrets?mount=secret&path=payments/bank/transfer"));
    await expect(page.getByRole("treeitem", { name: "transfer" })).toHaveAttribute("aria-selected", "true");
    await page.goto(at("/secrets?ref=vault:legacy/ftp%23user"));
    await expect(page.getByRole("heading", { name: "ftp" })).toBeVisible();
    await expect(page.getByText("takes the place of what was there")).toBeVisible();
  });

  test("is searched in all folders, for what the token may see", async ({ page }) => {
    await openAs(page, "anna", at("/secrets"));
    await page.getByRole("searchbox", { name: "Find in all folders" }).fill("ank");
    await page.getByRole("button", { name: "payments/bank/transfer" }).click();
    await expect(page.getByRole("heading", { name: "payments/bank/transfer" })).toBeVisible();
  });

  test("shows and finds nothing that the token may not see", async ({ page }) => {
    await openAs(page, "bruno", at("/secrets?q=a"));
    const found = page.getByRole("list", { name: /Secrets with/ });
    await expect(found.getByRole("button", { name: "shop/s3/images" })).toBeVisible();
    await expect(found.getByRole("button", { name: /payments/ })).toHaveCount(0);
    await page.getByRole("searchbox", { name: "Find in all folders" }).fill("");
    await expect(page.getByText("Your token may not list this mount.")).toBeVisible();
  });
});
