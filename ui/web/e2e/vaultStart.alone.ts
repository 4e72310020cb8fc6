import { expect, open, test } from "./test";
import { vault } from "./vault";

/** What answers while the vault does not: refused connections, and refusals. */
const REFUSED = /the server responded with a status of (40[0-4]|50[234])/;

test.describe("a platform without a vault", () => {
  test.use({ baseURL: process.env["APP_BARE"] ?? "" });

  test("says how to get one", async ({ page, axe }) => {
    await open(page, "/vault/secrets");
    await expect(page.getByRole("heading", { name: "The platform knows no vault." })).toBeVisible();
    await expect(page.getByText("stratumiops up --vault")).toBeVisible();
    await axe();
  });
});

test("a vault is told to be not initialised, sealed, open, and gone", async ({ page, allow, axe }) => {
  allow(REFUSED);
  await open(page, "/vault");
  await expect(page.getByRole("heading", { name: "The vault is not initialised." })).toBeVisible();
  await expect(page.getByText("svault operator init")).toBeVisible();
  await axe();

  const made = await vault<{ keys: string[]; root_token: string }>("PUT", "sys/init", {
    secret_shares: 5,
    secret_threshold: 3,
  });
  await expect(page.getByText("0 of 3 needed shares are given.")).toBeVisible();
  await expect(page.getByText("3 more open it; there are 5 in all.")).toBeVisible();
  for (const [index, key] of made.keys.slice(0, 3).entries()) {
    await page.getByLabel("A share of the key").fill(key);
    await page.getByRole("button", { name: "Give the share" }).click();
    if (index < 2) await expect(page.getByText(`${index + 1} of 3 needed shares are given.`)).toBeVisible();
  }
  await expect(page.getByRole("heading", { name: "Open" })).toBeVisible();
  await page.getByLabel("Token", { exact: true }).fill(made.root_token);
  await page.keyboard.press("Enter");
  await expect(page.getByText("Signed in as root")).toBeVisible();
  await expect(page.getByText("does not expire")).toBeVisible();
  await page.getByRole("link", { name: "Secrets" }).click();
  await expect(page.getByRole("heading", { name: "Your token may see no mount of secrets." })).toBeVisible();

  await page.request.post(`${process.env["APP_CONTROL"]}/stop`);
  await expect(page.getByRole("heading", { name: "The vault does not answer." })).toBeVisible();
  await axe();
});
