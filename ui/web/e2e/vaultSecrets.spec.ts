import { expect, GRAPH, test } from "./test";
import { openAs, secret, vault } from "./vault";

const at = (path: string) => `/vault/secrets?mount=secret&path=${path}&graph=${GRAPH}`;
const REFUSED = /the server responded with a status of 40[0-4]/;
const VALUES = { username: "otter", password: "Zx-marker-1", port: 5432 };

test.describe("values", () => {
  test("show on purpose, one by one, and are gone after a while", async ({ page }) => {
    await page.clock.install();
    const token = await openAs(page, "anna", "/");
    const path = await secret(token, VALUES);
    const answers: string[] = [];
    page.on("response", async (response) => {
      if (response.url().endsWith("/graphql")) answers.push(await response.text().catch(() => ""));
    });
    await page.goto(at(path));
    await expect(page.getByRole("button", { name: "Reveal version 1" })).toBeVisible();
    expect(await page.content()).not.toContain("marker");
    await page.getByRole("button", { name: "Reveal version 1" }).click();
    const values = page.getByRole("region", { name: "Values of version 1" });
    await expect(values.getByText("password", { exact: true })).toBeVisible();
    expect(await page.content()).not.toContain("marker");
    await values.getByRole("button", { name: "Show password" }).click();
    await expect(values.getByText("Zx-marker-1")).toBeVisible();
    await expect(values.getByText("otter")).toHaveCount(0);
    await page.clock.runFor(20_000);
    await expect(values.getByRole("timer")).toHaveText(/Hidden in (10|9) s/);
    await values.getByRole("button", { name: "Keep 30 s" }).click();
    await page.clock.runFor(20_000);
    await expect(values).toBeVisible();
    await page.clock.runFor(10_500);
    await expect(values).toHaveCount(0);
    await expect(page.getByRole("status").filter({ hasText: "The values are hidden again." })).toHaveCount(1);
    expect(await page.content()).not.toContain("marker");
    expect(answers.join()).toContain("data");
    expect(answers.join()).not.toContain("marker");
  });

  test("are hidden when the tab is, when the page is left, and by a button", async ({ page }) => {
    const token = await openAs(page, "anna", "/");
    const path = await secret(token, VALUES);
    await page.goto(at(path));
    const reveal = page.getByRole("button", { name: "Reveal version 1" });
    await reveal.click();
    await page.getByRole("button", { name: "Show all" }).click();
    await expect(page.getByText("Zx-marker-1")).toBeVisible();
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "hidden", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await expect(page.getByText("Zx-marker-1")).toHaveCount(0);
    await page.evaluate(() => {
      Object.defineProperty(document, "visibilityState", { value: "visible", configurable: true });
      document.dispatchEvent(new Event("visibilitychange"));
    });
    await reveal.click();
    await page.getByRole("button", { name: "Hide now" }).click();
    await reveal.click();
    await page.getByRole("link", { name: "Mounts" }).click();
    await expect(page.getByRole("heading", { name: "Secrets engines" })).toBeVisible();
    await page.goBack();
    await expect(reveal).toBeVisible();
  });

  test("are copied without showing, and shown as JSON", async ({ page, context, baseURL }) => {
    await context.grantPermissions(["clipboard-read", "clipboard-write"], { origin: baseURL ?? "" });
    const token = await openAs(page, "anna", "/");
    const path = await secret(token, VALUES);
    await page.goto(at(path));
    await page.getByRole("button", { name: "Reveal version 1" }).click();
    await page.getByRole("button", { name: "Copy password" }).click();
    await expect(page.getByText("password is in the clipboard.")).toBeVisible();
    expect(await page.content()).not.toContain("marker");
    expect(await page.evaluate(() => navigator.clipboard.readText())).toBe("Zx-marker-1");
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    expect(JSON.parse((await page.locator("pre").textContent()) ?? "")).toEqual(VALUES);
  });
});

test.describe("writing", () => {
  test("a new version keeps what is no text, and is written in the place of one alone", async ({ page, allow }) => {
    allow(REFUSED);
    const token = await openAs(page, "anna", "/");
    const path = await secret(token, VALUES);
    await page.goto(at(path));
    await page.getByRole("button", { name: "New version" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Value of password").fill("second");
    await dialog.getByRole("button", { name: "Add a key" }).click();
    await page.keyboard.type("note");
    await vault("PUT", `secret/data/${path}`, { token, data: { other: "theirs" } });
    await page.keyboard.press("Control+Enter");
    await expect(dialog.getByText("Somebody wrote another version meanwhile.")).toBeVisible();
    await expect(dialog.getByLabel("Value of password")).toHaveValue("second");
    await dialog.getByRole("button", { name: "Save on top of version 2" }).click();
    await expect(page.getByText("Version 3 is written.")).toBeVisible();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("button", { name: "Reveal version 3" })).toBeVisible();
    const { data } = await vault<{ data: object }>("GET", `secret/data/${path}`, { token });
    expect(data).toEqual({ ...VALUES, password: "second", note: "" });
  });

  test("a new secret is written as JSON, and not over one that is there", async ({ page, allow }) => {
    allow(REFUSED);
    const token = await openAs(page, "anna", at("shop/"));
    const path = `shop/new ${Date.now()}? #é/deep`;
    await page.getByRole("button", { name: "New secret" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByLabel("Path")).toHaveValue("shop/");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByText("none may be empty")).toBeVisible();
    await expect(dialog.getByText("Write at least one key and its value.")).toBeVisible();
    await dialog.getByLabel("Path").fill("shop/database");
    await dialog.getByRole("button", { name: "JSON" }).click();
    await dialog.getByRole("textbox", { name: "JSON" }).fill('{"a": {"b": [1, 2]}');
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByText("Write an object of JSON")).toBeVisible();
    await dialog.getByRole("textbox", { name: "JSON" }).fill('{"a": {"b": [1, 2]}}');
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(dialog.getByText("There is a secret of this name already.")).toBeVisible();
    await dialog.getByLabel("Path").fill(path);
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("heading", { name: path })).toBeVisible();
    await expect(page.getByRole("treeitem", { name: "deep" })).toHaveAttribute("aria-selected", "true");
    await page.reload();
    await page.getByRole("button", { name: "Reveal version 1" }).click();
    await page.getByRole("button", { name: "JSON", exact: true }).click();
    expect(JSON.parse((await page.locator("pre").textContent()) ?? "")).toEqual({ a: { b: [1, 2] } });
    const stored = path.split("/").map(encodeURIComponent).join("/");
    const { data } = await vault<{ data: object }>("GET", `secret/data/${stored}`, { token });
    expect(data).toEqual({ a: { b: [1, 2] } });
  });

  test("what replaces a secret without versions says so", async ({ page }) => {
    const token = await openAs(page, "anna", `/vault/secrets?mount=legacy&path=ftp&graph=${GRAPH}`);
    await page.getByRole("button", { name: "New version" }).click();
    const dialog = page.getByRole("dialog");
    await expect(dialog.getByText("This mount keeps no versions")).toBeVisible();
    await dialog.getByRole("button", { name: "Add a key" }).click();
    const key = `at-${Date.now()}`;
    await page.keyboard.type(key);
    await page.keyboard.press("Tab");
    await page.keyboard.type("noon");
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("The secret is written.")).toBeVisible();
    await page.getByRole("button", { name: "Reveal" }).click();
    await page.getByRole("button", { name: "Show user" }).click();
    await expect(page.getByText("ftp").last()).toBeVisible();
    const now = await vault("GET", "legacy/ftp", { token });
    expect(now).toMatchObject({ user: "ftp", password: "swan-anchor", [key]: "noon" });
  });
});

test.describe("versions", () => {
  test("are deleted, brought back, and destroyed when that is confirmed", async ({ page }) => {
    const token = await openAs(page, "anna", "/");
    const path = await secret(token, { a: "1" }, { a: "2" });
    await page.goto(at(path));
    await page.getByRole("button", { name: "Delete version 1" }).click();
    await expect(page.getByText("Version 1 is deleted.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Undelete version 1" })).toBeVisible();
    await expect(page.getByRole("button", { name: "Reveal version 1" })).toHaveCount(0);
    await page.keyboard.press("Control+z");
    await expect(page.getByText("Version 1 is back.")).toBeVisible();
    await expect(page.getByRole("button", { name: "Reveal version 1" })).toBeVisible();
    await page.getByRole("button", { name: "Destroy version 1" }).click();
    const dialog = page.getByRole("dialog", { name: "Destroy version 1?" });
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("button", { name: "Reveal version 1" })).toBeVisible();
    await page.getByRole("button", { name: "Destroy version 1" }).click();
    await dialog.getByRole("button", { name: "Destroy" }).click();
    await expect(page.getByText("Version 1 is destroyed.")).toBeVisible();
    await expect(page.getByText("destroyed", { exact: true })).toBeVisible();
    await expect(page.getByRole("button", { name: "Destroy version 1" })).toHaveCount(0);
  });

  test("that may not be read say so", async ({ page, allow }) => {
    allow(REFUSED);
    await openAs(page, "bruno", at("shop/database"));
    await page.getByRole("button", { name: "Reveal version 4" }).click();
    await expect(page.getByRole("alert")).toContainText(/permission denied|1 error occurred/);
  });
});

test.describe("settings", () => {
  test("notes and limits are changed, and what is wrong is said first", async ({ page, axe }) => {
    const token = await openAs(page, "anna", "/");
    const path = await secret(token, { a: "1" });
    await page.goto(at(path));
    await page.getByRole("button", { name: "Settings" }).click();
    const dialog = page.getByRole("dialog", { name: "Settings" });
    await dialog.getByRole("button", { name: "Add a note" }).click();
    await page.keyboard.type("owner");
    await page.keyboard.press("Tab");
    await page.keyboard.type("ada");
    await dialog.getByLabel("Versions that are kept").fill("4");
    await dialog.getByLabel("Delete versions after").fill("soon");
    await expect(dialog.getByRole("alert")).toHaveText("Write a time such as 90m, 12h or 30d.");
    await dialog.getByLabel("Delete versions after").fill("12h");
    await axe();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByText("The settings are saved.")).toBeVisible();
    await expect(page.getByText("the newest 4 versions")).toBeVisible();
    await expect(page.getByRole("region", { name: "Notes" })).toContainText("ownerada");
    const kept = await vault("GET", `secret/metadata/${path}`, { token });
    expect(kept).toMatchObject({ max_versions: 4, delete_version_after: "12h0m0s", custom_metadata: { owner: "ada" } });
    await page.getByRole("button", { name: "Settings" }).click();
    await dialog.getByRole("button", { name: "Remove owner" }).click();
    await dialog.getByRole("button", { name: "Save" }).click();
    await expect(page.getByRole("region", { name: "Notes" })).toHaveCount(0);
  });

  test("a secret is deleted whole when that is confirmed", async ({ page }) => {
    const token = await openAs(page, "anna", "/");
    const path = await secret(token, { a: "1" }, { a: "2" });
    await page.goto(at(path));
    await page.getByRole("button", { name: "Delete this secret" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Cancel" }).click();
    await expect(page.getByRole("heading", { name: path })).toBeVisible();
    await page.getByRole("button", { name: "Delete this secret" }).click();
    await dialog.getByRole("button", { name: "Delete this secret" }).click();
    await expect(page.getByText(`${path} is deleted.`)).toBeVisible();
    await expect(page.getByRole("heading", { name: path })).toHaveCount(0);
    await expect(page.getByRole("treeitem", { name: path.replace("shop/", "") })).toHaveCount(0);
    await page.goto(at(path));
    await expect(page.getByText("There is no such secret")).toBeVisible();
  });
});

test.describe("uses", () => {
  test("lead to nodes, and from nodes to secrets", async ({ page }) => {
    await openAs(page, "anna", at("shop/database"));
    await page.locator(`a[href*="/node/${GRAPH}/d2"]`).click();
    await expect(page.getByRole("heading", { level: 1, name: "Keep orders in Neo4j" })).toBeVisible();
    await page.getByRole("link", { name: "secret/shop/database#password" }).click();
    await expect(page.getByRole("heading", { name: "shop/database" })).toBeVisible();
  });

  test("are noted and ended on the page of a node", async ({ page, api }) => {
    const id = `uses-${Date.now()}`;
    await api("mutation($input: CreateNodesInput!) { createNodes(input: $input) { count } }", {
      input: { graph: GRAPH, nodes: [{ type: "NOTE", id, title: "Uses a secret" }] },
    });
    await openAs(page, "anna", `/node/${GRAPH}/${id}?graph=${GRAPH}`);
    await page.getByRole("button", { name: "Add a secret" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Reference").fill("secret/shop/smtp");
    await page.keyboard.press("Enter");
    await expect(dialog.getByText("Write vault:mount/path")).toBeVisible();
    await dialog.getByLabel("Reference").fill("vault:secret/shop/smtp#key");
    await page.keyboard.press("Enter");
    await expect(page.getByText("The use is noted.")).toBeVisible();
    const link = page.getByRole("link", { name: "secret/shop/smtp#key" });
    await expect(link).toBeVisible();
    await page.getByRole("button", { name: "Remove the use of vault:secret/shop/smtp#key" }).click();
    await expect(link).toHaveCount(0);
    await page.keyboard.press("Control+z");
    await expect(link).toBeVisible();
  });

  test("are noted on the page of a secret", async ({ page }) => {
    const token = await openAs(page, "anna", "/");
    const path = await secret(token, { a: "1" });
    await page.goto(at(path));
    await page.getByRole("button", { name: "Note a use" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("combobox", { name: "The node that uses it" }).fill("the shop");
    await dialog.getByRole("option", { name: "The shop" }).first().click();
    await dialog.getByLabel("One key of it only").fill("a");
    await dialog.getByRole("button", { name: "Note a use" }).click();
    await expect(dialog).toHaveCount(0);
    await expect(page.getByRole("link", { name: "The shop" })).toBeVisible();
  });
});
