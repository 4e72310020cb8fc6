import { expect, GRAPH, test } from "./test";
import { openAs, PASSWORD, tokenOf, vault } from "./vault";

const page0 = (more: string) => `/vault/policies?graph=${GRAPH}${more}`;
const EXPLAINED = "&name=shop-reader&kind=ACL&op=READ&path=secret/data/shop/database&as=policies&who=shop-reader";

for (const theme of ["light", "dark"] as const) {
  test(`policies have no barrier (${theme})`, async ({ page, axe }) => {
    await openAs(page, "anna", page0(EXPLAINED), theme);
    await expect(page.getByRole("region", { name: "Explain" })).toContainText("refused");
    await axe();
  });
}

test("why somebody may not is told by the rule, at its line", async ({ page }) => {
  await openAs(page, "anna", page0("&name=shop-reader&kind=ACL"));
  const explain = page.getByRole("region", { name: "Explain" });
  await explain.getByRole("textbox", { name: "Path" }).fill("secret/data/shop/database");
  await explain.getByRole("button", { name: "Policies" }).click();
  await explain.getByRole("textbox", { name: "Path" }).press("Enter");
  await expect(explain).toContainText("refused");
  await expect(explain.getByRole("link", { name: /^Show shop-reader, line \d+/ }).first()).toBeVisible();
  await expect(page.locator(".editor-mark.danger")).toHaveCount(1);
  await expect(page).toHaveURL(/op=READ/);
  await explain.getByRole("textbox", { name: "Path" }).fill("secret/data/shop/smtp");
  await explain.getByRole("button", { name: "Explain" }).click();
  await expect(explain).toContainText("allowed");
  await expect(page.locator(".editor-mark.ok")).toHaveCount(1);
});

test("what the parser refuses stands at its line", async ({ page }) => {
  await openAs(page, "anna", page0("&name=shop-reader&kind=ACL"));
  const text = page.getByRole("textbox", { name: "Text of the policy shop-reader" });
  await text.fill('path "a" {\n  capabilities = ["read"]\n}\npath "b" {\n  capabilities = ["fly"]\n}\n');
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("fly");
  await expect(page.locator(".editor-sign")).toHaveText("!");
  await expect(text).toHaveAttribute("aria-invalid", "true");
  await page.getByRole("button", { name: "Discard the changes" }).click();
  await expect(text).not.toHaveValue(/fly/);
});

test("Tab indents, Escape and Tab lead out, and the browser takes back", async ({ page }) => {
  await openAs(page, "anna", page0("&name=keys-only&kind=ACL"));
  const text = page.getByRole("textbox", { name: "Text of the policy keys-only" });
  await text.fill("one");
  await text.press("Home");
  await text.press("Tab");
  await expect(text).toHaveValue("  one");
  await text.press("Shift+Tab");
  await expect(text).toHaveValue("one");
  await text.press("Control+z");
  await expect(text).toHaveValue("  one");
  await text.press("Escape");
  await text.press("Tab");
  await expect(page.getByRole("button", { name: "Save" })).toBeFocused();
});

test("a policy is made, changed, compared, restored and deleted", async ({ page }) => {
  const name = `made-${Date.now()}`;
  await openAs(page, "anna", page0(""));
  await page.getByRole("button", { name: "New policy" }).first().click();
  const dialog = page.getByRole("dialog");
  await dialog.getByRole("textbox", { name: "Name" }).fill(name.toUpperCase());
  await dialog.getByRole("combobox", { name: "Kind" }).selectOption("CEDAR");
  await dialog.getByRole("button", { name: "Begin to write" }).click();
  const text = page.getByRole("textbox", { name: `Text of the policy ${name}` });
  await expect(text).toHaveValue(/forbid/);
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByText(`The policy ${name} is saved.`, { exact: false })).toBeVisible();
  await text.fill("permit (principal, action, resource);\n");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByRole("button", { name: /^Compare version 1/ }).click();
  await expect(page.getByRole("region", { name: /^From version 1/ })).toContainText("quiet-weekend");
  await page.getByRole("button", { name: "Restore version 1" }).click();
  await expect(text).toHaveValue(/quiet-weekend/);
  await expect(page.getByText("Version 3")).toBeVisible();
  await page.getByRole("button", { name: "Delete" }).click();
  await dialog.getByRole("button", { name: "Delete" }).click();
  await expect(page.getByText(`The policy ${name} is deleted.`)).toBeVisible();
  await expect(page.getByRole("navigation", { name: "Policies" }).getByRole("link", { name })).toHaveCount(0);
});

test("what is not saved is not left without a question", async ({ page }) => {
  await openAs(page, "anna", page0("&name=shop-reader&kind=ACL"));
  const text = page.getByRole("textbox", { name: "Text of the policy shop-reader" });
  await text.fill("# unfinished");
  const list = page.getByRole("navigation", { name: "Policies" });
  await list.getByRole("link", { name: /default/ }).click();
  const dialog = page.getByRole("dialog", { name: "Leave without saving?" });
  await dialog.getByRole("button", { name: "Stay here" }).click();
  await expect(text).toHaveValue("# unfinished");
  await list.getByRole("link", { name: /default/ }).click();
  await dialog.getByRole("button", { name: "Leave" }).click();
  await expect(page.getByRole("textbox", { name: "Text of the policy default" })).toBeVisible();
});

test("what somebody else saved meanwhile is not written over unseen", async ({ page }) => {
  const name = `shared-${Date.now()}`;
  const token = await tokenOf("anna");
  const put = (policy: string) => vault("PUT", `sys/policies/acl/${name}`, { token, policy });
  await put('path "a" {\n  capabilities = ["read"]\n}\n');
  await openAs(page, "anna", page0(`&name=${name}&kind=ACL`));
  const text = page.getByRole("textbox", { name: `Text of the policy ${name}` });
  await text.fill('path "mine" {\n  capabilities = ["read"]\n}\n');
  await put('path "theirs" {\n  capabilities = ["read"]\n}\n');
  await page.getByRole("button", { name: "Save" }).click();
  await expect(page.getByRole("alert")).toContainText("Somebody saved another text meanwhile.");
  await expect(text).toHaveValue(/mine/);
  await page.getByRole("button", { name: "Show theirs instead" }).click();
  await expect(text).toHaveValue(/theirs/);
  await vault("DELETE", `sys/policies/acl/${name}`, { token });
});

test("what a token may do is told by its accessor", async ({ page }) => {
  const { accessor } = await vault<{ accessor: string }>("PUT", "auth/userpass/login/bruno", { password: PASSWORD });
  await openAs(page, "anna", page0(`&op=READ&path=secret/data/shop/smtp&as=accessor&who=${accessor}`));
  const explain = page.getByRole("region", { name: "Explain" });
  await expect(explain).toContainText("allowed");
  await explain.getByRole("textbox", { name: "Accessor" }).fill("nobody");
  await explain.getByRole("button", { name: "Explain" }).click();
  await expect(explain.getByRole("alert")).toContainText("invalid accessor");
});

test("the policy root has no text, and nobody changes it", async ({ page }) => {
  await openAs(page, "anna", page0("&name=root&kind=ACL"));
  await expect(page.getByText("The policy root allows everything. It has no text.")).toBeVisible();
  await expect(page.getByRole("button", { name: "Save" })).toHaveCount(0);
});

test("a narrow screen has no overflow", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 800 });
  await openAs(page, "anna", page0(EXPLAINED));
  await expect(page.getByRole("region", { name: "Explain" })).toContainText("refused");
  const wide = await page.evaluate(() => document.querySelector("main")?.scrollWidth);
  expect(wide).toBeLessThanOrEqual(390);
});
