import { expect, GRAPH, test } from "./test";
import { openAs } from "./vault";

const PAGE = `/vault/certificates?graph=${GRAPH}&mount=pki/`;
const DAY_MS = 86_400_000;

for (const theme of ["light", "dark"] as const) {
  test(`certificates have no barrier (${theme})`, async ({ page, axe }) => {
    await openAs(page, "anna", PAGE, theme);
    await expect(page.getByRole("table", { name: "Expiry by day" })).toBeVisible();
    await axe();
    await page.getByRole("button", { name: "List" }).click();
    await page.getByRole("link", { name: "api.shop.test" }).click();
    await expect(page.getByRole("region", { name: "Details of a certificate" })).toBeVisible();
    await axe();
  });
}

test("the calendar is walked by keyboard to the day on which something ends", async ({ page }) => {
  await openAs(page, "anna", `${PAGE}&filter=soon`);
  const day = page.getByRole("region", { name: /^Expire on/ });
  await page.getByRole("button", { name: "Next to expire" }).click();
  await expect(day).toContainText("today.shop.test"); // in six hours: today, or tomorrow
  await page.locator(".calendar-day[aria-pressed=true]").focus();
  for (let steps = 0; steps < 3 && !(await day.getByText("soon.shop.test").isVisible()); steps++) {
    const at = Date.parse(new URL(page.url()).searchParams.get("day") ?? "");
    const heading = (await day.getByRole("heading").textContent()) ?? "";
    await page.keyboard.press("ArrowRight");
    await expect(page).toHaveURL(new RegExp(`day=${new Date(at + DAY_MS).toISOString().slice(0, 10)}`));
    await expect(day.getByRole("heading")).not.toHaveText(heading);
  }
  await expect(day).toContainText("soon.shop.test");
});

test("the list is filtered and sorted by the end", async ({ page }) => {
  await openAs(page, "anna", `${PAGE}&view=list`);
  const names = page.getByRole("grid", { name: "Certificates" }).getByRole("link");
  await expect(names.first()).toHaveText("gone.shop.test");
  const filter = page.getByRole("group", { name: "Which" });
  await filter.getByRole("button", { name: /^Revoked/ }).click();
  await expect(page).toHaveURL(/filter=revoked/);
  await expect(names).toHaveText(["stolen.shop.test"]);
  await filter.getByRole("button", { name: /^Expired/ }).click();
  await expect(names).toHaveText(["gone.shop.test"]);
  await filter.getByRole("button", { name: /^Under 30 days/ }).click();
  await expect(names).toContainText(["today.shop.test", "soon.shop.test"]);
});

test("a certificate tells whose it is, who signed it, and its number to copy", async ({ page, context }) => {
  await context.grantPermissions(["clipboard-read", "clipboard-write"]);
  await openAs(page, "anna", `${PAGE}&view=list`);
  await page.getByRole("link", { name: "www.shop.test" }).click();
  const details = page.getByRole("region", { name: "Details of a certificate" });
  await expect(details).toContainText("CN=Shop CA");
  await details.getByRole("button", { name: "Copy: Serial number" }).click();
  await expect(page.getByText("Copied: Serial number.")).toBeVisible();
  const serial = new URL(page.url()).searchParams.get("serial");
  expect(await page.evaluate(() => navigator.clipboard.readText())).toBe(serial);
  await details.getByRole("link", { name: "Shop CA" }).click();
  await expect(details).toContainText("by itself");
});

test("a narrow screen has no overflow", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await openAs(page, "anna", PAGE);
  await page
    .getByRole("region", { name: /^Expire on/ })
    .getByRole("link")
    .first()
    .click();
  await expect(page.getByRole("region", { name: "Details of a certificate" })).toBeVisible();
  const wide = await page.evaluate(() => document.querySelector("main")?.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
});
