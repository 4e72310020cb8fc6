import { expect, GRAPH, open, test } from "./test";
import { openAs, SHARES, vault } from "./vault";

const STATUS = `/vault?graph=${GRAPH}`;
const REFUSED = /the server responded with a status of (40[0-4]|503)/;
const OTHER = Buffer.alloc(33, 7).toString("base64");

test.afterEach(async () => {
  for (const key of SHARES) await vault("PUT", "sys/unseal", { key });
});

test("the vault is sealed and opened again, and wrong shares are told apart", async ({ page, axe, allow }) => {
  allow(REFUSED);
  await openAs(page, "anna", STATUS);
  await page.getByRole("button", { name: "Seal the vault" }).click();
  const dialog = page.getByRole("dialog", { name: "Seal the vault?" });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(page.getByRole("heading", { name: "Open" })).toBeVisible();
  await page.getByRole("button", { name: "Seal the vault" }).click();
  await dialog.getByRole("button", { name: "Seal the vault" }).click();
  await expect(page.getByRole("heading", { name: "Sealed" })).toBeVisible();
  await expect(page.getByText("0 of 2 needed shares are given.")).toBeVisible();
  await axe();

  const share = page.getByLabel("A share of the key");
  const give = async (key: string) => {
    await share.fill(key);
    await page.keyboard.press("Enter");
    await expect(share).toHaveValue("");
  };
  const [first = "", second = ""] = SHARES;
  await expect(share).toHaveAttribute("type", "password");
  await give("no share at all");
  await expect(page.getByRole("alert")).toContainText("must be a valid hex or base64 string");
  await give(first.slice(0, 40));
  await expect(page.getByRole("alert")).toContainText("33 bytes");
  await give(first);
  await expect(page.getByText("1 of 2 needed shares are given.")).toBeVisible();
  await give(first);
  await expect(page.getByRole("alert")).toContainText("given already");
  await give(OTHER);
  await expect(page.getByRole("alert")).toContainText("not of this vault");
  await expect(page.getByText("0 of 2 needed shares are given.")).toBeVisible();
  await give(first);
  await page.getByRole("button", { name: "Start over" }).click();
  await expect(page.getByText("0 of 2 needed shares are given.")).toBeVisible();
  await expect(page.getByText("The shares that were given are forgotten.")).toBeVisible();
  await give(first);
  await expect(page.getByText("1 of 2 needed shares are given.")).toBeVisible();
  await give(second);
  await expect(page.getByRole("heading", { name: "Open" })).toBeVisible();
});

test("a page of a sealed vault says what to do, and comes back by itself", async ({ page, allow }) => {
  allow(REFUSED);
  const token = await openAs(page, "anna", `/vault/secrets?mount=secret&path=shop/smtp&graph=${GRAPH}`);
  await expect(page.getByRole("heading", { name: "shop/smtp" })).toBeVisible();
  await page.getByRole("button", { name: "Reveal version 1" }).click();
  await page.getByRole("button", { name: "Show key" }).click();
  await expect(page.getByText("of shop/smtp", { exact: true })).toBeVisible();
  await vault("PUT", "sys/seal", { token });
  await expect(page.getByRole("heading", { name: "The vault is sealed." })).toBeVisible();
  await expect(page.getByRole("heading", { name: "shop/smtp" })).toHaveCount(0);
  for (const key of SHARES) await vault("PUT", "sys/unseal", { key });
  await expect(page.getByRole("heading", { name: "shop/smtp" })).toBeVisible();
  await expect(page.getByText("of shop/smtp", { exact: true })).toHaveCount(0);
});

test("others who give shares are seen", async ({ page, allow }) => {
  allow(REFUSED);
  const token = await openAs(page, "anna", STATUS);
  await vault("PUT", "sys/seal", { token });
  await expect(page.getByText("0 of 2 needed shares are given.")).toBeVisible();
  await vault("PUT", "sys/unseal", { key: SHARES[0] });
  await expect(page.getByText("1 of 2 needed shares are given.")).toBeVisible();
});

test("the vault's pages are in the palette and under a key", async ({ page }) => {
  await open(page, `/?graph=${GRAPH}`);
  await page.keyboard.press("Control+k");
  await page.keyboard.type("vault: mou");
  await page.keyboard.press("Enter");
  await expect(page).toHaveURL(/\/vault\/mounts/);
  await page.getByRole("heading", { level: 1 }).click();
  await page.keyboard.press("g");
  await page.keyboard.press("k");
  await expect(page).toHaveURL(/\/vault\?/);
  await expect(page.getByRole("heading", { level: 1, name: "Vault" })).toBeVisible();
});
