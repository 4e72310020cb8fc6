import { expect, open, test } from "./test";

test("a server that wants a token asks for it, and takes it", async ({ page, allow }) => {
  allow(/401|WebSocket/);
  await open(page, "/");
  const dialog = page.getByRole("dialog", { name: "Sign in" });
  await dialog.getByLabel("Token").fill("wrong");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(dialog).toBeVisible();
  await dialog.getByLabel("Token").fill(process.env["APP_TOKEN"] ?? "");
  await dialog.getByRole("button", { name: "Sign in" }).click();
  await expect(page.getByRole("heading", { level: 1 })).toBeVisible();
  await expect(dialog).toHaveCount(0);
  await expect(page.getByText("The connection to the server is lost")).toHaveCount(0);
});
